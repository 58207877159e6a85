import io

import numpy as np
import pytest
from PIL import Image

from olhar.base.texts import LANGUAGES, speaking
from olhar.reporting.captions import captions, width
from olhar.reporting.display_names import DisplayName
from olhar.reporting.grid import grid
from olhar.runs.samples import Sample

PLANTS = [
    *("Monstera deliciosa var. borsigiana", "Monstera deliciosa var. sierrana", "Monstera deliciosa variegata"),
    *("Epipremnum aureum", "Epipremnum pinnatum", "Hoya"),
]
ROOM = 150


def samples(*pairs: tuple[int, int]) -> list[Sample]:
    return [Sample("p", np.zeros((8, 8, 3), dtype=np.uint8), label, predicted, 0.987) for label, predicted in pairs]


def words(names: list[str], *pairs: tuple[int, int]):
    return captions(samples(*pairs), [DisplayName(name) for name in names], ROOM)


@pytest.mark.parametrize("predicted", [0, -1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_names_that_begin_alike_stay_apart_within_their_room(language, predicted):
    with speaking(language):
        shown = words(PLANTS, *((k, predicted) for k in range(len(PLANTS))), *((k, k) for k in range(1, len(PLANTS)))).names
    assert len(set(shown.values())) == len(shown) == len(PLANTS)
    assert max(map(width, shown.values())) <= ROOM
    assert shown[5] == "Hoya"


def test_an_answer_and_the_truth_that_begin_alike_stay_apart():
    shown = words(PLANTS, (0, 1))
    assert shown.names[0] != shown.names[1]
    assert shown.below


def test_short_names_stand_whole_beside_their_probabilities():
    shown = words(["cat", "dog"], (0, 0), (0, 1))
    assert shown.names == {0: "cat", 1: "dog"}
    assert not shown.below


def test_a_long_name_that_is_not_on_the_sheet_changes_nothing():
    assert not words(["cat", "dog", *PLANTS], (0, 0), (0, 1)).below


def test_classes_whose_long_names_begin_alike_are_told_apart_on_a_sheet():
    sheet = np.asarray(Image.open(io.BytesIO(grid(samples((0, 0), (1, 1)), PLANTS))))
    one, other = sheet[:, 28:204], sheet[:, 224:400]
    assert (one[28:204] == other[28:204]).all()
    assert (one != other).any()
