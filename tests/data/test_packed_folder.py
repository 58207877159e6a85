"""A folder that holds its pictures in archives alone is read as if they lay unpacked; any other folder is read as before."""

import os
import shutil

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.texts import speaking
from olhar.data import packed_folder
from olhar.data.cache import store
from olhar.data.labelled import require_labelled
from tests.conftest import assert_says
from tests.data.folders.grown import counts, grow
from tests.data.packing import classes, pack, photos


def refused(root, *words, **options):
    with pytest.raises(DataError) as error:
        require_labelled(olhar.read(root, **options))
    assert_says(error, *words)
    return error.value


@pytest.fixture
def parts(tmp_path):
    """Two parts, each in an archive."""
    root = tmp_path / "pets"
    pack(root / "train.zip", classes(8, "cat", "dog"))
    pack(root / "test.tar", classes(3, "cat", "dog", seed=1))
    return root


def test_what_teachable_machine_saves_of_each_class_is_a_class(tmp_path):
    pack(tmp_path / "Rock-samples.zip", photos(*(f"{i}.png" for i in range(6))))
    pack(tmp_path / "Empty table-samples (1).zip", photos(*(f"{i}.png" for i in range(4)), seed=1))
    pack(tmp_path / "converted_keras.zip", {"keras_model.h5": b"\x89HDF\r\n\x1a\n", "labels.txt": "0 Rock\n1 Empty table\n"})
    assert counts(olhar.read(tmp_path)) == {"Empty table": 4, "Rock": 6}


def test_archives_called_as_parts_are_parts(parts):
    found = olhar.read(parts)
    assert counts(found) == {"test/cat": 3, "test/dog": 3, "train/cat": 8, "train/dog": 8}
    assert found.origin == "pets"
    assert "2 archives read as folders (test.tar, train.zip)" in str(found.read_as)
    with speaking("pt"):
        assert "2 arquivos compactados lidos como pastas (test.tar, train.zip)" in str(found.read_as)


def test_they_are_read_as_unpacked_by_hand(parts, tmp_path):
    for archive in parts.iterdir():
        shutil.unpack_archive(archive, tmp_path / "unpacked" / archive.stem)
    packed, unpacked = olhar.read(parts), olhar.read(tmp_path / "unpacked")
    assert packed.where == unpacked.where
    assert packed.brought == unpacked.brought
    assert [*map(packed.read, range(len(packed)))] == [*map(unpacked.read, range(len(unpacked)))]


def test_a_contest_s_names_say_the_class(tmp_path):
    pack(tmp_path / "train.zip", photos(*(f"train/{name}.{i}.png" for name in ("cat", "dog") for i in range(6))))
    pack(tmp_path / "test1.zip", photos(*(f"test1/{i}.png" for i in range(4)), seed=1))
    (tmp_path / "sampleSubmission.csv").write_text("id,label\n" + "".join(f"{i},0\n" for i in range(4)))
    assert counts(olhar.read(tmp_path)) == {"cat": 6, "dog": 6}


@pytest.mark.parametrize("zipped", [False, True])
def test_a_contest_s_table_says_the_class(tmp_path, zipped):
    text = "id,breed\n" + "".join(f"{i:04x},{('pug', 'beagle')[i % 2]}\n" for i in range(8))
    pack(tmp_path / "train.zip", photos(*(f"train/{i:04x}.png" for i in range(8))))
    pack(tmp_path / "test.zip", photos(*(f"test/{i:04x}.png" for i in range(50, 54)), seed=1))
    pack(tmp_path / "labels.csv.zip", {"labels.csv": text}) if zipped else (tmp_path / "labels.csv").write_text(text)
    assert counts(olhar.read(tmp_path)) == {"beagle": 4, "pug": 4}


@pytest.mark.parametrize("name", ["photos.zip", "train.zip", "a/b/photos.tar.gz"])
def test_an_archive_alone_is_a_wrapper(tmp_path, name):
    pack(tmp_path / name, classes(4, "cat", "dog"))
    (tmp_path / "readme.txt").write_text("hello")
    found = olhar.read(tmp_path)
    assert counts(found) == {"cat": 4, "dog": 4}
    assert f"the archive {name} read as a folder" in str(found.read_as)


def test_a_folder_in_it_can_be_named_as_if_it_lay_unpacked(parts):
    assert counts(olhar.read(parts / "train")) == {"cat": 8, "dog": 8}
    assert len(olhar.read(f"{parts}/train/cat")) == 8
    refused(parts / "trian", "trian")
    refused(parts / "train" / "cow", "train.zip", "cow")


def test_a_way_that_is_offered_can_be_gone(tmp_path):
    for number, name in enumerate(("color", "gray")):
        pack(tmp_path / f"{name}.zip", classes(8, "a", "b", seed=number))
    places = [way.place for way in refused(tmp_path, "color", "gray").readings]
    assert places == [f"{tmp_path}/color", f"{tmp_path}/gray"]
    assert counts(olhar.read(places[0])) == {"a": 8, "b": 8}


@pytest.mark.parametrize(("exclude", "n"), [("test", 16), ("test.tar", 16), ("dog,test.tar", 8), ("test/cat,train/*/0.png", 17)])
def test_archives_and_what_is_in_them_can_be_excluded(parts, exclude, n):
    found = olhar.read(parts, exclude=exclude)
    assert len(found) == n
    assert f"{exclude.split(',')[0]} (" in str(found.read_as)


