"""Names are looked up many at a time as they are one by one."""

from hypothesis import given
from hypothesis import strategies as st

from olhar.data.tables.lookup import completed, many, once

NAMES = st.lists(st.sampled_from(["", "a", "b", "a.jpg", "b.png", "é", "é.jpg"]), max_size=8)


@given(NAMES)
def test_a_table_of_many_is_that_of_a_dictionary(keys):
    values = [str(i) for i in range(len(keys))]
    assert list(many(keys, values).items()) == list(dict(zip(keys, values, strict=True)).items())


@given(NAMES)
def test_a_key_of_two_stands_for_neither(keys):
    values = [str(i) for i in range(len(keys))]
    expected = {key: value if keys.count(key) == 1 else "" for key, value in zip(keys, values, strict=True)}
    assert once(keys, values) == expected


def test_cells_are_completed_with_the_ending_that_gives_a_picture():
    known = {"a.jpg": "x/a.jpg", "b.png": "x/b.png", "c": "x/c", "d.jpg": "x/d.jpg", "d.png": "x/d.png"}
    assert completed(["a", "c", "z"], known, [".jpg"]) == ["x/a.jpg", "x/c", ""]
    assert completed(["a", "b", "c", "d"], known, [".jpg", ".png"]) == ["x/a.jpg", "x/b.png", "x/c", ""]
    assert completed(["a.jpg", "b.png", "a"], known, [".jpg"]) == ["x/a.jpg", "x/b.png", "x/a.jpg"]
    assert completed(["a", "c"], frozenset(["a.jpg", "c"]), [".jpg"]) == ["a.jpg", "c"]
