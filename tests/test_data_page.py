"""What the page about data shows is read as it stands there, in both languages."""

import re
from pathlib import Path

import pytest

import olhar
from olhar.data.class_names import read_class_names as read_names
from tests.conftest import encoded, noisy

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("data.md", "data.pt-BR.md")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["csv", "json"])
def test_every_table_is_read(page, language, tmp_path):
    (tmp_path / "pictures").mkdir()
    for i in (1, 2, 3):
        (tmp_path / "pictures" / f"{i}.png").write_bytes(encoded(noisy((9, 9, 9), i, 4)))
    for number, text in enumerate(blocks(page, language)):
        path = tmp_path / f"{number}.{language}"
        path.write_text(text, encoding="utf-8")
        found = olhar.read(path)
        assert len(found) == len(text.splitlines()) - (language == "csv")
        assert (len(found.classes), "train" in found.brought, "test" in found.brought) == (2, True, True)
        assert len({bytes(found.read(row)) for row in range(len(found))}) == len(found)


@pytest.mark.parametrize("page", PAGES)
def test_every_folder_is_understood(page, tmp_path):
    (text,) = blocks(page, "text")
    names = [line.split("  ")[0] for line in text.splitlines() if line]
    roots = {name.split("/")[0] + str(name.count("/")) for name in names}
    assert len(names) == 6
    assert len(roots) == 3
    for group in (names[:2], names[2:4], names[4:]):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        for name in group:
            for stem in (name, re.sub(r"(\d+)(\.\w+)$", r"9\1\2", name)):
                path = root / stem
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"x")
        assert len(olhar.read(root).classes) == 2


@pytest.mark.parametrize("page", PAGES)
def test_every_line_of_python_and_of_names_is_read(page, tmp_path):
    (code,) = blocks(page, "python")
    exec(compile(code, page, "exec"), {})
    (names,) = blocks(page, "toml")
    (tmp_path / "names.toml").write_text(names, encoding="utf-8")
    assert read_names(tmp_path / "names.toml") == {"dogs": "Cachorro", "0": "medo"}


def test_both_pages_have_the_same_parts():
    heads = [re.findall(r"^(#+) ", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE) for page in PAGES]
    assert heads[0] == heads[1]
