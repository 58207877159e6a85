"""Folders beside the classes whose pictures have none."""

import pytest

from olhar.base.errors import DataError
from tests.data.folders.grown import each, read


@pytest.mark.parametrize(
    "rest",
    [
        "Não classificadas",
        "unsorted",
        "Gabriel (falta separar)",
        "New folder (2)",
        "A verificar",
        "por organizar",
        "no_label",
        "Sem classificar",
        "to check with Gran",
    ],
)
def test_what_is_not_sorted_yet_is_passed_over(tmp_path, rest):
    found, line = read(tmp_path, "cat 4", "dog 4", f"{rest} | 3 | img_{{}}.png")
    assert found == each("cat dog", 4)
    assert f"{rest} (3 pictures without a class) passed over" in line


@pytest.mark.parametrize("rest", ["não sei", "dúvidas", "not sure", "revisar"])
def test_what_is_not_sorted_beside_the_folder_of_the_classes_is_passed_over(tmp_path, rest):
    found, line = read(tmp_path, "Feira/fotos/cat 4", "Feira/fotos/dog 4", f"Feira/{rest} | 9 | img_{{}}.png")
    assert found == each("cat dog", 4)
    assert f"{rest} (9 pictures without a class) passed over" in line


def test_a_few_pictures_beside_the_one_folder_that_holds_the_classes_are_passed_over(tmp_path):
    found, line = read(tmp_path, "animals/animals/cats 7", "animals/animals/dogs 6", "images/images | 3 | shown_{}.png")
    assert found == {"cats": 7, "dogs": 6}
    assert "images (3 pictures without a class) passed over" in line


def test_many_pictures_called_by_no_class_beside_it_are_asked_about(tmp_path):
    with pytest.raises(DataError, match="images") as error:
        read(tmp_path, "animals/cats 7", "animals/dogs 6", "animals/owls 6", "images | 6 | shown_{}.png")
    assert error.value.code == "OLH133"


@pytest.mark.parametrize(
    "name", ["backup", "Lixeira", "descartadas", "duplicadas", "deleted", "excluir", "blurry - delete", "_fora (apagar)"]
)
def test_what_was_put_aside_is_passed_over(tmp_path, name):
    found, line = read(tmp_path, "OK 5", "NOK 6", f"{name} | 4 | x{{}}.png")
    assert found == {"NOK": 6, "OK": 5}
    assert f"{name} (4 pictures without a class) passed over" in line


@pytest.mark.parametrize("name", ["resultados", "modelo final", "prints de tela", "checkpoints", "training plots"])
def test_a_few_pictures_that_programs_made_are_passed_over_and_more_are_a_class(tmp_path, name):
    few, line = read(tmp_path / "few", "OK 5", "NOK 6", f"{name} | 2 | x{{}}.png")
    assert few == {"NOK": 6, "OK": 5}
    assert f"{name} (2 pictures without a class) passed over" in line
    assert read(tmp_path / "many", "OK 5", "NOK 6", f"{name} | 9 | x{{}}.png")[0] == {"NOK": 6, "OK": 5, name: 9}


@pytest.mark.parametrize("name", ["Examples", "amostras"])
def test_examples_beside_the_folder_of_the_classes_are_passed_over_however_many(tmp_path, name):
    found, line = read(tmp_path, "Signs/Dataset/0 6", "Signs/Dataset/1 6", f"Signs/{name} | 8 | example_{{}}.png")
    assert found == {"0": 6, "1": 6}
    assert f"{name} (8 pictures without a class) passed over" in line


def test_what_programs_made_beside_the_folder_of_the_set_is_passed_over_however_much(tmp_path):
    made = ["results/loss 1", "results/predictions/right | 9 | real_cat_said_cat_{}.png", "results/predictions/wrong 6"]
    found, line = read(tmp_path, "dataset/cat 5", "dataset/dog 6", *made)
    assert found == {"cat": 5, "dog": 6}
    assert "results (16 pictures without a class) passed over" in line


@pytest.mark.parametrize(
    ("place", "name"),
    [("DCIM/", "Camera"), ("Takeout/Google Fotos/", "Fotos de 2023"), ("Takeout/Google Photos/", "Photos from 2021")],
)
def test_what_a_phone_or_albums_keep_all_pictures_in_is_no_class(tmp_path, place, name):
    lines = [f"{place}{one} | {n} | IMG_{n}{{}}.png" for one, n in (("Ticks", 4), ("Scabs", 3), (name, 9))]
    found, line = read(tmp_path, *lines)
    assert found == {"Scabs": 3, "Ticks": 4}
    assert f"{name} (9 pictures without a class) passed over" in line


def test_a_camera_is_a_class_beside_other_things(tmp_path):
    assert read(tmp_path, "Camera 4", "Laptop 4", "Phone 4")[0] == each("Camera Laptop Phone", 4)


def test_a_can_that_lacks_its_label_is_a_class_beside_judgements(tmp_path):
    assert read(tmp_path / "cans", "ok 4", "dented 4", "sem_rotulo 4")[0] == each("dented ok sem_rotulo", 4)
    assert read(tmp_path / "pets", "cat 4", "dog 4", "sem_rotulo 4")[0] == each("cat dog", 4)


@pytest.mark.parametrize("name", ["_lixo", "~misc", "desfocadas", "Blurry ones"])
def test_what_is_marked_or_out_of_focus_is_put_aside(tmp_path, name):
    found, line = read(tmp_path, "bass 5", "bream 4", f"{name} | 3 | x{{}}.png")
    assert found == {"bass": 5, "bream": 4}
    assert f"{name} (3 pictures without a class) passed over" in line


@pytest.mark.parametrize(
    "names", ["_NORMAL glioma", "blurry sharp", "blurry noisy overexposed", "trash glass", "! alpha", "antes durante depois"]
)
def test_such_names_are_classes_beside_their_like(tmp_path, names):
    assert read(tmp_path, *(f"{name} 4" for name in names.split()))[0] == each(names, 4)


def test_predictions_sorted_by_a_program_beside_the_set_are_passed_over(tmp_path):
    found, _ = read(
        tmp_path, "classes/blind 5", "classes/open 6", "previsoes/certo | 3 | a{}.png", "previsoes/errado | 2 | b{}.png"
    )
    assert found == {"blind": 5, "open": 6}


def test_trash_beside_what_was_put_aside_is_put_aside_too_and_a_program_s_folder_beside_a_set_of_any_name(tmp_path):
    lines = ["stones/white 5", "stones/black 4", "stones/lixo 2", "stones/por classificar | 3 | x{}.png", "runs/exp1 2"]
    found, _ = read(tmp_path, *lines)
    assert found == {"black": 4, "white": 5}
