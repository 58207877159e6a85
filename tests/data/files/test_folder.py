"""Folders whose names are not UTF-8, as old zips leave them: they are read as Windows wrote them, and nothing is lost."""

import csv
import json
import os
from pathlib import Path

import pytest

import olhar
from olhar.cli.app import main
from tests.conftest import encoded, noisy
from tests.trained import QUICK


@pytest.fixture
def old(tmp_path) -> Path:
    """An empty folder of which not even the own name is UTF-8."""
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/fotos n\xe3o"))
    try:
        root.mkdir()
    except (OSError, ValueError):
        pytest.skip("this file system takes no name that is not UTF-8")
    return root


def put(root: Path, name: bytes, data: bytes) -> None:
    """A file of this very name."""
    path = root / os.fsdecode(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def test_names_are_shown_as_text_and_two_that_read_alike_stay_two(old):
    mixed = "cão/".encode() + b"p\xedcaro.png"
    for name in (b"c\xe3o/foto\xe3o.png", "cão/fotoão.png".encode(), mixed, b"gato/1.png"):
        put(old, name, name)
    found = olhar.read(old)
    assert (found.origin, found.classes, found.counts()) == ("fotos não", ("cão", "gato"), {"cão": 3, "gato": 1})
    assert {found.where[i]: found.read(i) for i in range(4)} == {
        "cão/fotoão.png": "cão/fotoão.png".encode(),
        "cão/fotoão-2.png": b"c\xe3o/foto\xe3o.png",
        "cão/pícaro.png": mixed,
        "gato/1.png": b"gato/1.png",
    }


def test_a_table_names_them_as_text(old):
    for i, label in enumerate(("sim", "n\u00e3o") * 3):
        put(old, b"retrat\xe3o-%d.png" % i, encoded(noisy((90, 90, 90), i)))
        with (old / "labels.csv").open("a", encoding="utf-8") as file:
            file.write(f"retratão-{i}.png,{label}\n" if i else f"path,label\nretratão-0.png,{label}\n")
    found = olhar.read(old)
    assert found.classes == ("não", "sim")
    assert found.read(5) == encoded(noisy((90, 90, 90), 5))


def test_they_are_checked_learnt_from_and_asked_about_like_others(old, tmp_path, capsys):
    for i in range(24):
        put(old, b"c\xe3o/foto\xe3o %d.png" % i, encoded(noisy((40, 60, 200), i)))
        put(old, b"gato/%d.png" % i, encoded(noisy((200, 50, 40), 100 + i)))
    put(old, b"c\xe3o/ru\xedm.png", b"no picture")
    run = olhar.train(old, into=tmp_path / "run", **QUICK | {"epochs": 1})
    assert run.signature.classes == ("cão", "gato")
    assert json.loads((run.path / "request.json").read_text(encoding="utf-8"))["data"] == str(old)
    rows = list(csv.DictReader((run.path / "split.csv").read_text(encoding="utf-8").splitlines()))
    assert {"cão/fotoão 7.png"} < {row["picture"] for row in rows}
    assert main(["check", str(old), "--write-keep", str(tmp_path / "keep.csv")]) == 0
    assert "cão/ruím.png" in capsys.readouterr().out
    assert "cão/fotoão 7.png,cão" in (tmp_path / "keep.csv").read_text(encoding="utf-8")
    alone = old / os.fsdecode(b"c\xe3o/foto\xe3o 7.png")
    for pictures, count in (([str(old)], 48), ([str(alone)], 1), ([str(alone), str(old / "gato")], 25)):
        assert main(["predict", str(run.path), *pictures, "--csv"]) == 0
        out = capsys.readouterr().out
        assert sum(not line.startswith("cão/ruím") for line in out.splitlines()) == 1 + count
        assert "fotoão 7.png" in out
