"""Rules 1, 7 and 9: what a person says, loose pictures, classes in the names of files; and what is told."""

import pickle

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.texts import speaking
from olhar.data.labelled import require_labelled
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read


def test_folders_with_nothing_odd_are_told_in_few_words(tmp_path):
    assert read(tmp_path, "cat 6", "dog 6") == (each("cat dog", 6), "read as: 2 classes")


def test_what_was_read_stands_in_the_dataset_as_data(tmp_path):
    dataset = olhar.read(grow(tmp_path, "seg_train/cat 4", "seg_train/dog 4", "seg_test/cat 2", "seg_test/dog 2", "seg_pred 5"))
    assert dataset.read_as.to_dict() == {
        "line": "read as: 2 parts (train, test), 2 classes; seg_pred (5 pictures of no part) passed over",
        "parts": ["train", "test"],
        "classes": 2,
        "groups": 0,
        "passed_over": [{"place": "seg_pred", "n": 5, "pictures": True, "why": "5 pictures of no part"}],
        "notes": [],
    }
    assert olhar.ReadAs.from_record(dataset.read_as.to_record()) == dataset.read_as
    with speaking("pt-BR"):
        assert str(dataset.read_as) == (
            "lido como: 2 partes (treino, teste), 2 classes; fora da leitura: seg_pred (5 imagens fora das partes)"
        )


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ("class", each("apple pear", 12)),
        ("*/class", each("fresh rotten", 12)),
        ("group/class", each("fresh rotten", 12)),
        ("class/*", each("apple pear", 12)),
        ("*", {"?": 24}),
    ],
)
def test_a_layout_says_what_each_level_is(tmp_path, layout, wanted):
    lines = [f"set/{name}/{state} 6" for name in ("apple", "pear") for state in ("fresh", "rotten")]
    dataset = olhar.read(grow(tmp_path, *lines), layout=layout)
    assert counts(dataset) == wanted
    assert set(dataset.groups) == ({"apple", "pear"} if "group" in layout else set())


def test_a_layout_may_name_parts_below_the_class(tmp_path):
    lines = [f"{name}/{part} 3" for name in ("cat", "dog") for part in ("train", "test", "more")]
    found, line = read(tmp_path, *lines, layout="class/part")
    assert found == each("cat dog", 3, "train test")
    assert "cat/more (3 pictures of no part)" in line


@pytest.mark.parametrize(
    ("layout", "words"), [("kind/class", ["kind", "*/class"]), ("class/class", ["class", "twice"]), ("*/*/*/class", ["cat"])]
)
def test_a_layout_that_cannot_be_is_refused(tmp_path, layout, words):
    with pytest.raises(DataError) as error:
        read(tmp_path, "cat 3", "dog 3", layout=layout)
    assert_says(error, *words)


def test_a_few_loose_pictures_are_left_out_and_more_are_refused(tmp_path):
    assert read(tmp_path, "cat 6", "dog 6", ". 2 logo{}.png")[1] == "read as: 2 classes; * (2 loose pictures) passed over"
    dataset = olhar.read(grow(tmp_path, ". 4 more{}.png"))
    with pytest.raises(DataError) as error:
        require_labelled(dataset)
    assert_says(error, "6 pictures", "logo0.png")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([". 4 glioma{}.png", ". 4 pituitary{}.png"], each("glioma pituitary", 4)),
        ([". 4 0000{}_happy.png", ". 4 1000{}_sad.png"], each("happy sad", 4)),
        ([". | 4 | Healthy leaf ({}).png", ". | 4 | Leaf blight ({}).png"], {"Healthy leaf": 4, "Leaf blight": 4}),
        (["images 4 cat.{}.png", "images 4 dog.{}.png"], each("cat dog", 4)),
        (["train/train 4 cat.{}.png", "train/train 4 dog.{}.png", "test1/test1 3 {}.png"], each("cat dog", 4)),
        ([". 6 DSC_000{}.png"], {"?": 6}),
        ([". 4 a{}.png", ". 4 b{}.png"], {"?": 8}),
        (["HAM_images_part_1 4 ISIC_00243{}.png", "HAM_images_part_2 4 ISIC_00293{}.png"], {"?": 8}),
    ],
)
def test_names_of_files_carry_the_class_where_all_do(tmp_path, lines, wanted):
    assert read(tmp_path, *lines)[0] == wanted


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([". 4 20_1_{}_2017.png"], ["several numbers", "20_1_0_2017.png", "table"]),
        (["train 6 file{}.png", "test 3 file{}.png"], ["train 6, test 3", "train/cat/1.jpg"]),
        (["images/train 6 a{}.png", "images/val 3 a{}.png", "labels/train 6 a{}.txt"], ["train 6, validation 3"]),
    ],
)
def test_pictures_without_classes_are_refused_with_what_was_found(tmp_path, lines, words):
    with pytest.raises(DataError) as error:
        require_labelled(olhar.read(grow(tmp_path, *lines)))
    assert_says(error, *words)


