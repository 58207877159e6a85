"""Numbers of classes are named by a list beside the table, from 0 or from 1, where only one way fits."""

import pytest

from tests.data.tables.made import pictures, read, table, told

NAMES = ("rice leaf roller", "paddy stem maggot", "yellow rice borer")


def listed(root, numbers, lines, file="classes.txt"):
    pictures(root, [f"images/{i:05}.jpg" for i in range(12)])
    table(root, "labels.txt", [(f"{i:05}.jpg", numbers[i % len(numbers)]) for i in range(12)], " ")
    (root / file).write_text("\n".join(lines) + "\n")
    return read(root)


@pytest.mark.parametrize(
    ("numbers", "start", "said"),
    [((0, 1, 2), 0, "classes.txt, from 0"), ((0, 1, 2), 1, "whose 1 is the table's 0"), ((1, 2, 3), 1, "classes.txt, from 1")],
)
@pytest.mark.parametrize("form", ["{}  {} \t\t", "{} {}", "{}: {}", "{},{}"])
def test_a_list_with_numbers_of_its_own_names_them(tmp_path, numbers, start, said, form):
    found = listed(tmp_path, numbers, [form.format(i, name) for i, name in enumerate(NAMES, start)])
    assert set(found.classes) == set(NAMES)
    assert found.classes[found.labels[found.where.index("images/00000.jpg")]] == NAMES[0]
    assert said in told(found)


@pytest.mark.parametrize("numbers", [(0, 1, 2), (1, 2, 3)])
def test_a_list_without_numbers_names_as_many_as_it_has_lines(tmp_path, numbers):
    found = listed(tmp_path, numbers, NAMES)
    assert found.classes[found.labels[found.where.index("images/00002.jpg")]] == NAMES[2]


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ((0, 2), [f"{i} {name}" for i, name in enumerate(NAMES, 1)]),  # a number is missing: 0 may be something else
        ((1, 3), NAMES),
        ((0, 1, 2), NAMES[:2]),
        ((0, 1, 2), [*NAMES[:2], NAMES[0]]),
    ],
)
def test_where_two_ways_fit_or_none_the_numbers_stay(tmp_path, numbers, lines):
    assert set(listed(tmp_path, numbers, lines).classes) == set(map(str, numbers))
