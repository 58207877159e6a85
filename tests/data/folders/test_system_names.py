"""Folders as systems name them."""

import pytest

from tests.data.folders.grown import each, read


@pytest.mark.parametrize("copy", ["NOK - Copia", "NOK - Cópia (2)", "NOK copy", "Copy of NOK", "Cópia de NOK"])
def test_a_copy_that_the_system_made_is_passed_over(tmp_path, copy):
    found, line = read(tmp_path, "OK 5", "NOK 6", f"{copy} | 4 | img_{{}}.png as NOK")
    assert found == {"NOK": 6, "OK": 5}
    assert f"{copy} (4 pictures that are there twice) passed over" in line


def test_a_folder_called_a_copy_that_holds_more_is_a_class(tmp_path):
    found, _ = read(tmp_path, "OK 5", "NOK 6", "NOK - Copia | 4 | img_{}.png")
    assert found == {"NOK": 6, "NOK - Copia": 4, "OK": 5}


@pytest.mark.parametrize(
    "names", [("New folder", "New folder (2)"), ("Nova pasta", "Nova pasta (3)"), ("untitled folder", "new folder 2")]
)
def test_folders_that_nobody_has_named_say_nothing_and_names_of_files_do(tmp_path, names):
    lines = [f"{names[0]} | 4 | {fruit} ({{}}).png" for fruit in ("apple", "rotten apple")] + [
        f"{names[1]} | 4 | orange ({{}}).png"
    ]
    found, line = read(tmp_path, *lines)
    assert found == {"apple": 4, "orange": 4, "rotten apple": 4}
    assert "the file names say the class" in line


def test_of_folders_that_nobody_has_named_with_names_of_cameras_there_are_no_classes(tmp_path):
    found, line = read(tmp_path, "New folder | 4 | IMG_{}.png", "Nova pasta | 5 | DSC_{}.png")
    assert set(found) == {"?"}
    assert each("?", 9) == found
    assert "no classes" in line


def test_pieces_of_one_download_are_read_together(tmp_path):
    pieces = [f"Banco de imagens-20230612T184523Z-00{n}" for n in (1, 2)]
    names = ("Porca", "Parafuso")
    found, line = read(tmp_path, *(f"{piece}/Banco de imagens/{name} | 3 | img_{{}}.png" for piece in pieces for name in names))
    assert found == {"Parafuso": 6, "Porca": 6}
    assert "2 pieces of one download read together" in line


def test_labelled_pictures_are_read_and_unlabelled_ones_are_passed_over(tmp_path):
    found, line = read(tmp_path, "Train/Labeled/Flooded 3", "Train/Labeled/Dry 4", "Train/Unlabeled/image 5", "Test 4")
    assert found == {"Dry": 4, "Flooded": 3}
    assert "Unlabeled (5 pictures without a class) passed over" in line


def test_a_copy_of_the_whole_set_beside_it_leaves_the_classes(tmp_path):
    lines = [f"Fotos Solda/{name} | 4 | {name}_{{}}.png" for name in ("boas", "trinca")]
    again = [f"Fotos Solda - Cópia/{name} | 4 | {name}_{{}}.png as Fotos Solda/{name}" for name in ("boas", "trinca")]
    found, line = read(tmp_path, *lines, *again)
    assert found == each("boas trinca", 4)
    assert "Fotos Solda - Cópia (8 pictures that are there twice) passed over" in line


def test_pieces_of_one_download_may_hold_parts(tmp_path):
    pieces = {"001": ("train", "test"), "002": ("train", "val")}
    lines = [
        f"Cotton-20240311T093012Z-{piece}/Cotton/{part}/{name} | 3 | {piece}{{}}.png"
        for piece, parts in pieces.items()
        for part in parts
        for name in ("fresh", "sick")
    ]
    found, line = read(tmp_path, *lines)
    assert found == {**each("fresh sick", 6, "train"), **each("fresh sick", 3, "test"), **each("fresh sick", 3, "validation")}
    assert "2 pieces of one download" in line


def test_folders_of_a_phone_are_no_classes(tmp_path):
    found, _ = read(tmp_path, "Camera 4", "Screenshots 3", "WhatsApp Images | 5 | x{}.png")
    assert set(found) == {"?"}


def test_a_copy_that_was_broken_off_is_passed_over(tmp_path):
    whole = ("pepper", "potato", "tomato")
    lines = [f"PlantVillage/{name} 4" for name in whole]
    again = [f"plantvillage/PlantVillage/{name} | 3 | img_{{}}.png as PlantVillage/{name}" for name in whole[:2]]
    found, line = read(tmp_path, *lines, *again)
    assert found == each("pepper potato tomato", 4)
    assert "plantvillage (6 pictures that are there twice)" in line


def test_classes_are_called_without_what_downloads_add(tmp_path):
    names = ["Mango-20240502T121212Z-001/Mango", "Banana-20240502T121212Z-002", "Papaya (1)/Papaya", "Fig"]
    found, _ = read(tmp_path, *(f"{name} | 3 | {name[:3]}{{}}.png" for name in names))
    assert found == each("Banana Fig Mango Papaya", 3)
