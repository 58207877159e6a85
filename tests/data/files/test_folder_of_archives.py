"""Archives of a folder stand as folders among its other files; each name leads to the bytes that it had."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base.errors import DataError, PictureError
from olhar.data.files.archive_file import archive_file
from olhar.data.files.excluded import Excluded
from olhar.data.files.folder import FolderFiles
from olhar.data.files.folder_of_archives import FolderOfArchives, is_archive_name, unpacked_name
from tests.conftest import assert_says
from tests.data.packing import pack


def joined(root, exclude=None):
    folder = FolderFiles.below(root)
    archives = {row: archive_file(folder.path(row)) for row, name in enumerate(folder.names) if is_archive_name(name)}
    return FolderOfArchives(folder, archives, Excluded(exclude) if exclude else None)


def contents(files):
    return {name: files.read(i) for i, name in enumerate(files.names)}


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("Rock-samples.zip", "Rock"),
        ("a/Empty table-samples (2).ZIP", "a/Empty table"),
        ("train.tar.gz", "train"),
        ("a.b.tgz", "a.b"),
        ("labels.csv.zip", "labels.csv"),
        ("-samples.zip", "-samples"),
        ("free-samples-2.tar", "free-samples-2"),
    ],
)
def test_an_archive_is_unpacked_into_a_folder_of_its_own_name(path, folder):
    assert is_archive_name(path)
    assert unpacked_name(path) == folder


@pytest.mark.parametrize("path", ["a.docx", "a.npz", "a.csv.gz", "zip", "a.zip.txt"])
def test_other_files_are_called_otherwise(path):
    assert not is_archive_name(path)


def test_own_files_and_members_stand_side_by_side(tmp_path):
    pack(tmp_path / "a.zip", {"x/1.jpg": b"1", "2.jpg": b"2"})
    pack(tmp_path / "sub" / "b.tar.gz", {"1.jpg": b"3"})
    (tmp_path / "labels.csv").write_bytes(b"4")
    files = joined(tmp_path)
    assert contents(files) == {"labels.csv": b"4", "a/x/1.jpg": b"1", "a/2.jpg": b"2", "sub/b/1.jpg": b"3"}
    for index, name in enumerate(files.names):
        with files.open(index) as file:
            assert file.read() == files.head(index, 9) == files.read(index)
        assert files.size(index) == 1
        assert files.has(name)
    assert (files.origin, files.archive, files.single) == (tmp_path.name, False, False)
    source = files.pictures(["sub/b/1.jpg", "nothing.jpg", "a/2.jpg"])
    assert (source.read(0), source.read(2)) == (b"3", b"2")
    with pytest.raises(PictureError):
        source.read(1)


def test_the_same_name_in_two_archives_is_told_apart(tmp_path):
    for name in "ab":
        pack(tmp_path / f"{name}.zip", {"1.jpg": b"same"})
    stamps = list(joined(tmp_path).pictures(["a/1.jpg", "b/1.jpg"]).fingerprint())
    assert len(set(stamps)) == 2
    assert stamps == list(joined(tmp_path).pictures(["a/1.jpg", "b/1.jpg"]).fingerprint())
    pack(tmp_path / "a.zip", {"1.jpg": b"other"})
    assert stamps != list(joined(tmp_path).pictures(["a/1.jpg", "b/1.jpg"]).fingerprint())


def test_what_is_damaged_is_named_with_its_archive(tmp_path):
    data = bytearray(pack(tmp_path / "a.zip", {"1.jpg": b"x" * 500}).read_bytes())
    data[100] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(PictureError) as error:
        joined(tmp_path).read(0)
    assert_says(error, "a/1.jpg", "damaged")


def test_two_archives_of_one_folder_keep_their_whole_names(tmp_path):
    for name in ("a.zip", "a-samples.zip", "a.tar", "b.zip"):
        pack(tmp_path / name, {"1.jpg": name})
    assert set(joined(tmp_path).names) == {"a.zip/1.jpg", "a-samples.zip/1.jpg", "a.tar/1.jpg", "b/1.jpg"}


def test_a_file_of_the_folder_s_name_keeps_it(tmp_path):
    pack(tmp_path / "a.zip", {"1.jpg": b"1"})
    (tmp_path / "a").write_bytes(b"2")
    assert contents(joined(tmp_path)) == {"a": b"2", "a.zip/1.jpg": b"1"}


def test_a_folder_that_is_there_takes_what_the_archive_brings_and_keeps_its_own_files(tmp_path):
    pack(tmp_path / "a.zip", {"1.jpg": b"1", "notes.txt": b"2"})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.txt").write_bytes(b"3")
    assert contents(joined(tmp_path)) == {"a/1.jpg": b"1", "a/notes.txt": b"3"}


def test_pictures_of_one_name_from_two_archives_are_refused(tmp_path):
    pack(tmp_path / "a.zip", {"b/1.jpg": b"1"})
    pack(tmp_path / "a" / "b.zip", {"1.jpg": b"2"})
    with pytest.raises(DataError) as error:
        joined(tmp_path)
    assert_says(error, "a/b/1.jpg", "twice")


def test_what_is_excluded_is_left_out_of_archives_and_folder(tmp_path):
    pack(tmp_path / "a.zip", {"x/1.jpg": b"1", "2.jpg": b"2"})
    (tmp_path / "x.txt").write_bytes(b"3")
    assert contents(joined(tmp_path, "a/x,*.txt")) == {"a/2.jpg": b"2"}


def test_folders_are_empty_where_no_archive_fills_them(tmp_path):
    pack(tmp_path / "a.zip", {"1.jpg": b"1", "none/": b""})
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert joined(tmp_path).empty_folders == ["a/none", "b"]


names = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0:", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
members = st.dictionaries(names.filter(lambda name: name.strip(".")), st.binary(max_size=20), max_size=4)


@given(st.dictionaries(st.sampled_from(["a", "a-samples", "b", "a.tar", "b/a", "c.zip"]), members, min_size=1), members)
def test_every_name_leads_to_its_own_bytes(tmp_path_factory, archives, own):
    root = tmp_path_factory.mktemp("set")
    for name, data in own.items():
        (root / f"{name}.txt").write_bytes(data)
    for name, packed in archives.items():
        pack(root / f"{name}.zip", packed)
    found = contents(joined(root))
    assert sorted(found.values()) == sorted([*own.values(), *(data for packed in archives.values() for data in packed.values())])
    assert all(found[f"{name}.txt"] == data for name, data in own.items())
    for name, packed in archives.items():
        tops = {f"{name}.zip", unpacked_name(f"{name}.zip")}
        assert all(any(found.get(f"{top}/{member}") == data for top in tops) for member, data in packed.items())
