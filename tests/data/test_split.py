from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import DataError, RecipeError
from olhar.data.assignment import Shares
from olhar.data.split import changed_parts, folds, part_sizes, rows_of, split
from tests.conftest import assert_says

SHARES = Shares.parse("80/10/10")


def digests(n: int, start: int = 0) -> list[bytes]:
    return [blake2b(str(start + i).encode(), digest_size=16).digest() for i in range(n)]


def dealt(n: int, classes: int = 2, seed: int = 0, shares: Shares = SHARES) -> list[str]:
    labels = np.arange(n) % classes
    return split([str(c) for c in range(classes)], labels, [""] * n, digests(n), shares, seed)


@settings(max_examples=30)
@given(st.integers(400, 3000), st.integers(0, 100))
def test_shares_hold_on_average(n, seed):
    found = part_sizes(dealt(n, seed=seed))
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
    assert 20 <= part_sizes(parts)["validation"] <= 60
    twice = split("ab", labels, brought, digests(600), Shares.parse("80/20"), 0)
    assert twice[400:] == ["test"] * 200
    assert 60 < part_sizes(twice)["validation"] < 100
    complete = ["train"] * 300 + ["validation"] * 100 + ["test"] * 200
    assert split("ab", labels, complete, digests(600), SHARES, 0) == complete


def test_two_shares_leave_no_test_part():
    found = part_sizes(dealt(1000, shares=Shares.parse("80/20")))
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


def copies_of(n: int, each: int) -> np.ndarray:
    """Groups of ``each`` pictures."""
    return np.arange(n) // each


@settings(max_examples=25)
@given(st.integers(250, 1500), st.integers(1, 6), st.integers(0, 100))
def test_groups_stay_together_and_shares_hold(n, each, seed):
    group = copies_of(n, each)
    parts = split("ab", np.arange(n) % 2, [""] * n, digests(n, 7919 * seed), SHARES, seed, groups=group)
    for one in range(int(group.max())):
        assert len({parts[row] for row in np.flatnonzero(group == one)}) == 1


def test_few_large_groups_never_leave_a_part_empty():
    for seed in range(200):
        group = copies_of(120, 10)
        parts = split("ab", np.arange(120) % 2, [""] * 120, digests(120, 7919 * seed), SHARES, seed, groups=group)
        assert set(parts) == {"train", "validation", "test"}


def test_shares_hold_within_three_points_on_average():
    found = [part_sizes(split("ab", np.arange(250) % 2, [""] * 250, digests(250, 1000 * s), SHARES, s)) for s in range(60)]
    for part, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        assert np.mean([one[part] for one in found]) / 250 == pytest.approx(share, abs=0.03)


def test_a_group_follows_its_smallest_hash_whatever_the_order():
    hashes, group = digests(300), copies_of(300, 3)
    parts = split("ab", np.arange(300) % 2, [""] * 300, hashes, SHARES, 0, groups=group)
    smallest = {one: min(hashes[row] for row in range(300) if group[row] == one) for one in range(100)}
    alone = split("a", np.zeros(100, np.int64), [""] * 100, list(smallest.values()), SHARES, 0)
    assert [parts[3 * one] for one in range(100)] == alone


@settings(max_examples=30)
@given(st.integers(3, 19), st.integers(3, 60), st.integers(1, 3), st.integers(0, 50))
def test_a_small_class_has_a_group_in_each_part_beside_any_other(few, many, each, seed):
    labels = np.repeat([0, 1], [few * each, many * each])
    group = copies_of(len(labels), each)
    parts = np.array(split("ab", labels, [""] * len(labels), digests(len(labels), seed), SHARES, seed, groups=group))
    assert set(parts[labels == 0]) == {"train", "validation", "test"}


def test_ten_patients_with_pictures_of_both_classes_are_divided_whole():
    patient = copies_of(200, 20)
    parts = np.array(split("ab", np.arange(200) % 2, [""] * 200, digests(200), SHARES, 0, groups=patient))
    assert set(parts) == {"train", "validation", "test"}
    assert all(len(set(parts[patient == one])) == 1 for one in range(10))


