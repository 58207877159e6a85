import pytest

from olhar.base.signature import Signature
from olhar.bundle.writer import labels
from olhar.keras_files.read.labels import parse_labels


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
def test_each_class_is_one_line_however_its_name_is_written(mark):
    names = (f"red{mark}fox", mark, f"  {mark}wolf{mark}", "bear")
    signature = Signature(("a", "b", "c", "d"), names, 8, 8)
    assert parse_labels(labels(signature).encode(), "labels.txt") == ("red fox", "class_1", "wolf", "bear")
