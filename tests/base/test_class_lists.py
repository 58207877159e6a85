"""Files that name classes, in the forms that people keep."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base.class_lists import ClassListError, parse_class_list

TEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SHUFFLED = (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)


def numbered(form):
    return "\n".join(form.format(i=i, name=TEN[i]) for i in SHUFFLED)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({TEN[i]: i for i in SHUFFLED}),
        json.dumps({str(i): TEN[i] for i in SHUFFLED}, indent=1),
        json.dumps({str(i): [f"n0000000{i}", TEN[i]] for i in SHUFFLED}),
        json.dumps(TEN),
        str(list(TEN)),
        ",".join(TEN),
        "\n".join(TEN) + "\n\n",
        numbered("{i} {name}"),
        numbered("{i}: {name}"),
        numbered("{i},{name}"),
        numbered("{name} {i}"),
        numbered("{name},{i}"),
        "ClassId,Name\n" + numbered("{i},{name}"),
        "\n".join(f"item {{\n  id: {i + 1}\n  name: '{TEN[i]}'\n}}" for i in SHUFFLED),
        "\n".join(f"{i} {name}" for i, name in enumerate(TEN, 1)),
    ],
)
def test_ten_classes_in_the_order_of_their_indices(text):
    assert parse_class_list(text).ordered().names == TEN


@given(st.permutations(range(6)), st.sampled_from(["{i} {name}", "{i}:{name}", "{name}\t{i}", "{i} , {name}"]))
def test_any_order_of_the_lines_gives_the_order_of_the_indices(order, form):
    text = "\n".join(form.format(i=i, name=TEN[i]) for i in order)
    assert parse_class_list(text).ordered().names == TEN[:6]


@pytest.mark.parametrize(
    "text", ["0 cat\n2 dog", '{"cat": 0, "dog": 2}', '{"0": "cat", "7": "dog"}', "5,cat\n6,dog", "0:cat\n0:dog"]
)
def test_gaps_and_strangers_are_refused_with_the_line(text):
    with pytest.raises(ClassListError) as error:
        parse_class_list(text).ordered()
    assert error.value.line in (1, 2)


@pytest.mark.parametrize("text", ['{"a": {"b": 1}}', "[[1, 2], []]", "{1", "item { id: 1 }", '["a", null]', "[]"])
def test_other_forms_are_refused(text):
    with pytest.raises(ClassListError):
        parse_class_list(text)


@pytest.mark.parametrize(
    "text",
    ["001.Albatross\n002.Crow", "Boeing 737\nAirbus 320", "0 degrees\n90 degrees\n180 degrees", "cat\ndog"],
)
def test_numbers_that_are_part_of_the_names_stay(text):
    assert parse_class_list(text).ordered().names == tuple(text.splitlines())


def test_synsets_give_keys():
    listed = parse_class_list("n01440764 tench, Tinca tinca\nn01443537 goldfish")
    assert (listed.keys, listed.names) == (("n01440764", "n01443537"), ("tench, Tinca tinca", "goldfish"))