def test_an_earlier_split_is_kept_and_new_pictures_are_dealt_as_ever():
    hashes = digests(600)
    before = split("ab", np.arange(400) % 2, [""] * 400, hashes[:400], SHARES, 0)
    kept = dict(zip(hashes, before, strict=False))
    after = split("ab", np.arange(600) % 2, [""] * 600, hashes, SHARES, 5, earlier=kept)
    assert after[:400] == before
    assert after[400:] == split("ab", np.arange(600) % 2, [""] * 600, hashes, SHARES, 5)[400:]
    assert changed_parts(after, [""] * len(after), hashes, kept) == []


def test_a_new_copy_that_joins_pictures_of_two_parts_sends_them_to_training_and_they_are_named():
    hashes = digests(301)
    before = split("ab", np.arange(300) % 2, [""] * 300, hashes[:300], SHARES, 0)
    one, other = before.index("test"), before.index("validation")
    group = np.arange(301)
    group[[one, other, 300]] = one
    kept = dict(zip(hashes, before, strict=False))
    after = split("ab", np.arange(301) % 2, [""] * 301, hashes, SHARES, 0, groups=group, earlier=kept)
    assert [after[row] for row in (one, other, 300)] == ["train"] * 3
    assert changed_parts(after, [""] * len(after), hashes, kept) == sorted([one, other])
    assert [part for row, part in enumerate(after[:300]) if row not in (one, other)] == [
        part for row, part in enumerate(before) if row not in (one, other)
    ]


def test_a_new_copy_follows_the_old_picture():
    hashes = digests(301)
    before = split("ab", np.arange(300) % 2, [""] * 300, hashes[:300], SHARES, 0)
    old = before.index("test")
    group = np.arange(301)
    group[300] = old
    kept = dict(zip(hashes, before, strict=False))
    assert split("ab", np.arange(301) % 2, [""] * 301, hashes, SHARES, 0, groups=group, earlier=kept)[300] == "test"


def test_copies_of_training_pictures_that_choose_stay_with_them_where_the_data_brings_a_test_part():
    group = copies_of(400, 4)
    parts = split("ab", np.arange(400) % 2, ["train"] * 400, digests(400), SHARES, 0, groups=group)
    assert all(len(set(parts[4 * one : 4 * one + 4])) == 1 for one in range(100))


@settings(max_examples=25)
@given(st.integers(2, 8), st.integers(60, 400), st.integers(1, 4), st.integers(0, 50))
def test_folds_are_even_stratified_and_whole(k, n, each, seed):
    labels, group, hashes = (np.arange(n) // each) % 3, copies_of(n, each), digests(n)
    found = folds(labels, hashes, group, k, seed)
    table = np.zeros((3, k))
    np.add.at(table, (labels, found), 1)
    assert (table.max(axis=1) - table.min(axis=1) <= each).all()
    assert all(len(set(found[group == one])) == 1 for one in range(n // each))
    mixed = np.random.default_rng(seed).permutation(n)
    again = folds(labels[mixed], [hashes[i] for i in mixed], group[mixed], k, seed)
    assert again.tolist() == found[mixed].tolist()


def test_folds_keep_identical_pictures_together():
    hashes = digests(50)
    found = folds(np.arange(100) % 2, hashes + hashes, None, 5, 0)
    assert found[:50].tolist() == found[50:].tolist()
    assert folds(np.arange(100) % 2, hashes + hashes, None, 5, 1).tolist() != found.tolist()


def test_data_of_which_all_is_test_teaches_nothing_and_says_so():
    with pytest.raises(DataError) as error:
        split("ab", np.arange(4) % 2, ["test"] * 4, digests(4), SHARES, 0)
    assert_says(error, "a")


def test_a_part_that_the_data_settles_is_never_called_moved():
    """A picture that stands in training and in test has one part in the earlier split, and two in the data."""
    hashes, kept = [b"a" * 16, b"a" * 16, b"b" * 16], {b"a" * 16: "train", b"b" * 16: "validation"}
    assert changed_parts(["train", "test", "train"], ["train", "test", "train"], hashes, kept) == [2]
    assert changed_parts(["train", "test", "validation"], ["train", "test", "validation"], hashes, kept) == []
