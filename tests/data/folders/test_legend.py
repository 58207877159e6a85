"""Codes in the names of pictures, and a text beside them that says what they stand for."""

import pytest

from tests.data.folders.grown import each, grow, read

CANS = "dented cracked good"


def _cans(root, form="{}-{{:03}}.png"):
    return grow(root, *(f"fotos | 5 | {form.format(code)}" for code in "ATB"))


@pytest.mark.parametrize("form", ["{}-{{:03}}.png", "{}{{}}.png", "IMG {{}} ({}).png"])
@pytest.mark.parametrize("mark", [" = ", ": ", " - ", "\t", "; ", " -> "])
def test_the_text_says_the_classes(tmp_path, form, mark):
    _cans(tmp_path, form)
    (tmp_path / "legend.txt").write_text(
        "Codes\n\n" + "".join(f"{code}{mark}{name}\n" for code, name in zip("ATB", CANS.split(), strict=True))
    )
    found, line = read(tmp_path)
    assert found == each(CANS, 5)
    assert "the file names carry codes, and legend.txt says what they stand for" in line


@pytest.mark.parametrize(
    "text", ["A = dented\nT = cracked\n", "A = dented\nT = dented\nB = good\n", "A dented, T cracked, B good"]
)
def test_a_text_that_lacks_a_code_or_says_two_alike_explains_nothing(tmp_path, text):
    _cans(tmp_path)
    (tmp_path / "legend.txt").write_text(text)
    assert set(read(tmp_path)[0]) == {"?"}
