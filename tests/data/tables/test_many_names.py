"""Many names at once come out as each by itself does."""

from hypothesis import given
from hypothesis import strategies as st

from olhar.data.tables.many_names import bare_names, ends_of, without_ending, without_front

STEP = st.text("aB.é\n ß-", max_size=4)
NAME = st.builds(
    "{}{}".format, st.lists(STEP, min_size=1, max_size=3).map("/".join), st.sampled_from(["", ".jpg", ".JPG", ".png", "."])
)


@given(st.lists(NAME, max_size=6), st.sampled_from([None, [".jpg"], [".JPG"], [".jpg", ".png"]]))
def test_names_without_endings_and_case(names, endings):
    if endings is not None:
        names = [name for name in names if name.endswith(tuple(endings))]
    assert list(bare_names(names, endings)) == [without_ending(name).casefold() for name in names]


@given(st.lists(NAME, max_size=6), st.sampled_from(["", "a/", "aB/a/", "é/"]), st.sampled_from(["", "/", "//"]))
def test_paths_without_their_front(paths, front, root):
    paths = [root + front + path for path in paths[:4]] + paths[4:]
    bare = [path.lstrip("/") for path in paths]
    assert list(without_front(paths, front)) == [path.removeprefix(front) if path.startswith(front) else "" for path in bare]


@given(st.lists(NAME, max_size=6), st.integers(1, 3))
def test_the_last_steps_of_paths(paths, depth):
    deep = [path for path in paths if path.count("/") >= depth - 1]
    assert list(ends_of(deep, depth)) == ["/".join(path.split("/")[-depth:]) for path in deep]
