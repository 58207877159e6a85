import numpy as np
import pytest

from olhar.base.errors import DataError
from olhar.data.sources import read
from tests.conftest import assert_says
from tests.data.forms import idx

PIXELS = np.arange(5 * 4 * 4, dtype=np.uint8).reshape(5, 4, 4)
LABELS = np.array([0, 1, 2, 9, 1], np.uint8)


def test_relatives_of_mnist_are_paired_by_their_names(tmp_path):
    for part in ("train", "test"):
        (tmp_path / f"emnist-letters-{part}-images-idx3-ubyte").write_bytes(idx(PIXELS))
        (tmp_path / f"emnist-letters-{part}-labels-idx1-ubyte").write_bytes(idx(LABELS))
    (tmp_path / "emnist-letters-mapping.txt").write_text("1 65")
    found = read(tmp_path)
    assert (found.classes, found.brought.count("test"), found.passed_over) == (("0", "1", "2", "9"), 5, 1)


def test_without_labels_they_are_pictures_of_no_class(tmp_path):
    (tmp_path / "images.idx").write_bytes(idx(PIXELS))
    found = read(tmp_path / "images.idx")
    assert (len(found), found.classes) == (5, ())
    assert np.array_equal(found.read(4), PIXELS[4])


def test_what_does_not_fit_is_told(tmp_path):
    images, labels = tmp_path / "train-images-idx3-ubyte", tmp_path / "train-labels-idx1-ubyte"
    images.write_bytes(idx(PIXELS))
    labels.write_bytes(idx(LABELS[:4]))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, labels.name, "5 pictures")
    labels.write_bytes(idx(LABELS)[:-1])
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, labels.name, "damaged")
    with pytest.raises(DataError) as error:
        read(labels)
    assert_says(error, labels.name)
    images.write_bytes(idx(PIXELS)[:-1])
    with pytest.raises(DataError) as error:
        read(images)
    assert_says(error, images.name, "damaged")


def test_of_several_whole_numbers_a_picture_the_first_is_the_class(tmp_path):
    """QMNIST: eight numbers of four bytes a picture."""
    numbers = np.stack([LABELS, np.arange(5) + 300], 1).astype(">i4")
    (tmp_path / "qmnist-train-images-idx3-ubyte").write_bytes(idx(PIXELS))
    labels = tmp_path / "qmnist-train-labels-idx2-int"
    labels.write_bytes(bytes((0, 0, 12, 2)) + b"".join(n.to_bytes(4, "big") for n in numbers.shape) + numbers.tobytes())
    found = read(tmp_path)
    assert [found.classes[label] for label in found.labels] == ["0", "1", "2", "9", "1"]
    labels.write_bytes(labels.read_bytes()[:-2])
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, labels.name, "damaged")


def test_files_that_lie_there_unpacked_once_more_are_read_once(tmp_path):
    for kind, data in (("images-idx3", idx(PIXELS)), ("labels-idx1", idx(LABELS))):
        (tmp_path / f"train-{kind.replace('-idx', '.idx')}-ubyte").write_bytes(data)
        folder = tmp_path / f"train-{kind}-ubyte"
        folder.mkdir()
        (folder / folder.name).write_bytes(data)
    found = read(tmp_path)
    assert len(found) == 5
    assert "(5 pictures that are there twice) passed over" in str(found.read_as)
    (folder.with_name("train-images-idx3-ubyte") / "train-images-idx3-ubyte").write_bytes(idx(PIXELS[::-1]))
    assert len(read(tmp_path)) == 10