def test_a_name_that_excludes_nothing_is_refused(parts):
    refused(parts, "val", "test, train", exclude="val")


@pytest.mark.parametrize(
    ("name", "members", "words"),
    [
        ("a.zip", {"in.zip": b"PK\x05\x06" + bytes(18)}, "a.zip: refused, in.zip"),
        ("a.zip", {"../1.png": b"1"}, "a.zip: refused, the member ../1.png points outside"),
        ("a.tar", {"../1.png": b"1"}, "a.tar: refused, the member ../1.png points outside"),
    ],
)
def test_what_is_refused_of_one_archive_is_refused_of_several_and_named(parts, name, members, words):
    pack(parts / name, members)
    refused(parts, words)


@pytest.mark.parametrize("cut", [0, 40, 300])
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_that_is_cut_off_is_named(parts, cut, name):
    data = pack(parts / name, classes(3, "cow")).read_bytes()
    (parts / name).write_bytes(data[:cut])
    refused(parts, name)
    assert len(olhar.read(parts, exclude=name)) == 22


def test_a_password_is_named(parts):
    data = bytearray((parts / "train.zip").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (parts / "locked.zip").write_bytes(data)
    refused(parts, "locked.zip", "password")


def test_a_note_in_an_archive_s_place_is_no_class_that_is_missing_without_a_word(parts):
    (parts / "cow.zip").write_text("version https://git-lfs.github.com/spec/v1\n")
    refused(parts, "cow.zip")


def test_beside_an_archive_that_is_not_opened_none_is(parts):
    (parts / "cow.rar").write_bytes(b"Rar!\x1a\x07")
    refused(parts, "3 archives (cow.rar, test.tar, train.zip)", "pets/test.tar")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_in_an_archive_s_place_keeps_nobody_waiting(parts):
    os.mkfifo(parts / "cow.zip")
    refused(parts, "cow.zip")


def test_together_they_are_bounded_as_one_is(parts, monkeypatch):
    monkeypatch.setattr(packed_folder, "MEMBERS_LIMIT", 24)  # 22 members and two archives
    refused(parts, "pets", "24 files")
    monkeypatch.setattr(packed_folder, "MOST_ARCHIVES", 1)
    refused(parts, "pets", "2 archives", "1 are read")


def test_archives_beside_pictures_are_left_alone_as_before(parts):
    grow(parts, "cow 4", "pig 4")
    (parts / "a.zip").write_bytes(b"PK\x03\x04")
    found = olhar.read(parts)
    assert counts(found) == {"cow": 4, "pig": 4}
    assert "3 other files (a.zip, test.tar, train.zip) passed over" in str(found.read_as)


def test_arrays_beside_the_archive_that_they_came_in_are_read_and_it_is_not_opened(tmp_path, monkeypatch):
    np.savez(tmp_path / "data.npz", x=np.zeros((6, 8, 8), np.uint8), y=np.arange(6) % 2)
    pack(tmp_path / "photos.zip", classes(4, "cat", "dog"))
    monkeypatch.setattr(packed_folder, "archive_file", lambda path: pytest.fail(f"{path} was opened"))
    assert len(olhar.read(tmp_path)) == 6


def test_shards_stay_shards(tmp_path):
    for part in ("train", "test"):
        sample = {
            f"{i}.{ending}": photos("1.png", seed=i)["1.png"] if ending == "png" else f"{i % 2}"
            for i in range(4)
            for ending in ("png", "cls")
        }
        pack(tmp_path / f"{part}-0000.tar", sample)
    assert counts(olhar.read(tmp_path)) == {f"{part}/{i}": 2 for part in ("test", "train") for i in "01"}


def test_no_folder_of_pictures_is_asked_for_archives(pictures, monkeypatch):
    monkeypatch.setattr(packed_folder, "is_archive_name", lambda _: pytest.fail("it was"))
    assert len(olhar.read(pictures)) == 72


def test_pictures_of_two_archives_are_prepared_once_and_again_when_one_changes(parts):
    first = store.pack(olhar.read(parts), (8, 8), 3, "stretch")
    again = store.pack(olhar.read(parts), (8, 8), 3, "stretch")
    assert first.hashes == again.hashes
    pack(parts / "test.tar", classes(3, "cat", "dog", seed=2))
    assert store.pack(olhar.read(parts), (8, 8), 3, "stretch").hashes != first.hashes


def test_a_thumbnail_beside_archives_is_left_out_and_told(tmp_path):
    (tmp_path / "data").mkdir()
    valid = classes(3, "nike", "adidas")
    mini = {name: data for name, data in valid.items() if "2" not in name}
    for name, members in (("train", classes(6, "nike", "adidas", seed=1)), ("valid", valid), ("valid-mini", mini)):
        pack(tmp_path / "data" / f"{name}.zip", members)
    grow(tmp_path, ". 1 thumbnail.png")
    found = olhar.read(tmp_path)
    assert counts(found) == {f"{part}/{name}": n for part, n in (("train", 6), ("validation", 3)) for name in ("adidas", "nike")}
    assert "thumbnail.png (1 loose picture)" in str(found.read_as)
    assert "data/valid-mini (4 pictures that are there twice)" in str(found.read_as)
