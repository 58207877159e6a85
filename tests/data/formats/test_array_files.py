"""Sets of arrays as people download them: each class, part and pixel stands where its makers put it."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

import olhar
from olhar.base.errors import DataError
from olhar.base.images import to_pixels
from olhar.base.levels import Levels
from olhar.data.cache.store import pack
from tests.conftest import assert_says
from tests.data.formats import array_makers as makers
from tests.data.formats.array_makers import COLOUR, GRAY, LABELS, NAMES, TEST

NUMBERS, FROM_ONE = ("0", "1", "2"), ("1", "2", "3")
SETS = (
    (makers.npy_pair, NUMBERS, (), GRAY),
    (makers.npy_parts, NUMBERS, ("train", "test"), COLOUR),
    (makers.npy_in_part_folders, NUMBERS, ("train", "test"), COLOUR),
    (makers.npy_faces, NUMBERS, (), GRAY),
    (makers.kmnist, NUMBERS, ("train", "test"), GRAY),
    (makers.medmnist, NUMBERS, ("train", "validation", "test"), COLOUR),
    (makers.unnamed_npz, NUMBERS, (), COLOUR),
    (makers.quickdraw, NAMES, (), GRAY),
    (makers.npy_a_picture, NAMES, (), COLOUR),
    (makers.cat_course, NAMES, ("train", "test"), COLOUR),
    (makers.galaxies, NUMBERS, (), COLOUR),
    (makers.pcam, NUMBERS, ("train", "validation", "test"), COLOUR),
    (makers.svhn, FROM_ONE, ("train", "test"), COLOUR),
    (makers.emnist, FROM_ONE, ("train", "test"), GRAY),
    (makers.silhouettes, NAMES, (), (GRAY > 127) * np.uint8(255)),
    (makers.alphadigs, NAMES, (), (GRAY > 127) * np.uint8(255)),
    (makers.matlab_73, NUMBERS, (), COLOUR),
    (makers.cifar_matlab, NAMES, ("train", "test"), makers.CIFAR),
    (makers.stl10_matlab, NAMES, ("train", "test"), makers.STL),
    (makers.usps, NUMBERS, ("train", "test"), GRAY),
    (makers.not_mnist, NUMBERS, (), GRAY),
    (makers.mnist_original, NUMBERS, (), GRAY),
    (makers.emnist_idx, NUMBERS, ("train", "test"), GRAY),
    (makers.traffic_signs, NUMBERS, ("train", "validation", "test"), COLOUR),
    (makers.mnist_pickle, NUMBERS, ("train", "validation", "test"), GRAY),
    (makers.stl10, NAMES, ("train", "test"), makers.STL),
)


def pictures_of(data, part):
    """The class and the pixels of each picture of a part, in an order that all forms share."""
    rows = [row for row in range(len(data)) if (data.brought[row] or "train") == part]
    return sorted((data.classes[data.labels[row]], data.read(row).tobytes()) for row in rows)


@pytest.mark.parametrize(("maker", "classes", "parts", "pixels"), SETS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_set_of_arrays_is_read_with_its_classes_parts_and_pixels(tmp_path, maker, classes, parts, pixels):
    maker(tmp_path)
    data = olhar.read(tmp_path)
    assert data.classes == tuple(sorted(classes))
    assert data.read_as.parts == parts
    for part in parts or ("train",):
        rows = slice(None) if part == "train" else TEST
        wanted = zip(LABELS[: len(pixels)][rows], pixels[rows], strict=True)
        assert pictures_of(data, part) == sorted((classes[label], picture.tobytes()) for label, picture in wanted)


def test_what_has_no_class_or_is_extra_is_passed_over_and_told(tmp_path):
    for maker, n in ((makers.stl10, 3), (makers.svhn, 3)):
        folder = tmp_path / maker.__name__
        folder.mkdir()
        maker(folder)
        data = olhar.read(folder)
        assert [(place.n, place.pictures) for place in data.read_as.passed_over] == [(n, True)]
        assert str(n) in str(data.read_as)


def test_a_test_part_without_classes_does_not_stop_a_training(tmp_path):
    np.savez(tmp_path / "set.npz", x_train=COLOUR, y_train=LABELS, x_test=COLOUR[TEST])
    data = olhar.read(tmp_path)
    assert (len(data), data.labelled, data.read_as.n_passed_over) == (9, True, 3)


def test_two_sets_in_one_folder_are_not_mixed(tmp_path):
    for name in ("kmnist", "k49"):
        np.savez(tmp_path / f"{name}-train-imgs.npz", GRAY)
        np.savez(tmp_path / f"{name}-train-labels.npz", LABELS)
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, tmp_path.name, "k49-train-imgs.npz", "kmnist-train-imgs.npz", "folder of their own")


def test_two_sets_of_idx_files_are_not_mixed_either(tmp_path):
    makers.emnist_idx(tmp_path)
    for path in list(tmp_path.glob("*.gz")):
        path.with_name(path.name.replace("letters", "digits")).write_bytes(path.read_bytes())
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "emnist-digits-test-images-idx3-ubyte.gz", "folder of their own")


def test_shards_of_one_part_are_joined_by_their_numbers(tmp_path):
    for number, rows in enumerate((slice(0, 4), slice(4, 9))):
        np.save(tmp_path / f"X_train_{number}.npy", COLOUR[rows])
        np.save(tmp_path / f"y_train_{number}.npy", LABELS[rows])
    data = olhar.read(tmp_path)
    assert (len(data), data.counts()) == (9, {"0": 3, "1": 3, "2": 3})


@pytest.mark.parametrize(
    "arrays",
    [{"X": np.random.default_rng(1).normal(size=(9, 768)), "y": LABELS}, {"X": np.ones((9, 4)) * 3, "y": LABELS}],
    ids=["features", "measurements"],
)
def test_numbers_that_are_no_pictures_are_refused(tmp_path, arrays):
    for name, values in arrays.items():
        np.save(tmp_path / f"{name}.npy", values)
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "X.npy", str(arrays["X"].shape))


def test_pictures_without_classes_are_told_with_what_was_found(tmp_path):
    np.save(tmp_path / "X.npy", COLOUR)
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, tmp_path.name, "images and labels")


def test_arrays_of_sixteen_bits_keep_their_numbers_and_get_the_range_of_all(tmp_path):
    deep = (GRAY.astype(np.uint16) * 16) + 7
    np.savez(tmp_path / "deep.npz", x=deep, y=LABELS)
    data = olhar.read(tmp_path)
    assert np.array_equal(data.read(4), deep[4])
    assert to_pixels(data.read(4), (8, 8), 1, "stretch", levels=Levels((0, 4095))).max() > 200


@pytest.mark.parametrize(
    "values", [np.ones((9, 8, 8), complex), np.full((9, 8, 8), np.nan), np.array([["a"] * 8] * 9)], ids=["complex", "nan", "text"]
)
def test_what_is_no_number_is_refused(tmp_path, values):
    np.savez(tmp_path / "odd.npz", x=values, y=LABELS)
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "odd.npz")


def test_an_hdf5_that_leads_elsewhere_is_not_followed(tmp_path):
    outside = tmp_path / "outside.h5"
    with h5py.File(outside, "w") as file:
        file["x"] = COLOUR
    folder = tmp_path / "set"
    folder.mkdir()
    with h5py.File(folder / "set.h5", "w") as file:
        file["y"] = LABELS
        file["x"] = h5py.ExternalLink(str(outside), "x")
    with pytest.raises(DataError) as error:
        olhar.read(folder)
    assert_says(error, "set")


def test_an_hdf5_that_declares_more_than_it_holds_takes_no_memory(tmp_path):
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        file.create_dataset("images", (10**6, 1000, 1000, 3), np.uint8, chunks=(1, 1000, 1000, 3), compression="gzip")
        file["labels"] = LABELS
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, tmp_path.name)


def test_a_matlab_file_that_unpacks_to_far_more_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.data.files.spool._SPARE", 1000)
    scipy.io.savemat(
        tmp_path / "bomb.mat", {"X": np.zeros((64, 64, 3, 50), np.uint8), "y": np.ones((50, 1))}, do_compression=True
    )
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "bomb.mat")


def test_packed_arrays_give_the_same_pixels_as_loose_ones(tmp_path):
    folders = []
    for maker in (makers.svhn, makers.npy_parts):
        folders.append(tmp_path / maker.__name__)
        folders[-1].mkdir()
        maker(folders[-1])
    one, other = (pack(olhar.read(folder), (8, 8), 3, "stretch") for folder in folders)
    assert sorted(one.hashes) == sorted(other.hashes)


CASES = Path(__file__).parents[4] / "shared" / "cases"


def test_an_array_a_part_and_class_in_one_file_is_read_row_by_row(tmp_path):
    """So MNIST is given for MATLAB: ``train0`` ... ``test9``, each picture a row."""
    rows = {
        f"{part}{digit}": np.full((n, 784), 20 * digit, np.uint8) for part, n in (("train", 4), ("test", 2)) for digit in range(3)
    }
    rows["train2"][0, 1] = 255
    scipy.io.savemat(tmp_path / "mnist_all.mat", rows)
    found = olhar.read(tmp_path / "mnist_all.mat")
    assert found.classes == ("0", "1", "2")
    assert {part: list(found.brought).count(part) for part in ("train", "test")} == {"train": 12, "test": 6}
    assert np.asarray(found.read(list(found.where).index("train/2/00000")))[0, 1] == 255
