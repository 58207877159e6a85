import gc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError, PictureError
from tests.conftest import assert_says
from tests.data.formats.array_makers import as_matlab_73

PICTURES = np.random.default_rng(1).integers(-20, 3000, (9, 12, 10), np.int16)


def tumours(root: Path, label=lambda i: np.float64(i % 3 + 1), folders=("first", "second")) -> Path:
    """As the brain tumours of Figshare: version 7.3, folders that are stretches of the archive, and folds beside."""
    for i, picture in enumerate(PICTURES):
        folder = root / folders[i % len(folders)]
        folder.mkdir(parents=True, exist_ok=True)
        cell = {"image": picture, "label": label(i), "PID": f"p{i // 2}", "tumorMask": picture > 9}
        as_matlab_73(folder / f"{i}.mat", {f"cjdata/{name}": value for name, value in cell.items()})
    as_matlab_73(root / "cvind.mat", {"cvind": np.ones((9, 1))})
    return root


def older(root: Path, label=lambda i: i % 3 + 1) -> Path:
    root.mkdir(exist_ok=True)
    for i, picture in enumerate(PICTURES):
        content = {"image": picture, "label": label(i), "PID": f"p{i // 2}"}
        scipy.io.savemat(root / f"{i}.mat", {"cjdata": content}, do_compression=bool(i % 2))
    return root


@pytest.mark.parametrize("maker", [tumours, older])
def test_a_picture_a_file_with_its_class_and_patient(tmp_path, maker):
    data = olhar.read(maker(tmp_path / "set"))
    assert (data.counts(), data.read_as.groups) == ({"1": 3, "2": 3, "3": 3}, 5)
    for row, name in enumerate(data.where):
        assert (data.read(row) == PICTURES[int(Path(name).stem)]).all()
        assert data.groups[row] == f"p{int(Path(name).stem) // 2}"


@pytest.mark.parametrize("maker", [tumours, older])
def test_classes_may_be_words(tmp_path, maker):
    assert olhar.read(maker(tmp_path / "set", lambda i: ("glioma", "none")[i % 2])).classes == ("glioma", "none")


def test_folders_may_be_parts(tmp_path):
    assert olhar.read(tumours(tmp_path, folders=("train", "test"))).read_as.parts == ("train", "test")


def test_a_word_of_one_letter_is_a_letter(tmp_path):
    assert olhar.read(tumours(tmp_path, lambda i: "BM"[i % 2])).classes == ("B", "M")


def test_files_without_a_class_are_passed_over_and_told(tmp_path):
    data = olhar.read(tumours(tmp_path, lambda i: np.float64(i % 3) if i < 7 else np.zeros((0, 0))))
    assert (len(data), data.read_as.n_passed_over) == (7, 2)


def test_several_classes_of_a_picture_are_refused(tmp_path):
    with pytest.raises(DataError) as error:
        olhar.read(tumours(tmp_path, lambda i: np.float64(1) if i < 8 else np.array([[1.0, 2.0]])))
    assert_says(error, "8.mat", "1.0, 2.0")


def test_files_are_closed_again(tmp_path):
    tumours(tmp_path)
    gc.collect()  # what earlier tests left open is closed at any moment, else
    before = len(list(Path("/dev/fd").iterdir()))
    data = olhar.read(tmp_path)
    assert len([data.read(row) for row in range(9)]) == 9
    assert len(list(Path("/dev/fd").iterdir())) <= before


def test_a_damaged_file_is_named(tmp_path):
    data = olhar.read(tumours(tmp_path))
    path = tmp_path / "first" / "8.mat"
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(PictureError):
        data.read([Path(name).stem for name in data.where].index("8"))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "8.mat")


@pytest.mark.parametrize("maker", [tumours, older])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4), cut=st.booleans())
def test_damaged_files_are_refused_or_read(tmp_path_factory, maker, places, cut):
    folder = maker(tmp_path_factory.mktemp("set") / "set")
    path = sorted(folder.rglob("*.mat"))[places[0][0] % 9]
    whole = bytearray(path.read_bytes())
    for place, value in places:
        whole[place % len(whole)] = value
    path.write_bytes(whole[: places[0][0] % len(whole)] if cut else whole)
    with suppress(DataError):
        data = olhar.read(folder)
        for row in range(len(data)):
            with suppress(PictureError):
                data.read(row)
