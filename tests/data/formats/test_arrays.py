import io
import zipfile

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError
from olhar.data.formats.arrays import meaning
from olhar.data.sources import read
from tests.conftest import assert_says
from tests.data import forms

PIXELS = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4)
LABELS = np.array([0, 1, 2, 0, 1, 2])


def refused(data, *words):
    with pytest.raises(DataError) as error:
        read(data)
    assert_says(error, *words)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x", ("pictures", "")),
        ("X_train", ("pictures", "train")),
        ("test_images", ("pictures", "test")),
        ("val_labels", ("labels", "validation")),
        ("y", ("labels", "")),
        ("class_names", ("names", "")),
        ("weights", None),
        ("x_mean", None),
    ],
)
def test_the_names_of_arrays_say_what_they_are(name, told):
    assert meaning(name) == told


def test_arrays_in_memory_are_read_as_a_npz_is():
    found = olhar.read({"x": PIXELS, "y": LABELS})
    assert (found.classes, found.counts()["2"]) == (("0", "1", "2"), 2)
    assert np.array_equal(found.read(5), PIXELS[5])
    parts = olhar.read({"x_train": PIXELS, "y_train": LABELS, "x_test": PIXELS[:2], "y_test": LABELS[:2]})
    assert list(parts.brought) == ["train"] * 6 + ["test"] * 2


@pytest.mark.parametrize(
    "pixels",
    [
        PIXELS.astype(np.int64),
        PIXELS.astype(np.float32),
        PIXELS / 255,
        PIXELS[..., None],
        np.asfortranarray(PIXELS),
        PIXELS.reshape(6, 16),
        PIXELS[:, None],
        PIXELS.astype(">u2"),
    ],
)
def test_pixels_may_come_in_many_shapes_and_types(tmp_path, pixels):
    np.savez(tmp_path / "a.npz", images=pixels, labels=LABELS)
    for found in (read(tmp_path / "a.npz"), read({"x": pixels, "y": LABELS})):
        assert [found.read(row).tolist() for row in range(6)] == PIXELS.tolist()


def test_planes_become_colours():
    colours = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), dtype=np.uint8)
    found = read({"x": colours.transpose(0, 3, 1, 2), "y": [0, 1]})
    assert np.array_equal(found.read(1), colours[1])


@pytest.mark.parametrize(
    "labels", [np.eye(3)[LABELS], LABELS[:, None], LABELS.astype(np.float32), np.array(["b0", "b1", "b2"] * 2)]
)
def test_labels_may_come_in_many_forms(labels):
    found = read({"x": PIXELS, "y": labels})
    assert [found.classes[label][-1] for label in found.labels] == list("012012")


def test_what_cannot_be_is_told(tmp_path):
    refused({"x": PIXELS}, "found: x")
    refused({"pixels_of": PIXELS, "y": LABELS}, "pixels_of")
    refused({"x": PIXELS, "y": LABELS[:5]}, "6 pictures")
    refused({"x": PIXELS, "y": np.ones((6, 3))}, "several classes")
    refused({"x": PIXELS * 1j, "y": LABELS}, "(6, 4, 4)")
    refused({"x": PIXELS.astype(object), "y": LABELS}, "(6, 4, 4)")
    refused({"x": np.zeros((6, 4, 4, 7)), "y": LABELS}, "(6, 4, 4, 7)")
    refused({"x": np.zeros((6, 5)), "y": LABELS}, "(6, 5)")
    np.savez(tmp_path / "o.npz", x=PIXELS, y=np.array([{}] * 6))
    refused(tmp_path / "o.npz", "o.npz:y", "may run code")


def test_a_header_that_promises_more_than_there_is_takes_no_memory(tmp_path):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 1000, 1000), }"
    padded = header.ljust(117) + b"\n"
    member = b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + bytes(100)
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as archive:
        archive.writestr("x.npy", member)
        archive.writestr("y.npy", member)
    refused(tmp_path / "bomb.npz", "bomb.npz", "damaged")


@settings(max_examples=60)
@given(st.data())
def test_damaged_files_of_numbers_are_told_or_read(tmp_path_factory, data):
    """npz, idx, both versions of CIFAR and a project, with some bytes changed and the end cut off."""
    root = tmp_path_factory.mktemp("damage")
    form = data.draw(
        st.sampled_from([forms.as_npz, forms.as_idx, forms.as_cifar_python, forms.as_cifar_binary, forms.as_project])
    )
    folder = form(root / "set")
    files = sorted(path for path in folder.iterdir() if path.stat().st_size > 8)
    path = data.draw(st.sampled_from(files))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, min(400, len(content) - 1)))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    for place in (folder, path):
        try:
            found = read(place)
            for row in range(min(3, len(found))):
                found.read(row)
        except DataError as error:
            assert_says(error)


def test_the_names_of_classes_may_be_bytes_in_memory_too():
    found = read({"x": PIXELS, "y": LABELS, "class_names": np.array([b"cat", b"dog", b"eel"])})
    assert found.classes == ("cat", "dog", "eel")
    refused(io.BytesIO(b""), "BytesIO")


def test_an_array_whose_header_is_damaged_is_told(tmp_path):
    path = tmp_path / "header.npz"
    np.savez(path, x_train=np.zeros((4, 8, 8, 3), np.uint8), y_train=np.arange(4) % 2)
    path.write_bytes(path.read_bytes().replace(b"'shape': (4, 8", b"'shape': ((, 8"))
    with pytest.raises(DataError) as error:
        read(path)
    assert_says(error, "header.npz", "damaged")


def test_features_and_ground_truth_of_matlab_are_pictures_and_classes(tmp_path):
    rng = np.random.default_rng(0)
    scipy.io.savemat(tmp_path / "COIL20.mat", {"fea": rng.random((12, 64)), "gnd": np.repeat([1, 2, 3], 4)[:, None]})
    assert olhar.read(tmp_path / "COIL20.mat").counts() == {"1": 4, "2": 4, "3": 4}
