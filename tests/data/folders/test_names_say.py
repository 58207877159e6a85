"""What the names of pictures say in all folders alike: told, and asked about where the folders hardly are classes."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read

LETTERS = ("{} | 3 | a ({{}}).png", "{} | 3 | b ({{}}).png", "{} | 3 | c ({{}}).png")


def test_words_in_the_names_of_all_folders_are_told(tmp_path):
    lines = [f"{probe} 4 {finding}_{{}}.png" for probe in ("convex", "linear") for finding in ("Cov", "Pneu", "Reg")]
    found, line = read(tmp_path, *lines)
    assert found == each("convex linear", 12)
    assert "the names of the pictures say Cov, Pneu, Reg in every folder" in line


SOURCES = {"Cov": "Atlas Azar clarius", "Pneu": "Avi everyday grep", "Reg": "bat NormalLung grep"}


def test_they_are_asked_about_where_words_of_their_own_stand_behind_them(tmp_path):
    names = [f"{finding}_{source}" for finding, sources in SOURCES.items() for source in sources.split()]
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{probe} 2 {name}_{{}}.png" for probe in ("convex", "linear") for name in names))
    assert error.value.code == "OLH990"
    assert_says(error, "Cov, Pneu, Reg", "convex, linear")


@pytest.mark.parametrize("behind", [("left", "right"), ("silva",)])
def test_persons_by_views_or_family_names_are_told(tmp_path, behind):
    words = [f"{name}_{word}{name if word == 'silva' else ''}" for name in ("ana", "eva", "rui") for word in behind]
    found, line = read(tmp_path, *(f"{mood} 3 {word}_{{}}.png" for mood in ("happy", "sad") for word in words))
    assert found == each("happy sad", 3 * len(words))
    assert "say ana, eva, rui in every folder" in line


@pytest.mark.parametrize("folders", ["Postures|Postures with noise", "3|7|20"])
def test_they_are_asked_about_where_the_folders_hardly_are_classes(tmp_path, folders):
    grow(tmp_path, *(form.format(folder) for folder in folders.split("|") for form in LETTERS))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH990"
    assert_says(error, "a, b, c", folders.split("|")[0], "--layout class")
    found = olhar.read(tmp_path, **error.value.readings[0].options)
    assert counts(found) == dict.fromkeys(sorted(folders.split("|")), 9)


@pytest.mark.parametrize("form", ["{}_{{}}.png", "images ({{}}).png", "{{}}.png"])
@pytest.mark.parametrize("folders", ["0 1 2", "3 7 20", "happy sad"])
def test_names_that_say_no_more_than_the_folder_or_a_program_are_not(tmp_path, folders, form):
    lines = [f"{folder} | 4 | {form.format(folder)}" for folder in folders.split()]
    assert read(tmp_path, *lines, *(f"{folder} | 4 | download ({{}}).png" for folder in folders.split())) == (
        each(folders, 8),
        f"read as: {len(lines)} classes",
    )


def test_each_name_once_in_a_folder_says_no_class(tmp_path):
    lines = [f"{folder} 1 {name}_{{}}.png" for folder in ("3", "7", "20") for name in ("ana", "rui", "eva", "ivo")]
    assert read(tmp_path, *lines) == (each("20 3 7", 4), "read as: 3 classes")


def test_numbered_folders_of_pictures_with_notes_are_no_classes(tmp_path):
    lines = [f"{top} 3 pcd{top}{{}}{end}" for top in ("01", "02", "03", "04", "05") for end in ("r.png", "cpos.txt")]
    grow(tmp_path, *lines, "backgrounds 2")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "01, 02, 03", "notes of their own")
    assert error.value.code == "OLH968"


def test_counted_folders_of_pictures_with_points_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"CAT_0{top} 3 0000000{top}_{{}}{end}" for top in range(4) for end in (".png", ".png.cat")))
    assert error.value.code == "OLH968"
