import io
import json
import zipfile

import numpy as np
import polars as pl
import pytest
from PIL import Image

import olhar
from olhar import Recipe
from olhar.base.errors import DataError, RecipeError, UsageError
from olhar.base.progress import Quiet
from olhar.data.formats import packed_file
from olhar.data.formats.packed_file import pack_metadata, with_pack_metadata
from olhar.data.sources import read
from olhar.jobs.prepare import prepare
from tests.conftest import assert_says, write_pictures


@pytest.fixture
def prepared(pictures):
    """The pictures as a training would have them."""
    return prepare(pictures, Recipe(), Quiet())


def test_a_npz_holds_what_a_training_would_see(pictures, prepared, tmp_path):
    done = olhar.pack(pictures, tmp_path / "colours.npz")
    with np.load(done.path, allow_pickle=False) as found:
        assert np.array_equal(found["x"], prepared.packed.pixels)
        assert found["x"].dtype == np.uint8
        assert np.array_equal(found["y"], prepared.labels)
        assert found["split"].tolist() == list(prepared.parts)
        assert found["class_names"].tolist() == ["blue", "green", "red"]
        assert found["files"].tolist() == prepared.dataset.where
    assert done.shape == (72, 16, 16, 3)
    assert repr(done).startswith("72 pictures, 16 × 16, ")
    assert str(done.path) in repr(done)
    assert done.counts == prepared.counts()
    assert done.bytes == done.path.stat().st_size


def test_a_parquet_is_as_hugging_face_writes_them(pictures, prepared, tmp_path):
    path = olhar.pack(pictures, tmp_path / "colours.parquet").path
    found = pl.read_parquet(path)
    pixels = [np.asarray(Image.open(io.BytesIO(cell["bytes"]))) for cell in found["image"]]
    assert np.array_equal(np.stack(pixels), prepared.packed.pixels)
    assert [cell["path"] for cell in found["image"]] == list(prepared.dataset.where)
    assert found["label"].to_list() == prepared.labels.tolist()
    assert found["split"].to_list() == list(prepared.parts)
    features = json.loads(pl.read_parquet_metadata(path)["huggingface"])["info"]["features"]
    assert features["label"] == {"names": ["blue", "green", "red"], "_type": "ClassLabel"}


def test_size_colour_fit_and_split_are_as_asked(tmp_path, pictures):
    asked = {"size": 10, "colour": "gray", "fit": "crop", "split": "70/20/10", "seed": 3}
    done = olhar.pack(pictures, tmp_path / "small.npz", **asked)
    like = prepare(pictures, Recipe().with_(asked), Quiet())
    with np.load(done.path) as found:
        assert np.array_equal(found["x"], like.packed.pixels)
        assert found["split"].tolist() == list(like.parts)
    assert done.shape[1:] == (10, 10, 1)
    assert done.size == 10


def test_parts_that_the_data_brings_are_written(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", 8, prefix="train"), 4, prefix="test", start=60)
    done = olhar.pack(root, tmp_path / "set.npz")
    assert {part: sum(table.values()) for part, table in done.counts.items()}["test"] == 12


@pytest.mark.parametrize("ending", ["npz", "parquet"])
def test_what_else_is_known_comes_back(tmp_path, pictures, ending):
    data = read(pictures).named(("azul", "verde", "vermelho"))
    data = olhar.Dataset(**{**vars(data), "licence": "CC0", "flip": False})
    path = olhar.pack(data, tmp_path / f"colours.{ending}").path
    known = pack_metadata(path)
    assert known is not None
    bare = olhar.Dataset("x", data.source, ["a"] * 72, data.classes, data.labels, data.brought)
    found = with_pack_metadata(bare, known)
    assert (found.origin, found.shown, found.licence, found.flip) == ("colours", ("azul", "verde", "vermelho"), "CC0", False)
    assert found.where == data.where


@pytest.mark.parametrize("ending", ["npz", "parquet"])
@pytest.mark.parametrize("colour", ["rgb", "gray"])
def test_a_packed_file_trains_as_the_pictures_would(tmp_path, pictures, ending, colour):
    data = olhar.read(pictures, names={"red": "vermelho"})
    whole = prepare(data, Recipe().with_({"colour": colour, "seed": 4}), Quiet())
    path = olhar.pack(data, tmp_path / f"colours.{ending}", colour=colour, seed=4).path
    back = prepare(path, Recipe(), Quiet())
    assert np.array_equal(back.packed.pixels, whole.packed.pixels)
    assert np.array_equal(back.labels, whole.labels)
    assert list(back.parts) == list(whole.parts)
    assert back.signature == whole.signature
    assert list(back.dataset.where) == list(whole.dataset.where)


def test_a_file_of_somebody_else_has_nothing_more_to_tell(tmp_path):
    np.savez(tmp_path / "theirs.npz", x=np.zeros((2, 4, 4), np.uint8), y=np.arange(2))
    assert pack_metadata(tmp_path / "theirs.npz") is None
    pl.DataFrame({"label": [1, 2]}).write_parquet(tmp_path / "theirs.parquet")
    assert pack_metadata(tmp_path / "theirs.parquet") is None
    (tmp_path / "theirs.csv").write_text("path,label\n")
    assert pack_metadata(tmp_path / "theirs.csv") is None


@pytest.mark.parametrize("about", ["{", "[]", '{"names": 3, "origin": "x"}', "{}"])
def test_a_file_that_lost_something_is_told(tmp_path, about):
    np.savez(tmp_path / "ours.npz", x=np.zeros((2, 4, 4), np.uint8), files=np.array(["a"]), olhar=np.array(about))
    with pytest.raises(DataError) as error:
        pack_metadata(tmp_path / "ours.npz")
    assert_says(error, "ours.npz", "Pack the pictures again")


def test_files_are_written_some_rows_at_a_time(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(packed_file, "_ROWS", 7)
    for ending in ("npz", "parquet"):
        path = olhar.pack(pictures, tmp_path / f"colours.{ending}").path
        assert path.stat().st_size > 72 * 16 * 16
    with np.load(tmp_path / "colours.npz") as found:
        assert len(found["x"]) == 72
    assert len(pl.read_parquet(tmp_path / "colours.parquet")) == 72


def test_pixels_of_a_npz_are_stored_as_they_are(tmp_path, pictures):
    path = olhar.pack(pictures, tmp_path / "colours.npz").path
    with zipfile.ZipFile(path) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_what_cannot_be_written_is_told_and_nothing_is_overwritten(tmp_path, pictures):
    with pytest.raises(UsageError) as error:
        olhar.pack(pictures, tmp_path / "colours.h5")
    assert_says(error, "colours.h5", ".npz", ".parquet")
    (tmp_path / "mine.npz").write_text("mine")
    with pytest.raises(UsageError) as error:
        olhar.pack(pictures, tmp_path / "mine.npz")
    assert_says(error, "mine.npz", "--to")
    assert (tmp_path / "mine.npz").read_text() == "mine"
    with pytest.raises(DataError) as error:
        olhar.pack(pictures, tmp_path / "nowhere" / "x.npz")
    assert_says(error, "x.npz", "MB")
    with pytest.raises(DataError) as error:
        olhar.pack(pictures, tmp_path / "nowhere" / "x.parquet")
    assert_says(error, "x.parquet")
    with pytest.raises(RecipeError):
        olhar.pack(pictures, tmp_path / "x.npz", sise=3)
    assert not list(tmp_path.glob(".*draft"))
