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


@pytest.mark.parametrize(
    "text",
    [
        "File names: plot number _ disease _ date (yyyymmdd) _ running number\n",
        "Nome do arquivo: talhao_doença_data_numero.jpg",
        "plot_class_date_number",
        "File names: `<piece>_<kind of leaf>_<date>_<no>.jpg`",
    ],
)
def test_the_text_says_where_the_names_have_the_class(tmp_path, text):
    names = [f"P{plot:02}_{name}_2023050{plot}_{i}" for plot in (1, 2, 3) for name in ("rust", "leaf-spot") for i in range(3)]
    grow(tmp_path, *(f"images | 1 | {name}.png" for name in names))
    assert set(read(tmp_path)[0]) == {"?"}
    (tmp_path / "README.txt").write_text(f"Wheat, spring 2023\n{text}\nPhotos by Kelsey", encoding="utf-8")
    found, line = read(tmp_path)
    assert found == {"leaf-spot": 9, "rust": 9}
    assert "README.txt says where the file names have the class" in line


@pytest.mark.parametrize("text", ["plot_date_number", "plot_disease_date_number_view", "class_label_date_number", "date"])
def test_a_text_that_says_no_class_or_another_form_says_nothing(tmp_path, text):
    names = [f"P{plot:02}_{name}_2023050{plot}_{i}" for plot in (1, 2, 3) for name in ("rust", "leaf-spot") for i in range(3)]
    grow(tmp_path, *(f"images | 1 | {name}.png" for name in names))
    (tmp_path / "README.txt").write_text(text)
    assert set(read(tmp_path)[0]) == {"?"}


def test_a_text_without_end_of_line_is_passed_over_at_once(tmp_path):
    names = [f"P{plot:02}_{name}_{i}" for plot in (1, 2, 3) for name in ("rust", "leaf-spot") for i in range(3)]
    grow(tmp_path, *(f"images | 1 | {name}.png" for name in names))
    for i in range(16):
        (tmp_path / f"{i}.txt").write_text("a" * 100_000)
    assert set(read(tmp_path)[0]) == {"?"}
