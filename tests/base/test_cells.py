"""Cells of tables: what a spreadsheet or a terminal would obey is text, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base.cells import guarded, unguarded


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-3.5", "-3.5"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b0m", "\\x9b0m"),
        ("two\nlines", "two\nlines"),
        ("C:\\x1b", "C:\\\\x1b"),
        ("a\\b", "a\\b"),
    ],
)
def test_what_is_obeyed_elsewhere_is_text_here(text, cell):
    assert guarded(text) == cell
    assert unguarded(cell) == text


@given(st.text(alphabet=st.sampled_from("\\x1bf\x1b\x9b\x00='-a\n\t") | st.characters()))
def test_each_cell_comes_back_as_it_was(text):
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not any((c < " " and c not in "\t\n\r") or "\x7f" <= c <= "\x9f" for c in cell)
