"""A zip among other files is looked into by its ending; documents and what is broken stop nothing."""

import zipfile

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy, write_pictures

BROKEN = b"PK\x03\x04" + bytes(200)


def loose(root, n=4):
    root.mkdir(parents=True, exist_ok=True)
    for i in range(n):
        (root / f"{i}.png").write_bytes(encoded(noisy((30 * i, 90, 200), i)))
    return root


def document(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/media/image1.png", encoded(noisy((1, 2, 3), 0)))


@pytest.mark.parametrize("name", ["ReadMe.docx", "notes.odt", "weights.pth", "more.zip", "app.jar"])
@pytest.mark.parametrize("whole", [True, False])
def test_what_starts_as_a_zip_beside_pictures_stops_nothing(tmp_path, name, whole):
    loose(tmp_path)
    if whole:
        document(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(BROKEN)
    assert len(read(tmp_path)) == 4


@pytest.mark.parametrize("name", ["data.npz", "project.tm"])
def test_what_is_called_as_data_and_is_broken_is_told(tmp_path, name):
    (loose(tmp_path) / name).write_bytes(BROKEN)
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, name)


@pytest.mark.parametrize("whole", [True, False])
def test_a_document_in_an_archive_is_no_archive_in_it(tmp_path, whole):
    folder = tmp_path / "set"
    write_pictures(folder, 3)
    document(folder / "ReadMe.docx") if whole else (folder / "ReadMe.docx").write_bytes(BROKEN)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(folder))
    assert len(olhar.read(tmp_path / "set.zip").classes) == 3


def test_one_folder_whose_names_end_in_a_few_numbers_is_no_class(tmp_path):
    folder = tmp_path / "CXR_png"
    folder.mkdir()
    for i in range(12):
        (folder / f"CHNCXR_{i:04}_{i // 6}.png").write_bytes(encoded(noisy((20 * i, 90, 200), i)))
    assert not olhar.read(tmp_path).classes
    assert olhar.read(tmp_path, layout="class").classes == ("CXR_png",)
