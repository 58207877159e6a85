from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import DataError, RecipeError
from olhar.data.dealing import Shares
from olhar.data.split import rows_of, sizes, split
from tests.conftest import assert_says

SHARES = Shares.parse("80/10/10")


def digests(n: int, start: int = 0) -> list[bytes]:
    return [blake2b(str(start + i).encode(), digest_size=16).digest() for i in range(n)]


def dealt(n: int, classes: int = 2, seed: int = 0, shares: Shares = SHARES) -> list[str]:
    labels = np.arange(n) % classes
    return split([str(c) for c in range(classes)], labels, [""] * n, digests(n), shares, seed)


@settings(max_examples=30, deadline=None)
@given(st.integers(400, 3000), st.integers(0, 100))
def test_shares_hold_on_average(n, seed):
    found = sizes(dealt(n, seed=seed))
    assert found["train"] / n == pytest.approx(0.8, abs=0.06)
    assert found["test"] / n == pytest.approx(0.1, abs=0.05)


def test_adding_pictures_moves_none_of_the_old_ones():
    assert dealt(1500)[:1000] == dealt(1000)


def test_the_order_of_the_pictures_changes_nothing():
    hashes, labels = digests(300), np.arange(300) % 3
    parts = split("abc", labels, [""] * 300, hashes, SHARES, 0)
    mixed = np.random.default_rng(0).permutation(300)
    again = split("abc", labels[mixed], [""] * 300, [hashes[i] for i in mixed], SHARES, 0)
    assert [parts[i] for i in mixed] == again


def test_another_seed_gives_another_split_and_the_same_seed_the_same():
    assert dealt(300) == dealt(300)
    assert dealt(300) != dealt(300, seed=1)


def test_exact_copies_stay_together():
    hashes = digests(200)
    parts = split("ab", np.arange(400) % 2, [""] * 400, hashes + hashes, SHARES, 0)
    assert parts[:200] == parts[200:]


@pytest.mark.parametrize("each", range(3, 20))
def test_a_small_class_has_a_picture_in_each_part(each):
    parts = dealt(2 * each)
    for label in (0, 1):
        assert {parts[i] for i in range(label, 2 * each, 2)} == {"train", "validation", "test"}


def test_parts_that_the_data_brings_are_kept_and_validation_is_made_where_it_is_missing():
    labels = np.arange(600) % 2
    brought = ["train"] * 400 + ["test"] * 200
    parts = split("ab", labels, brought, digests(600), SHARES, 0)
    assert parts[400:] == ["test"] * 200
    assert 20 <= sizes(parts)["validation"] <= 60
    complete = ["train"] * 300 + ["validation"] * 100 + ["test"] * 200
    assert split("ab", labels, complete, digests(600), SHARES, 0) == complete


def test_two_shares_leave_no_test_part():
    found = sizes(dealt(1000, shares=Shares.parse("80/20")))
    assert found["test"] == 0
    assert found["validation"] > 150


@pytest.mark.parametrize("text", ["80", "80/10", "a/b", "80/0/20", "0/50/50", "-10/100/10", "80/10/5/5", ""])
def test_shares_that_cannot_be_are_refused(text):
    with pytest.raises(RecipeError) as error:
        Shares.parse(text)
    assert_says(error, "80/10/10")


def test_a_class_that_nothing_teaches_is_named():
    with pytest.raises(DataError) as error:
        split(["cat", "dog"], np.array([0, 0, 0, 1]), ["train", "train", "validation", "test"], digests(4), SHARES, 0)
    assert_says(error, "dog")


def test_without_a_picture_to_choose_by_nothing_begins():
    with pytest.raises(DataError) as error:
        split(["cat", "dog"], np.array([0, 1]), ["", ""], digests(2), SHARES, 0)
    assert_says(error, "three of each class")


def test_rows_of_a_part_are_in_order():
    assert rows_of(["train", "test", "train"], "train").tolist() == [0, 2]
