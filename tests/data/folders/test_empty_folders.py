"""An empty class folder is told, by the line of what was read and by the check, in folders and in archives."""

import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

import olhar
from olhar.base.texts import speaking
from tests.conftest import write_pictures


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    root = write_pictures(tmp_path / "animals", per_class=3)
    (root / "yellow" / "sub").mkdir(parents=True)
    shutil.rmtree(root / "yellow" / "sub")
    (root / "yellow" / ".DS_Store").write_bytes(b"")
    (root / "test").mkdir()
    (root / "blue" / "thumbs").mkdir()
    return root


def zipped(root: Path) -> Path:
    with zipfile.ZipFile(root.with_suffix(".zip"), "w") as archive:
        for path in sorted(root.rglob("*")):
            if path.name != ".DS_Store":
                archive.write(path, path.relative_to(root.parent))
    return root.with_suffix(".zip")


def tarred(root: Path) -> Path:
    (root / "yellow" / ".DS_Store").unlink()
    with tarfile.open(root.with_suffix(".tar"), "w") as archive:
        archive.add(root, root.name)
    return root.with_suffix(".tar")


@pytest.mark.parametrize("packed", [lambda root: root, zipped, tarred, lambda root: zipped(root) / root.name])
def test_an_empty_class_folder_is_told_in_every_place(animals, packed):
    read = olhar.read(packed(animals))
    assert len(read.classes) == 3
    line = str(read.read_as)
    assert "1 empty class folder (" in line
    assert "yellow)" in line
    assert "thumbs" not in line
    with speaking("pt-BR"):
        assert "1 pasta de classe vazia (" in str(read.read_as)


def test_the_check_names_it(animals):
    found = {finding.code: finding for finding in olhar.check(animals).findings}
    assert str(found["CHK035"].found) == "1 empty folder of a class: yellow."


def test_where_no_folder_is_empty_nothing_is_said(tmp_path):
    assert "empty" not in str(olhar.read(write_pictures(tmp_path / "set", per_class=2)).read_as)