def test_readings_travel_with_the_error(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "color/a 3", "color/b 3", "gray/a 3", "gray/b 3")
    again = pickle.loads(pickle.dumps(error.value))
    assert [reading.to_dict() for reading in again.readings] == [
        {
            "reading": "classes a 3, b 3",
            "place": f"{tmp_path}/{top}",
            "command": f"olhar train {tmp_path}/{top}",
        }
        for top in ("color", "gray")
    ]


def test_a_folder_that_holds_nearly_all_and_several_folders_is_asked_for_beside_loose_pictures(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "tiles/tumor 8", "tiles/stroma 8", "tiles/mucosa 8", "larger 4")
    assert error.value.code == "OLH133"
    assert len(error.value.readings) == 2


def test_a_class_of_several_batches_beside_another_class_is_no_question(tmp_path):
    assert read(tmp_path, "paper/a 4", "paper/b 4", "paper/c 4", "plastic 8")[0] == {"paper": 12, "plastic": 8}


def test_hidden_pictures_are_passed_over_and_told(tmp_path):
    lines = ["cat 4", "dog 4", "cat/.ipynb_checkpoints 2", "__MACOSX 3 {}.png", "dog 2 ._{}.png"]
    found, line = read(tmp_path, *lines)
    assert found == each("cat dog", 4)
    assert "cat/.ipynb_checkpoints (2 hidden pictures)" in line
    assert "__MACOSX (3 hidden pictures)" in line
    assert "*/.* (2 hidden pictures)" in line


def test_classes_below_images_beside_turned_copies_and_bare_boards_are_asked_about(tmp_path):
    kinds = ("Missing_hole", "Mouse_bite", "Short")
    lines = [f"images/{kind} 5 {kind}_{{}}.png" for kind in kinds] + [
        f"rotation/{kind}_rotation 3 {kind}_r{{}}.png" for kind in kinds
    ]
    with pytest.raises(DataError) as error:
        olhar.read(grow(tmp_path, *lines, "PCB_USED 4 board_{}.png"))
    assert_says(error, "images", "PCB_USED", "rotation")


@pytest.mark.parametrize("form", ["{0}_0_{1}_20170116.png", "KA{0}.AN{1}.{2}.png"])
def test_one_folder_of_pictures_whose_names_say_several_things_is_no_class(tmp_path, form):
    names = [form.format(a, b, c) for a in range(2) for b in range(3) for c in range(10, 12)]
    grow(tmp_path, *(f"UTKFace 1 {name}" for name in dict.fromkeys(names)))
    assert set(read(tmp_path)[0]) == {"?"}


def test_one_folder_of_pictures_among_as_many_other_files_is_no_class(tmp_path):
    grow(tmp_path, "faces 3 subject0{}.png", "faces 11 subject0{}.happy")
    assert set(read(tmp_path)[0]) == {"?"}


@pytest.mark.parametrize("form", ["IMG_{}.png", "IMG_20210304_10111{}.png", "20210304_10111{}.png", "cat{}.png"])
def test_one_folder_of_pictures_may_be_a_class(tmp_path, form):
    assert read(tmp_path, f"cat 6 {form}")[0] == {"cat": 6}


def test_a_number_that_a_name_calls_its_label_is_the_class(tmp_path):
    for part in ("train", "test"):
        grow(tmp_path, *(f"{part} 1 id_{n}_label_{n % 3 + 1}.png" for n in range(9)))
    assert read(tmp_path)[0] == each("1 2 3", 3, "test train")


def test_left_and_right_in_names_are_no_classes(tmp_path):
    assert set(read(tmp_path, "eyes 6 {}_left.png", "eyes 6 {}_right.png")[0]) == {"?"}


def test_two_things_that_names_of_files_say_are_no_classes(tmp_path):
    names = [f"{cloth}-{sample}-p00{{}}.png" for cloth in ("blanket1", "canvas1", "rice1") for sample in "abcd"]
    assert set(read(tmp_path, *(f"without-rotations 3 {name}" for name in names))[0]) == {"?"}


def test_classes_that_speak_of_images_and_of_numbers_are_classes(tmp_path):
    names = (
        "ECG Images of Patients (240x12=2880)",
        "ECG Images of abnormal heartbeat (233x12=2796)",
        "Normal ECG Images (284x12=3408)",
    )
    assert read(tmp_path, *(f"{name} | 3" for name in names))[0] == dict.fromkeys(sorted(names), 3)


def test_folds_that_hold_pictures_alone_are_no_classes(tmp_path):
    grow(tmp_path, *(f"spectrograms/fold{k} | 4 | {k}_{{}}.png" for k in range(1, 4)))
    found = olhar.read(tmp_path)
    assert found.classes == ()
    assert {*found.groups} == {"fold1", "fold2", "fold3"}


def test_what_a_form_for_answers_lists_has_no_class(tmp_path):
    grow(tmp_path, "Cover 6", "Hidden 6", "Test | 5 | q{}.png")
    assert set(olhar.read(tmp_path).classes) == {"Cover", "Hidden", "Test"}
    lines = ["Id,Label", *(f"q{i}.png,0.5" for i in range(5))]
    (tmp_path / "sample_submission.csv").write_text("\n".join(lines) + "\n")
    found = olhar.read(tmp_path)
    assert found.classes == ("Cover", "Hidden")
    assert "Test (5 pictures without a class)" in str(found.read_as)
