import gzip
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError, PictureError
from tests.conftest import assert_says, encoded, noisy

GRAY = np.random.default_rng(2).integers(0, 256, (9, 8, 8), np.uint8)
LABELS = np.arange(9) % 3
PARTS = (("train", slice(None)), ("test", slice(0, 3)))


def ardis(root):
    """As ARDIS has them: ``numpy.savetxt`` with blanks, and a row of noughts with a single one for each class."""
    for part, rows in PARTS:
        np.savetxt(root / f"ARDIS_{part}_88.csv", GRAY[rows].reshape(-1, 64))
        np.savetxt(root / f"ARDIS_{part}_labels.csv", np.eye(3)[LABELS[rows]])


def arabic(root):
    for part, rows in PARTS:
        n = len(LABELS[rows])
        np.savetxt(root / f"csv{part.title()}Images {n}x64.csv", GRAY[rows].reshape(-1, 64), "%d", ",")
        np.savetxt(root / f"csv{part.title()}Label {n}x1.csv", LABELS[rows], "%d")


def with_headers(root):
    for part, rows in PARTS:
        header = ",".join(map(str, range(64)))
        np.savetxt(root / f"X_{part}.csv", GRAY[rows].reshape(-1, 64), "%d", ",", header=header, comments="")
        np.savetxt(root / f"y_{part}.csv", LABELS[rows], "%d", header="class", comments="")


@pytest.mark.parametrize("maker", [ardis, arabic, with_headers])
def test_pixels_and_classes_in_tables_of_their_own(tmp_path, maker):
    maker(tmp_path)
    data = olhar.read(tmp_path)
    assert (data.classes, data.read_as.parts) == (("0", "1", "2"), ("train", "test"))
    for part, rows in PARTS:
        mine = [row for row in range(len(data)) if data.brought[row] == part]
        assert np.array_equal([data.read(row) for row in mine], GRAY[rows])
        assert data.labels[mine].tolist() == LABELS[rows].tolist()


def test_shares_of_white_in_one_pair_packed_by_gzip(tmp_path):
    np.savetxt(tmp_path / "input.csv", GRAY.reshape(-1, 64) / 255, delimiter=",")
    (tmp_path / "labels.csv.gz").write_bytes(gzip.compress(b"\n".join((b"New York", b"Rome", b"Oslo")[i] for i in LABELS)))
    data = olhar.read(tmp_path)
    assert data.counts() == {"New York": 3, "Oslo": 3, "Rome": 3}
    assert np.array_equal(data.read(4), GRAY[4])


def test_pixels_without_classes_are_passed_over_and_told(tmp_path):
    ardis(tmp_path)
    (tmp_path / "ARDIS_test_labels.csv").unlink()
    data = olhar.read(tmp_path)
    assert (len(data), [place.place for place in data.read_as.passed_over]) == (9, ["ARDIS_test_88.csv"])


def test_a_list_names_the_numbers(tmp_path):
    ardis(tmp_path)
    (tmp_path / "classes.txt").write_text("cat\ndog\nemu\n")
    assert olhar.read(tmp_path).classes == ("cat", "dog", "emu")


@pytest.mark.parametrize("classes", [LABELS[:7], np.arange(12) % 3])
def test_another_number_of_classes_is_refused(tmp_path, classes):
    np.savetxt(tmp_path / "x.csv", GRAY.reshape(-1, 64), "%d", ",")
    np.savetxt(tmp_path / "labels.csv", classes, "%d")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "labels.csv", f"({len(classes)},)", "9")


def test_several_classes_of_a_picture_are_refused(tmp_path):
    ardis(tmp_path)
    np.savetxt(tmp_path / "ARDIS_test_labels.csv", np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]]), "%d")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "ARDIS_test_labels.csv", "row 2", "1 1 0")


def test_what_measures_is_no_picture_and_two_tables_of_a_part_are_not_paired(tmp_path):
    (tmp_path / "a").mkdir()
    np.savetxt(tmp_path / "a" / "X_train.csv", GRAY.reshape(-1, 64) - 128.5)
    np.savetxt(tmp_path / "a" / "y_train.csv", LABELS, "%d")
    arabic(tmp_path)
    np.savetxt(tmp_path / "other_test_images.csv", GRAY.reshape(-1, 64))
    for place in (tmp_path / "a", tmp_path):
        with pytest.raises(DataError):
            olhar.read(place)


def test_pictures_beside_them_come_first(tmp_path):
    ardis(tmp_path)
    for i in range(6):
        (tmp_path / f"{('cat', 'dog')[i % 2]}.{i}.png").write_bytes(encoded(noisy((200, 40 * i, 20), i)))
    assert olhar.read(tmp_path).classes == ("cat", "dog")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4), cut=st.booleans())
def test_damaged_tables_are_refused_or_read(tmp_path_factory, places, cut):
    folder = tmp_path_factory.mktemp("set")
    ardis(folder)
    path = sorted(folder.iterdir())[places[0][0] % 4]
    whole = bytearray(path.read_bytes())
    for place, value in places:
        whole[place % len(whole)] = value
    path.write_bytes(whole[: places[0][0] % len(whole)] if cut else whole)
    with suppress(DataError):
        data = olhar.read(folder)
        for row in range(len(data)):
            with suppress(PictureError):
                data.read(row)
