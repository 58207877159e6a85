import pickle

import numpy as np
import pytest

from olhar.base.errors import DataError
from olhar.data.sources import read
from tests.conftest import assert_says
from tests.data import forms

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 3072), dtype=np.uint8)


def as_python_2_wrote(value: object) -> bytes:
    """A pickle of protocol 2 whose texts are Python 2's strings, as in the sets that are handed out."""
    found = pickle.dumps(value, 2)
    return found.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


def test_cifar_100_has_its_fine_classes(tmp_path):
    names = [f"fine{i}" for i in range(100)]
    batch = {b"data": PIXELS, b"fine_labels": list(range(40)), b"coarse_labels": [0] * 40, b"batch_label": b"x"}
    for file in ("train", "test"):
        (tmp_path / file).write_bytes(as_python_2_wrote(batch))
    (tmp_path / "meta").write_bytes(as_python_2_wrote({b"fine_label_names": names, b"coarse_label_names": ["c"] * 20}))
    found = read(tmp_path)
    assert (len(found), found.brought.count("test")) == (80, 40)
    assert found.classes[found.labels[39]] in names
    assert np.array_equal(found.read(79), PIXELS[39].reshape(3, 32, 32).transpose(1, 2, 0))


def test_the_binary_version_of_cifar_100_has_two_bytes_of_class(tmp_path):
    rows = b"".join(bytes((i % 20, i)) + PIXELS[i].tobytes() for i in range(40))
    (tmp_path / "train.bin").write_bytes(rows)
    (tmp_path / "test.bin").write_bytes(rows)
    (tmp_path / "fine_label_names.txt").write_text("\n".join(f"fine{i:02}" for i in range(100)))
    (tmp_path / "coarse_label_names.txt").write_text("\n".join(f"coarse{i}" for i in range(20)))
    found = read(tmp_path)
    assert (found.classes[0], found.classes[-1], len(found)) == ("fine00", "fine39", 80)
    assert np.array_equal(found.read(3), PIXELS[3].reshape(3, 32, 32).transpose(1, 2, 0))


@pytest.mark.parametrize("protocol", [2, 4])
def test_names_that_were_written_anew_as_bytes_are_names(tmp_path, protocol):
    folder = forms.as_cifar_python(tmp_path / "set")
    meta = {b"label_names": [b"airplane", b"bird", "gavião".encode()]}
    (folder / "batches.meta").write_bytes(pickle.dumps(meta, protocol))
    assert read(folder).classes == ("airplane", "bird", "gavião")


def test_a_single_batch_has_numbers_for_classes(tmp_path):
    folder = forms.as_cifar_python(tmp_path / "set")
    assert read(folder / "data_batch_1").classes == ("0", "1", "2")
    folder = forms.as_cifar_binary(tmp_path / "binary")
    assert read(folder / "data_batch_1.bin").classes == ("0", "1", "2")


def test_a_file_that_is_no_cifar_is_not_taken_for_one(tmp_path):
    (tmp_path / "weights.bin").write_bytes(bytes([200]) * 3073 * 2)
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, "no pictures")


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": PIXELS[:, :100], "labels": [0] * 40},
        {"data": PIXELS, "labels": [0] * 39},
        {"data": PIXELS, "labels": "cat"},
        {"data": PIXELS.astype(float), "labels": [0] * 40},
        {"data": PIXELS},
    ],
)
def test_a_batch_that_does_not_fit_is_told(tmp_path, wrong):
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(wrong, 2))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, "data_batch_1")


def test_a_batch_that_is_cut_off_is_told(tmp_path):
    folder = forms.as_cifar_python(tmp_path / "set", 4)
    path = folder / "data_batch_1"
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(DataError) as error:
        read(folder)
    assert_says(error, "data_batch_1", "damaged")
