"""Rule 4: which folders are parts, which are passed over, and when a word of parts is a class."""

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.data.labelled import require_labelled, require_taught
from tests.conftest import assert_says
from tests.data.folders.grown import each, grow, read
from tests.data.tables.made import counts as made_counts

AB = ("cat", "dog")


def of(*parts: tuple[str, int]) -> list[str]:
    return [f"{part}/{name} | {n}" if " " in part else f"{part}/{name} {n}" for part, n in parts for name in AB]


@pytest.mark.parametrize(
    ("train", "validation", "test"),
    [
        ("train", "val", "test"),
        ("training_set", "validation_set", "test_set"),
        ("TRAIN", "VALID", "TEST"),
        ("Final_Training", "Final_Validation", "Final_Test"),
        ("train_another", "validation_another", "test_another"),
        ("asl_alphabet_train", "asl_alphabet_valid", "asl_alphabet_test"),
        ("treino", "validação", "teste"),
        ("Imagens de treino", "Imagens de validação", "Imagens de teste"),
        ("training", "validation", "evaluation"),
        ("train2017", "val2017", "test2017"),
        ("TrainSet", "ValSet", "TestSet"),
        ("treinos", "validações", "testes"),
        ("Treinamento", "Validação", "Testes"),
        ("conjunto de treino", "conjunto de validação", "conjunto de testes"),
        ("entrenamiento", "validación", "pruebas"),
        ("trainning", "validations", "tests"),
    ],
)
def test_parts_are_known_by_their_many_names(tmp_path, train, validation, test):
    found, _ = read(tmp_path, *of((train, 6), (validation, 2), (test, 3)))
    assert found == each("cat dog", 6, "train") | each("cat dog", 2, "validation") | each("cat dog", 3, "test")


@pytest.mark.parametrize(("train", "test"), [("treinos", "testes"), ("treino", "testes"), ("Entrenamiento", "Pruebas")])
def test_plurals_without_a_part_for_validation_are_parts(tmp_path, train, test):
    assert read(tmp_path, *of((train, 6), (test, 3)))[0] == each("cat dog", 6, "train") | each("cat dog", 3, "test")


@pytest.mark.parametrize("names", ["trains buses", "trem trens", "tester validade", "trains tests_tube", "treinador atleta"])
def test_near_words_of_parts_are_classes(tmp_path, names):
    assert read(tmp_path, *(f"{name} 6" for name in names.split()))[0] == each(names, 6)


def test_two_test_folders_are_read_together(tmp_path):
    assert read(tmp_path, *of(("train", 6), ("test", 3), ("test_simple", 1)))[0]["test/cat"] == 4


@pytest.mark.parametrize("other", ["test1", "single_prediction", "Meta", "unlabeled", "imagens para testar"])
def test_a_folder_without_classes_stops_no_training(tmp_path, other):
    found, line = read(tmp_path, *of(("train", 6)), f"{other} | 4 | {{}}.png")
    assert found == each("cat dog", 6)
    assert f"{other} (4 pictures" in line


def test_names_in_a_test_folder_carry_the_classes_of_training(tmp_path):
    lines = ["train/paper 6", "train/rock 6", "test 2 paper-hires{}.png", "test 2 rock{}.png"]
    assert read(tmp_path, *lines)[0] == each("paper rock", 6, "train") | each("paper rock", 2, "test")


def test_a_test_set_beside_the_set_makes_it_the_training_part(tmp_path):
    found, line = read(tmp_path, *of(("rps/rps", 6), ("rps-test-set/rps-test-set", 2)))
    assert found == each("cat dog", 6, "train") | each("cat dog", 2, "test")
    assert "rps taken for the training part" in line


@pytest.mark.parametrize(("names", "told"), [("bus car train", "train"), ("control test", "test"), ("boat train truck", "train")])
def test_a_word_of_parts_among_loose_pictures_is_a_class(tmp_path, names, told):
    found, line = read(tmp_path, *(f"{name} 6" for name in names.split()))
    assert found == each(names, 6)
    assert f"{told} read as a class" in line


def test_a_station_is_no_part(tmp_path):
    lines = [f"{top}/{side} 3" for top in ("train_station", "airport") for side in ("indoor", "outdoor")]
    assert read(tmp_path, *lines, "beach 6")[0] == each("airport beach train_station", 6)


def test_part_words_below_every_class(tmp_path):
    lines = [f"{name}/{part} 4" for name in AB for part in ("train", "test")]
    assert read(tmp_path, *lines)[0] == each("cat dog", 4, "train test")


@pytest.mark.parametrize(
    ("lines", "code", "below"),
    [
        (of(("train", 6), ("training_small", 2), ("test", 2)), "OLH121", ["train", "training_small"]),
        (of(("val", 6), ("test", 2)), "OLH122", ["", "test", "val"]),
        (["train/steam 3", "train/diesel 3", "bus/city 3", "bus/coach 3", "car/a 3", "car/b 3"], "OLH123", ["", "train"]),
        ([f"{o}/{p} 3" for o in ("jar", "cup") for p in ("train/good", "test/good", "test/bad")], "OLH127", ["", "cup", "jar"]),
    ],
)
def test_what_may_be_read_in_several_ways_is_refused(tmp_path, lines, code, below):
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines)
    assert error.value.code == code
    assert [reading.below for reading in error.value.readings] == below
    for reading in error.value.readings:
        olhar.read(tmp_path / reading.below, **reading.options)  # pyright: ignore[reportArgumentType]


