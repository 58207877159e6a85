import json
import os
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError, PictureError
from olhar.base.texts import speaking
from olhar.data.cache.store import pack
from olhar.data.labelled import require_labelled
from olhar.data.pieces import join_datasets
from olhar.data.places import is_here
from olhar.data.sources import read
from tests.conftest import COLOURS, assert_says, write_pictures


def zipped(folder, path):
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, file.relative_to(folder.parent).as_posix())
    return path


def test_a_folder_is_a_table_of_pictures(pictures):
    found = olhar.read(pictures)
    assert found.classes == tuple(COLOURS)
    assert found.counts() == {"blue": 24, "green": 24, "red": 24}
    assert found.origin == "colours"
    assert found.labelled
    assert found.read(0) == (pictures / found.where[0]).read_bytes()


def test_a_dataset_shows_itself(pictures):
    found = olhar.read(str(pictures))
    assert repr(found) == "colours: 72 pictures in 3 classes"
    assert ">green</td>" in found._repr_html_()
    assert found._repr_html_().count("data:image/png") == 12
    with speaking("pt"):
        assert "72 imagens" in repr(found)


def test_a_folder_and_a_zip_of_it_give_the_same_table_and_pixels(pictures, tmp_path):
    folder, archive = read(pictures), read(zipped(pictures, tmp_path / "colours.zip"))
    assert [name.removeprefix("colours/") for name in archive.where] == list(folder.where)
    assert (archive.labels == folder.labels).all()
    one, other = (pack(data, (16, 16), 3, "stretch") for data in (folder, archive))
    assert np.array_equal(one.pixels, other.pixels)
    assert one.hashes == other.hashes


def test_a_folder_inside_a_zip_can_be_named(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", prefix="train"), prefix="test", start=50)
    path = zipped(root, tmp_path / "set.zip")
    assert len(read(path)) == 144
    inside = read(f"{path}/set/test")
    assert (len(inside), inside.origin, inside.classes) == (72, "test", tuple(COLOURS))
    with pytest.raises(DataError) as error:
        read(f"{path}/set/nothing")
    assert_says(error, "set.zip", "set/nothing")


def test_what_lies_in_an_archive_is_here(pictures, tmp_path):
    path = zipped(pictures, tmp_path / "set" / "photos.zip")
    assert all(map(is_here, (str(path), f"{path}/colours", str(tmp_path / "set" / "photos" / "colours"), "digits")))
    assert not any(map(is_here, (f"{tmp_path}/nothing", f"{tmp_path}/set/pictures/colours", "nothing")))


def test_parts_that_the_data_brings_are_kept(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", prefix="treino"), prefix="teste", start=50)
    assert sorted(set(read(root).brought)) == ["test", "train"]


def test_digits_need_no_network():
    digits = olhar.read("digits")
    assert (len(digits), digits.classes) == (1797, tuple("0123456789"))
    assert digits.read(0).shape == (8, 8)


def test_a_folder_of_the_same_name_wins_over_a_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "digits")
    assert len(read("digits")) == 72


def test_several_sources_become_one(pictures, tmp_path):
    archive = zipped(pictures, tmp_path / "more.zip")
    both = join_datasets([read(pictures), read(archive)], ["colours", "more.zip"])
    assert len(both) == 144
    assert both.where[72] == "more.zip/colours/blue/000.png"
    assert both.read(72) == both.read(0)
    assert (both.labels[72:] == both.labels[:72]).all()


def test_what_is_not_there_is_named_with_the_nearest_name(pictures, monkeypatch):
    monkeypatch.chdir(pictures.parent)
    for wrong, near in (("digit", "digits"), ("colour", "colours")):
        with pytest.raises(DataError) as error:
            read(wrong)
        assert_says(error, wrong, f"Did you mean {near}?")


def test_a_file_that_is_no_data_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DataError) as error:
        read(tmp_path / "notes.txt")
    assert_says(error, "notes.txt")


def test_a_folder_without_pictures_is_told(tmp_path):
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "notes.txt").write_text("hello")
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, "no pictures", "1 other file")


def test_data_that_cannot_teach_is_refused_before_training(pictures, tmp_path):
    flat = tmp_path / "flat"
    shutil.copytree(pictures / "red", flat)
    with pytest.raises(DataError) as error:
        require_labelled(read(flat))
    assert_says(error, "flat", "sub-folder")
    for number in range(4):  # three would be left out
        shutil.copy(flat / "000.png", pictures / f"loose{number}.png")
    with pytest.raises(DataError) as error:
        require_labelled(read(pictures))
    assert_says(error, "loose0.png")
    with pytest.raises(DataError) as error:
        require_labelled(read(shutil.copytree(flat, tmp_path / "one" / "red").parent))
    assert_says(error, "red", "only one class")


def test_a_link_that_goes_round_ends(pictures):
    (pictures / "red" / "again").symlink_to(pictures, target_is_directory=True)
    assert len(read(pictures)) == 72


def test_names_that_carry_the_class_give_classes_also_below_parts(pictures, tmp_path):
    for name in COLOURS:
        for i in range(24):
            part = "train" if i < 16 else "test"
            (tmp_path / "set" / part).mkdir(parents=True, exist_ok=True)
            shutil.copy(pictures / name / f"{i:03}.png", tmp_path / "set" / part / f"{name}.{i}.png")
    found = require_labelled(read(tmp_path / "set"))
    assert found.counts() == dict.fromkeys(COLOURS, 24)
    assert found.brought.count("test") == 24


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_keeps_nobody_waiting(pictures):
    os.mkfifo(pictures / "red" / "pipe.png")
    os.mkfifo(pictures / "pipe")
    found = read(pictures)
    with pytest.raises(PictureError) as error:
        found.read(list(found.where).index("red/pipe.png"))
    assert_says(error, "pipe.png")
    with pytest.raises(DataError) as error:
        read(pictures / "pipe")
    assert_says(error, "pipe")


def test_strange_classes_keep_their_text(tmp_path):
    strange = ("<img onerror=x>", "=1+1", "../up", "a\u202eb", "x" * 300)
    rows = [{"label": label, "pixels": [i, i, i, i]} for i, label in enumerate(strange)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = read(tmp_path / "t.jsonl")
    assert found.classes == tuple(sorted(strange))
    assert "<img" not in found._repr_html_().replace("<img title", "").replace("&lt;img", "")


def test_reading_pictures_and_texts_needs_no_polars(pictures):
    (pictures.parent / "t.csv").write_text("path,label\ncolours/red/000.png,a\ncolours/blue/000.png,b\n")
    code = f"import sys, olhar; olhar.read({str(pictures)!r}); olhar.read({str(pictures.parent / 't.csv')!r})"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'polars' not in sys.modules"], check=True)
