"""Names of pictures in which words vary at one place: they are the class, whatever numbers and dates stand around them."""

import pytest

from tests.data.folders.grown import each, read

PETS = ("gato", "cao", "ave")


def named(form, words=PETS):
    """Eight pictures of each, with a number, a day, a view and who took it."""
    takes = [(k, f"2023-05-{k + 1:02}", ("left", "right")[k % 2], ("amy", "josh")[k % 2]) for k in range(8)]
    return [f". | 1 | {form.format(word, *take)}" for word in words for take in takes]


@pytest.mark.parametrize(
    "form",
    [
        "{2}_{0}_{1:03}.jpg",
        "{1}@{0}.jpg",
        "{0}_{4}_{1}.jpg",
        "{0} IMG_20230501_10{1}000.jpg",
        "IMG-20230501-WA00{1} {0}.jpg",
        "foto ({1}) {0}.jpg",
        "{0}+{1}.jpg",
        "{0}_{3}_{1:03}.jpg",
        "img_{0}_{1:03}.jpg",
        "{1:04}_label_{0}.jpg",
        "{0} ({1}) - Copia.jpg",
        "{2}_talhao1_{0}_{1:03}.jpg",
        "Lote {1} {0} camera 2 img {1}.jpg",
        "P0{1}_{4}_{0}_1.jpg",
        "2022061{1}_tacho1_{0}_0{1}.jpg",
        "casa{1}_{0}_01.jpg",
    ],
)
def test_the_words_that_vary_at_one_place_are_the_class(tmp_path, form):
    found, line = read(tmp_path, *named(form))
    assert found == each("ave cao gato", 8)
    assert "the file names say the class" in line
    assert "stay together" not in line


@pytest.mark.parametrize("form", ["P0{1}_{0}_3.jpg", "subject {1} {0} 3.jpg", "x_{1}_{0}_2.jpg", "{1}_img_{1}.jpg"])
def test_two_places_persons_and_words_of_cameras_say_nothing(tmp_path, form):
    assert set(read(tmp_path, *named(form))[0]) == {"?"}


def test_a_number_that_comes_again_beside_each_word_may_be_the_class_as_well(tmp_path):
    lines = [f". | 1 | {digit}_{who}_{k}.jpg" for digit in range(3) for who in ("jackson", "nicolas") for k in range(4)]
    assert set(read(tmp_path, *lines)[0]) == {"?"}


def test_views_alone_say_nothing(tmp_path):
    assert set(read(tmp_path, *named("{1}@{0}.jpg", ("left", "right")))[0]) == {"?"}


def test_copies_that_a_system_made_are_of_the_class_of_their_picture(tmp_path):
    lines = [f". | 1 | {pet} ({k}){end}.jpg" for pet in PETS for k in range(4) for end in ("", " - Copia", " - Cópia (2)")]
    assert read(tmp_path, *lines)[0] == each("ave cao gato", 12)


def test_a_few_pictures_that_a_camera_named_are_passed_over_beside_those_that_say_a_class(tmp_path):
    cameras = [f". | 1 | IMG_2024031{k}_10522{k}.jpg" for k in range(3)]
    found, line = read(tmp_path, *named("{0} ({1}).jpg"), *cameras)
    assert found == each("ave cao gato", 8)
    assert "IMG_20240310_105220.jpg (3 pictures without a class) passed over" in line


def test_where_a_camera_named_most_there_are_no_classes(tmp_path):
    cameras = [f". | 1 | IMG_202403{k:02}_105221.jpg" for k in range(10, 30)]
    assert set(read(tmp_path, *named("{0} ({1}).jpg"), *cameras)[0]) == {"?"}


def test_a_name_of_two_lines_is_one_name(tmp_path):
    found, _ = read(tmp_path, *named("{2}_{0}_{1:03}.jpg"))
    assert found == each("ave cao gato", 8)
    (tmp_path / "2023-05-09_gato\n_008.jpg").write_bytes((tmp_path / "2023-05-01_gato_000.jpg").read_bytes())
    assert read(tmp_path)[0] == {"ave": 8, "cao": 8, "gato": 9}


def test_words_that_are_written_in_several_ways_are_one_class_and_told(tmp_path):
    names = ["CACHORRO-4", "Cachorro 6", "Cachorro02", "cachorro (1)", "cachorro5", "GATO-03", "Gato 6", "gato5", "gato_2"]
    found, line = read(tmp_path, *(f"pets | 1 | {name}.jpg" for name in names))
    assert found == {"Cachorro": 5, "gato": 4}
    assert "spelled otherwise: CACHORRO = Cachorro" in line


def test_moves_and_who_makes_them_by_names_that_nobody_knows_say_nothing(tmp_path):
    names = [f"{move}_{who}_0{i}" for move in ("ginga", "meia-lua", "armada") for who in ("pretinho", "xande") for i in range(3)]
    assert set(read(tmp_path, *(f". | 1 | {name}.png" for name in names))[0]) == {"?"}
    (tmp_path / "LEIAME.txt").write_text("Nome do arquivo: golpe_aluno_numero.png")
    assert read(tmp_path)[0] == {"armada": 6, "ginga": 6, "meia-lua": 6}
