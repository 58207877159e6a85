"""Two underscores in the names of pictures set the class apart from what else they say."""

import pytest

import olhar
from tests.data.folders.grown import counts, grow, read


def turned(*names):
    """Three pictures of each."""
    return [f". 1 {name}__{k}.png" for name in names for k in range(3)]


def test_objects_that_are_counted_are_classes(tmp_path):
    found, says = read(tmp_path, *turned("obj1", "obj2", "obj10"))
    assert found == {"obj1": 3, "obj2": 3, "obj10": 3}
    assert "the file names say the class" in says


def test_a_number_of_a_few_is_the_class_before_what_no_two_names_have(tmp_path):
    lines = [f". 1 {k % 2}__2017_18{k:02d}_0c43__-117.{k}.png" for k in range(12)]
    assert read(tmp_path, *lines)[0] == {"0": 6, "1": 6}


@pytest.mark.parametrize(
    "lines",
    [
        turned("s1", "s2", "s3"),
        turned("patient1", "patient2", "patient3"),
        turned("left", "right"),
        turned("img", "foto"),
        turned(*map(str, range(12))),
        [f". 1 {who}__{what}.png" for who in ("obj1", "obj2") for what in ("sad", "glad", "calm")],
        [f". 1 obj{k}__1.png" for k in range(12)],
    ],
)
def test_persons_views_cameras_many_numbers_and_what_varies_behind_are_none(tmp_path, lines):
    assert {*counts(olhar.read(grow(tmp_path, *lines)))} == {"?"}