def test_a_class_that_only_other_parts_have_is_refused_and_the_part_with_all_is_named(tmp_path):
    dataset = olhar.read(grow(tmp_path, "bottle/train/good 8", "bottle/test/good 4", "bottle/test/broken 4"))
    with pytest.raises(DataError) as error:
        require_taught(require_labelled(dataset))
    assert_says(error, "broken", "other parts")
    assert [reading.command for reading in error.value.readings] == [f"olhar train {tmp_path}/bottle/test"]


def test_a_folder_called_0_in_a_test_part_stands_for_no_class(tmp_path):
    found, line = read(tmp_path, "train/cbb 5", "train/cmd 5", "test/0 3")
    assert found == each("cbb cmd", 5)
    assert "test (3 pictures without a class) passed over" in line
    assert read(tmp_path / "digits", "train/0 5", "train/1 5", "test/0 3")[0] == each("0 1", 5, "train") | each("0", 3, "test")


@pytest.mark.parametrize(("name", "joined"), [("{}_{{}}.png", True), ("{{}}.png", False), ("new_{{}}.png", False)])
def test_a_test_folder_of_another_name_joins_where_its_pictures_bear_the_classes(tmp_path, name, joined):
    lines = ["toons_dataset/cat 6", "toons_dataset/dog 6", *(f"kaggle_testset 3 {name.format(kind)}" for kind in AB)]
    if joined:
        assert read(tmp_path, *lines)[0] == each("cat dog", 6, "train") | each("cat dog", 3, "test")
        return
    found, line = read(tmp_path, *lines)
    assert found == each("cat dog", 6)
    assert "kaggle_testset (3 pictures without a class) passed over" in line


def test_pictures_to_try_beside_the_dataset_are_a_test_without_classes(tmp_path):
    lines = [f"The lung dataset/{name} cases | 4" for name in ("Benign", "Normal")]
    found, line = read(tmp_path, *lines, "Test cases | 3")
    assert found == {"Benign cases": 4, "Normal cases": 4}
    assert "Test cases (3 pictures without a class) passed over" in line


def test_development_and_evaluation_are_parts(tmp_path):
    found, _ = read(
        tmp_path, *(f"set_{part}/{name} 3" for part in ("training", "development", "evaluation") for name in ("real", "spoof"))
    )
    assert found == each("real spoof", 3, "train validation test")


def test_a_split_to_classify_is_taken_beside_a_larger_one_to_segment(tmp_path):
    tasks = {"classification_task": 2, "segmentation_task": 4}
    found, line = read(
        tmp_path,
        *(f"{task}/{part}/{name} {n}" for task, n in tasks.items() for part in ("train", "test") for name in ("a1x", "b2y")),
    )
    assert found == each("a1x b2y", 2, "train test")
    assert "segmentation_task (16 pictures beside the parts) passed over" in line


@pytest.mark.parametrize("small", ["valid-mini", "train_small"])
def test_a_part_that_holds_nothing_but_what_a_larger_one_of_its_kind_holds_is_passed_over(tmp_path, small):
    whole = "valid" if small.startswith("valid") else "train"
    found, line = read(
        tmp_path,
        *(f"{part}/{name} 5" for part in ("train", "valid") for name in ("cat", "dog")),
        *(f"{small}/{name} 2 as {whole}/{name}" for name in ("cat", "dog")),
    )
    assert found == each("cat dog", 5, "train validation")
    assert f"{small} (4 pictures that are there twice) passed over" in line


def test_two_parts_of_a_kind_that_hold_different_pictures_are_read_together(tmp_path):
    found, _ = read(tmp_path, *(f"{part}/{name} 5" for part in ("train", "valid", "valid-mini") for name in ("cat", "dog")))
    assert found == {**each("cat dog", 5, "train"), **each("cat dog", 10, "validation")}


def test_training_in_several_folders_of_other_classes_each_is_one_part(tmp_path):
    """ImageNet100 as it is packed: ``train.X1`` to ``train.X4`` beside ``val.X``."""
    shares = {"train.X1": "ant bee", "train.X2": "cat dog", "val.X": "ant bee cat dog"}
    found = olhar.read(grow(tmp_path, *(f"{share}/{name} 3" for share, names in shares.items() for name in names.split())))
    assert made_counts(found) == {"train": each("ant bee cat dog", 3), "validation": each("ant bee cat dog", 3)}


@pytest.mark.parametrize("names", [("train1", "train2"), ("train_a", "train_b")])
def test_several_trainings_of_the_same_classes_are_asked_about(tmp_path, names):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{share}/{name} 3" for share in (*names, "val") for name in ("ant", "bee")))
    assert error.value.code == "OLH121"
