import numpy as np
import pytest

from olhar.base.errors import RunError
from olhar.runs.behind import BEHIND, Behind, read_behind, write_behind
from olhar.runs.folder import RunFolder
from olhar.runs.samples import Sample, packed
from tests.conftest import assert_says


def some(n: int) -> list[Sample]:
    return [Sample(f"{k}.png", np.full((6, 4, 1), k, np.uint8), k, k + 1, 0.25) for k in range(n)]


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.mark.parametrize("heat", [None, np.arange(24, dtype=np.uint8).reshape(2, 3, 4)])
def test_what_is_kept_is_found_again(folder, heat):
    write_behind(folder, Behind(some(2), some(1), some(3), heat, 1 if heat is not None else 0, "occlusion"))
    found = read_behind(folder)
    assert [len(part) for part in (found.unsure, found.right, found.cells)] == [2, 1, 3]
    assert (found.cells[2].picture, found.cells[2].label, found.cells[2].predicted) == ("2.png", 2, 3)
    assert (found.cells[2].pixels == some(3)[2].pixels).all()
    assert [len(found.of_mistakes), len(found.of_right)] == ([0, 0] if heat is None else [1, 1])


def test_pictures_unlike_anything_are_kept_and_earlier_files_have_none(folder):
    write_behind(folder, Behind(some(2), some(1), some(3), unlike=some(4)))
    found = read_behind(folder)
    assert [len(part) for part in (found.unsure, found.right, found.cells, found.unlike)] == [2, 1, 3, 4]
    about = '{"rows": [["a.png", 0, 0, 0.5]], "unsure": 1, "right": 0, "heated": 0, "method": ""}'
    earlier = packed(about=np.array(about), pixels=np.zeros((1, 4, 4, 3), np.uint8), heat=np.zeros((0, 1, 1), np.uint8))
    (folder.path / BEHIND).write_bytes(earlier)
    assert not read_behind(folder).unlike


def test_suspects_are_found_again(folder):
    write_behind(folder, Behind(some(2), some(1), some(3), suspects=some(4)[2:]))
    found = read_behind(folder)
    assert [one.picture for one in found.suspects] == ["2.png", "3.png"]
    assert len(found.cells) == 3


def test_nothing_is_kept_of_no_pictures_and_found_in_earlier_runs(folder):
    write_behind(folder, Behind())
    assert not (folder.path / BEHIND).exists()
    assert not read_behind(folder).cells


@pytest.mark.parametrize("damage", ["cut", "counts", "heat", "pixels", "fields"])
def test_a_damaged_file_is_named(folder, damage):
    write_behind(folder, Behind(some(2), some(1), some(3), np.zeros((2, 3, 4), np.uint8), 1, "activation"))
    path = folder.path / BEHIND
    rows = '[["a.png", 0, 0, 0.5]]'
    about = f'{{"rows": {rows}, "unsure": 1, "right": 0, "heated": 0, "method": ""}}'
    pixels, heat = np.zeros((1, 4, 4, 3), np.uint8), np.zeros((0, 1, 1), np.uint8)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    elif damage == "counts":
        path.write_bytes(packed(about=np.array(about.replace('"right": 0', '"right": 5')), pixels=pixels, heat=heat))
    elif damage == "heat":
        path.write_bytes(packed(about=np.array(about), pixels=pixels, heat=np.zeros((1, 0, 3), np.uint8)))
    elif damage == "pixels":
        path.write_bytes(packed(about=np.array(about), pixels=pixels.astype(np.float32), heat=heat))
    else:
        path.write_bytes(packed(about=np.array(about.replace('"method"', '"other"')), pixels=pixels, heat=heat))
    with pytest.raises(RunError) as error:
        read_behind(folder)
    assert_says(error, BEHIND)
