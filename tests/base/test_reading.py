"""A reading knows what to type for it, in place of what was typed."""

import pytest

from olhar.base.reading import Reading
from olhar.base.texts import Sentence


@pytest.mark.parametrize(
    ("below", "options", "typed", "command"),
    [
        ("color", {}, ["train", "my data/", "--epochs", "3"], "olhar train 'my data/color' --epochs 3"),
        ("", {"layout": "*/class"}, ["check", "--json", "my data/"], "olhar check --json 'my data/' --layout '*/class'"),
        ("", {"layout": "class"}, ["tune", "--layout", "x", "my data/"], "olhar tune 'my data/' --layout class"),
        ("", {"label_column": "dx"}, ["train", "other"], "olhar train 'my data/' --label-column dx"),
    ],
)
def test_the_command_is_what_was_typed_with_the_reading(below, options, typed, command):
    reading = Reading(Sentence("reading.line", {"what": "x"}), below, options).of("my data/")
    assert reading.retyped(typed) == command
    assert reading.to_dict(typed)["command"] == command
