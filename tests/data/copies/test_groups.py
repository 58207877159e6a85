import numpy as np
import pytest

from olhar.base.errors import RecipeError
from olhar.data.copies.groups import joined_groups, with_groups
from olhar.data.sources import read
from tests.conftest import assert_says


def test_a_pattern_groups_pictures_by_what_it_finds_in_their_names(pictures):
    found = with_groups(read(pictures), r"/(\d)\d\d\.")
    assert set(found.groups) == {"0"}
    assert with_groups(read(pictures), r"red/\d(\d)").groups[-1] == "2"
    assert with_groups(read(pictures), r"red/\d(\d)").groups[0] == ""


def test_without_a_pattern_the_data_s_own_groups_stay(pictures):
    data = read(pictures)
    assert with_groups(data, "") is data


@pytest.mark.parametrize("pattern", ["(", "no brackets", "(two)(groups)", "[z-a](x)"])
def test_what_is_no_pattern_with_one_group_is_refused(pictures, pattern):
    with pytest.raises(RecipeError) as error:
        with_groups(read(pictures), pattern)
    assert_says(error, "--group", pattern, "(patient[0-9]+)")


def test_a_pattern_that_finds_nothing_is_told_with_an_example(pictures):
    with pytest.raises(RecipeError) as error:
        with_groups(read(pictures), r"(patient\d+)")
    assert_says(error, "patient", "blue/000.png")


def test_copies_and_names_join_groups():
    alike = np.array([0, 0, 2, 3, 4])
    assert joined_groups(alike, ["", "a", "a", "", ""]).tolist() == [0, 0, 0, 3, 4]
    assert joined_groups(alike, []).tolist() == [0, 0, 2, 3, 4]
