"""Sets as they are downloaded: which pictures are of which class, in which part and group, and what is told of the rest."""

import json
import zipfile

import numpy as np
import pytest

import olhar
from tests.data.tables.made import classes, counts, pictures, read, refused, table, told


def test_dog_breeds_by_ids_without_ending_and_a_form_that_is_never_used(tmp_path):
    pictures(tmp_path, [f"train/{i:032x}.jpg" for i in range(8)] + [f"test/{i:032x}.jpg" for i in range(100, 103)])
    table(tmp_path, "labels.csv", [("id", "breed"), *((f"{i:032x}", ("dingo", "pug")[i % 2]) for i in range(8))])
    table(tmp_path, "sample_submission.csv", [("id", "dingo", "pug"), *((f"{i:032x}", 0.5, 0.5) for i in range(100, 103))])
    found = read(tmp_path)
    assert counts(found) == {"": {"dingo": 4, "pug": 4}}
    assert "test (3 pictures" in told(found)
    assert "sample_submission.csv (a form for answers)" in told(found)
    assert "labels.csv, column breed" in told(found)


def test_a_form_full_of_classes_is_not_used_either(tmp_path):
    pictures(tmp_path, [f"train_images/{i}.jpg" for i in range(8)] + [f"test_images/{i}.jpg" for i in range(20, 24)])
    table(tmp_path, "train.csv", [("image_id", "label"), *((f"{i}.jpg", i % 2) for i in range(8))])
    table(tmp_path, "sample_submission.csv", [("image_id", "label"), *((f"{i}.jpg", i % 2) for i in range(20, 24))])
    assert counts(read(tmp_path)) == {"": {"0": 4, "1": 4}}


def test_a_contest_whose_training_and_test_pictures_bear_the_same_numbers(tmp_path):
    pictures(tmp_path, [f"{part}/{i}.png" for part in ("train", "test") for i in range(1, 9)])
    table(tmp_path, "trainLabels.csv", [("id", "label"), *((i, ("frog", "truck")[i % 2]) for i in range(1, 9))])
    found = read(tmp_path)
    assert counts(found) == {"": {"frog": 4, "truck": 4}}
    assert all(where.startswith("train/") for where in found.where)


def test_where_nothing_says_whose_pictures_bear_the_numbers_the_table_is_not_used(tmp_path):
    pictures(tmp_path, [f"{folder}/{i}.png" for folder in ("one", "two") for i in range(1, 9)])
    table(tmp_path, "labels.csv", [("id", "label"), *((i, ("frog", "truck")[i % 2]) for i in range(1, 9))])
    assert classes(read(tmp_path))["one/1.png"] == "one"
    assert "labels.csv: its names are each borne by several pictures" in told(read(tmp_path))
    refused(tmp_path / "labels.csv", "labels.csv", "several pictures")


def skin(root):
    names = [f"HAM10000_images_part_{1 + i // 6}/ISIC_{i:07}.jpg" for i in range(12)]
    rows = [
        (f"HAM_{i // 2}", f"ISIC_{i:07}", ("nv", "mel")[i // 2 % 2], ("histo", "follow_up")[i % 2], 40 + i) for i in range(12)
    ]
    table(root, "HAM10000_metadata.csv", [("lesion_id", "image_id", "dx", "dx_type", "age"), *rows])
    return pictures(root, names)


def test_skin_lesions_in_two_folders_stay_together(tmp_path):
    found = read(skin(tmp_path))
    assert counts(found) == {"": {"nv": 6, "mel": 6}}
    assert len(set(found.groups)) == 6
    assert "lesion_id stay together" in told(found)


def test_tables_of_pixels_beside_pictures_are_left_and_told(tmp_path):
    skin(tmp_path)
    header = ("label", *(f"pixel{i}" for i in range(16)))
    table(tmp_path, "hmnist_4_4_L.csv", [header, *((i % 2, *[i] * 16) for i in range(12))])
    found = read(tmp_path)
    assert counts(found) == {"": {"nv": 6, "mel": 6}}
    assert "hmnist_4_4_L.csv" in told(found)


def test_a_column_of_another_meaning_is_taken_where_it_is_named(tmp_path):
    found = read(skin(tmp_path), label_column="dx_type", group_column="age")
    assert counts(found) == {"": {"histo": 6, "follow_up": 6}}
    assert len(set(found.groups)) == 12
    refused(tmp_path, "HAM10000_metadata.csv", "no column colour", "lesion_id, image_id, dx", label_column="colour")


def test_chests_with_several_findings_are_refused_with_the_row_and_the_column(tmp_path):
    pictures(tmp_path, [f"images_{1 + i // 4:03}/images/{i:08}_000.png" for i in range(8)])
    header = ("Image Index", "Finding Labels", "Follow-up #", "Patient ID", "Patient Age", "Patient Gender", "View Position")
    findings = ("Cardiomegaly", "Cardiomegaly|Emphysema", *["No Finding", "Effusion"] * 3)
    rows = [(f"{i:08}_000.png", finding, i % 3, i // 2, 50 + i, "MF"[i % 2], "PA") for i, finding in enumerate(findings)]
    table(tmp_path, "Data_Entry_2017.csv", [header, *rows])
    error = refused(tmp_path, "Data_Entry_2017.csv", "row 3", "Cardiomegaly|Emphysema")
    assert error.readings[0].options == {"label_column": "Finding Labels"}
    found = read(tmp_path, label_column="Finding Labels")
    assert counts(found)[""]["Cardiomegaly|Emphysema"] == 1
    assert len(set(found.groups)) == 4


def test_eyes_leaves_and_cactuses(tmp_path):
    for name, ending, header, part in (
        ("eyes", "png", ("id_code", "diagnosis"), "train.csv"),
        ("cactus", "jpg", ("id", "has_cactus"), "train.csv"),
        ("tissue", "tif", ("id", "label"), "train_labels.csv"),
    ):
        root = pictures(tmp_path / name, [f"train/{i:08}.{ending}" for i in range(6)])
        pictures(root, [f"test/{i:08}.{ending}" for i in range(50, 52)])
        table(root, part, [header, *((f"{i:08}" + ("" if ending != "jpg" else ".jpg"), i % 2) for i in range(6))])
        assert counts(read(root)) == {"": {"0": 3, "1": 3}}, name


def test_a_column_a_class_is_read_and_two_ones_are_refused_with_the_row(tmp_path):
    pictures(tmp_path, [f"images/Train_{i}.jpg" for i in range(6)])
    kinds = [(1, 0, 0), (0, 1, 0), (0, 0, 1)] * 2
    rows = [(f"Train_{i}", *map(float, row)) for i, row in enumerate(kinds)]
    path = table(tmp_path, "train.csv", [("image_id", "healthy", "rust", "scab"), *rows])
    assert counts(read(tmp_path)) == {"": {"healthy": 2, "rust": 2, "scab": 2}}
    path.write_text(path.read_text().replace("Train_2,0.0,0.0,1.0", "Train_2,0.0,1.0,1.0"))
    refused(tmp_path, "train.csv", "row 4", "rust, scab")
    path.write_text(path.read_text().replace("Train_2,0.0,1.0,1.0", "Train_2,0.0,0.0,0.0"))
    refused(tmp_path, "train.csv", "row 4", "no class")


def test_columns_of_flags_beside_a_class_are_no_classes(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(6)])
    rows = [(f"{i}.jpg", ("cat", "dog")[i % 2], i % 2, 1 - i % 2, 1) for i in range(6)]
    table(tmp_path, "pets.csv", [("file", "species", "indoor", "collar", "alive"), *rows])
    assert counts(read(tmp_path)) == {"": {"cat": 3, "dog": 3}}


def test_faces_with_attributes_are_refused_and_one_is_taken(tmp_path):
    pictures(tmp_path, [f"img_align_celeba/{i:06}.jpg" for i in range(8)])
    rows = [(f"{i:06}.jpg", (-1, 1)[i % 2], (-1, 1)[i // 4]) for i in range(8)]
    table(tmp_path, "list_attr_celeba.csv", [("image_id", "Smiling", "Young"), *rows])
    error = refused(tmp_path, "list_attr_celeba.csv", "Smiling, Young", "--label-column")
    assert [reading.options["label_column"] for reading in error.readings] == ["Smiling", "Young"]
    assert counts(read(tmp_path, label_column="Young")) == {"": {"-1": 4, "1": 4}}


def test_satellites_with_tags_are_refused_and_the_text_is_taken(tmp_path):
    pictures(tmp_path, [f"train-jpg/train_{i}.jpg" for i in range(6)])
    tags = ["clear", "haze primary", "clear primary water"] * 2
    table(tmp_path, "train_v2.csv", [("image_name", "tags"), *((f"train_{i}", text) for i, text in enumerate(tags))])
    refused(tmp_path, "train_v2.csv, row 3", "tags", "haze primary", "--label-column tags")
    assert counts(read(tmp_path, label_column="tags")) == {"": {"clear": 2, "haze primary": 2, "clear primary water": 2}}


def test_leaves_with_several_diseases_in_a_cell_are_refused(tmp_path):
    pictures(tmp_path, [f"train_images/{i}.jpg" for i in range(6)])
    labels = ["scab", "rust", "scab rust", "scab", "rust", "healthy"]
    table(tmp_path, "train.csv", [("image", "labels"), *((f"{i}.jpg", text) for i, text in enumerate(labels))])
    refused(tmp_path, "train.csv", "row 4", "scab rust")


def test_classes_of_two_words_are_classes(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(6)])
    rows = [(f"{i}.jpg", ("great white shark", "tiger shark", "whale")[i % 3]) for i in range(6)]
    table(tmp_path, "fish.csv", [("filename", "species"), *rows])
    assert counts(read(tmp_path)) == {"": {"great white shark": 2, "tiger shark": 2, "whale": 2}}


def test_drivers_are_groups_of_pictures_that_lie_in_class_folders(tmp_path):
    names = [f"imgs/train/c{i % 2}/img_{i}.jpg" for i in range(8)]
    pictures(tmp_path, names + [f"imgs/test/img_{i}.jpg" for i in range(90, 93)])
    rows = [(f"p{i // 4}", f"c{i % 2}", f"img_{i}.jpg") for i in range(8)]
    table(tmp_path, "driver_imgs_list.csv", [("subject", "classname", "img"), *rows])
    found = read(tmp_path)
    assert counts(found) == {"": {"c0": 4, "c1": 4}}
    assert dict(zip(found.where, found.groups, strict=True))["imgs/train/c1/img_5.jpg"] == "p1"
    assert "driver_imgs_list.csv agrees with the folders" in told(found)


def test_signs_the_test_part_is_in_its_table_and_a_third_table_is_passed_over(tmp_path):
    pictures(tmp_path, [f"Train/{k}/0000{k}_{i:05}.png" for k in range(2) for i in range(4)])
    pictures(tmp_path, [f"Test/{i:05}.png" for i in range(4)] + ["Meta/0.png", "Meta/1.png"])
    header = ("Width", "Height", "ClassId", "Path")
    train = [(30 + i, 31, k, f"Train/{k}/0000{k}_{i:05}.png") for k in range(2) for i in range(4)]
    table(tmp_path, "Train.csv", [header, *train])
    table(tmp_path, "Test.csv", [header, *((40, 41 + i, i % 2, f"Test/{i:05}.png") for i in range(4))])
    table(tmp_path, "Meta.csv", [("Path", "ClassId", "ShapeId"), ("Meta/0.png", 0, 1), ("Meta/1.png", 1, 1)])
    found = read(tmp_path)
    assert counts(found) == {"train": {"0": 4, "1": 4}, "test": {"0": 2, "1": 2}}
    assert "Meta.csv" in told(found)
    alone = read(tmp_path / "Train.csv")
    assert counts(alone) == {"": {"0": 4, "1": 4}}
    assert "Test.csv beside it not read" in told(alone)


def test_birds_with_a_table_that_agrees_says_the_parts(tmp_path):
    names = [
        f"{part}/{bird}/{i}.jpg" for part in ("train", "valid", "test") for bird in ("ABBOTTS BABBLER", "CROW") for i in range(3)
    ]
    pictures(tmp_path, names)
    rows = [(("CROW" in path) + 0.0, path, path.split("/")[1], path.split("/")[0], path.split("/")[1].lower()) for path in names]
    table(tmp_path, "birds.csv", [("class id", "filepaths", "labels", "data set", "scientific name"), *rows])
    each = {"ABBOTTS BABBLER": 3, "CROW": 3}
    assert counts(read(tmp_path)) == {"train": each, "validation": each, "test": each}
    assert counts(read(tmp_path / "birds.csv")) == {"train": each, "validation": each, "test": each}


def test_a_class_that_no_list_of_parts_names_is_told_first_and_tables_are_told_together(tmp_path):
    kinds = ("glass", "paper", "trash")
    inner = "Garbage classification/Garbage classification"
    names = {kind: [f"{kind}{i}.jpg" for i in range(1, 13)] for kind in kinds}
    pictures(tmp_path, [f"{inner}/{kind}/{name}" for kind in kinds for name in names[kind]])
    for part, some in {"train": slice(8), "val": slice(8, 10), "test": slice(10, 12)}.items():
        rows = [(name, number) for number, kind in enumerate(kinds[:2], 1) for name in names[kind][some]]
        table(tmp_path, f"one-indexed-files-notrash_{part}.txt", rows, " ")
    every = [(name, number) for number, kind in enumerate(kinds, 1) for name in names[kind]]
    table(tmp_path, "one-indexed-files.txt", every, " ")
    found = read(tmp_path)
    assert {part: sum(each.values()) for part, each in counts(found).items()} == {"train": 16, "validation": 4, "test": 4}
    assert f"{inner}/trash (12 pictures, a whole class that no list" in told(found)
    assert "one-indexed-files.txt (a table that says no parts)" in told(found)
    assert told(found).count("found by the ends") == 1
    assert told(found).count("agree with the folders") == 1
    assert len(counts(read(tmp_path, layout="class"))[""]) == 3


def test_a_finer_table_leaves_the_folders_and_names_the_flag(tmp_path):
    names = [f"{kind}/{i}.jpg" for kind in ("cat", "dog") for i in range(6)]
    pictures(tmp_path, names)
    breeds = {"cat": ("Bengal", "Siamese"), "dog": ("boxer", "pug")}
    table(tmp_path, "pets.csv", [("path", "breed"), *((path, breeds[path[:3]][int(path[4]) % 2]) for path in names)])
    found = read(tmp_path)
    assert counts(found) == {"": {"cat": 6, "dog": 6}}
    assert "--label-column breed" in told(found)
    assert set(counts(read(tmp_path, label_column="breed"))[""]) == {"Bengal", "Siamese", "boxer", "pug"}


def test_folders_that_have_nothing_to_do_with_a_named_column_give_way(tmp_path):
    names = [f"batch{i % 2}/{i}.jpg" for i in range(8)]
    pictures(tmp_path, names)
    table(tmp_path, "labels.csv", [("file", "label"), *((f"{i}.jpg", ("cat", "dog")[i // 2 % 2]) for i in range(8))])
    assert counts(read(tmp_path)) == {"": {"cat": 4, "dog": 4}}


def test_where_nothing_names_the_column_such_a_set_is_refused_with_both_readings(tmp_path):
    names = [f"{kind}/{i}.jpg" for i in range(8) for kind in [("cat", "dog")[i % 2]]]
    pictures(tmp_path, names)
    table(tmp_path, "camera.csv", [("file", "lens"), *((f"{i}.jpg", ("wide", "tele")[i // 2 % 2]) for i in range(8))])
    error = refused(tmp_path, "camera.csv", "lens", "--label-column")
    assert [dict(reading.options) for reading in error.readings] == [{"label_column": "lens"}, {"layout": "class"}]
    assert counts(read(tmp_path, layout="class")) == {"": {"cat": 4, "dog": 4}}
    assert counts(read(tmp_path, label_column="lens")) == {"": {"wide": 4, "tele": 4}}


def test_a_table_in_each_part_as_hugging_face_has_it(tmp_path):
    for part, n in (("train", 6), ("test", 4)):
        pictures(tmp_path, [f"{part}/{i}.png" for i in range(n)])
        lines = [json.dumps({"file_name": f"{i}.png", "label": "ab"[i % 2]}) for i in range(n)]
        (tmp_path / part / "metadata.jsonl").write_text("\n".join(lines))
    assert counts(read(tmp_path)) == {"train": {"a": 3, "b": 3}, "test": {"a": 2, "b": 2}}
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in [*tmp_path.glob("train/*"), *tmp_path.glob("test/*")]:
            archive.write(path, path.relative_to(tmp_path))
    assert counts(read(tmp_path / "set.zip")) == {"train": {"a": 3, "b": 3}, "test": {"a": 2, "b": 2}}


def test_a_service_s_export_has_a_column_a_class_in_each_part(tmp_path):
    for part, n in (("train", 4), ("valid", 2)):
        pictures(tmp_path, [f"{part}/img{i}_jpg.rf.{i:032x}.jpg" for i in range(n)])
        rows = [(f"img{i}_jpg.rf.{i:032x}.jpg", f" {int(i % 2 == 0)}", f" {i % 2}") for i in range(n)]
        table(tmp_path, f"{part}/_classes.csv", [("filename", " cat", " dog"), *rows])
    assert counts(read(tmp_path)) == {"train": {"cat": 2, "dog": 2}, "validation": {"cat": 1, "dog": 1}}


def test_a_validation_that_a_list_names_joins_the_class_folders(tmp_path):
    for wnid in ("n01443537", "n01629819"):
        pictures(tmp_path, [f"train/{wnid}/images/{wnid}_{i}.JPEG" for i in range(4)])
    pictures(tmp_path, [f"val/images/val_{i}.JPEG" for i in range(4)])
    rows = [(f"val_{i}.JPEG", ("n01443537", "n01629819")[i % 2], 0, i, 62, 60 + i) for i in range(4)]
    table(tmp_path, "val/val_annotations.txt", rows, "\t")
    each = {"n01443537": 4, "n01629819": 4}
    assert counts(read(tmp_path)) == {"train": each, "validation": {"n01443537": 2, "n01629819": 2}}


def test_a_table_without_a_class_is_told_and_does_not_stop_a_prediction(tmp_path):
    pictures(tmp_path, [f"images/{i}.jpg" for i in range(4)])
    table(tmp_path, "captions.csv", [("image", "caption"), *((f"{i}.jpg", f"a dog on hill {i}") for i in range(4))])
    refused(tmp_path, "captions.csv", "image, caption", "--label-column")
    found = olhar.read(tmp_path)
    assert (found.classes, len(found)) == ((), 4)
    assert "captions.csv" in told(found)
    with_folders = pictures(tmp_path / "more", [f"{kind}/{i}.jpg" for kind in ("cat", "dog") for i in range(2)])
    table(with_folders, "notes.csv", [("camera", "day"), ("A", "2020"), ("B", "2021")])
    assert "notes.csv (a table that names no picture here)" in told(read(with_folders))


def test_no_table_where_a_column_is_named_is_told(tmp_path):
    pictures(tmp_path, [f"{kind}/{i}.jpg" for kind in ("cat", "dog") for i in range(2)])
    refused(tmp_path, "no table", "breed", label_column="breed")


def test_a_picture_with_two_classes_is_refused_with_both_rows(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(4)])
    rows = [(f"{i % 4}.jpg", ("king", "queen")[i // 4 if i == 5 else i % 2]) for i in range(8)]
    path = table(tmp_path, "cards.csv", [("filename", "class"), *rows])
    assert counts(read(tmp_path)) == {"": {"king": 2, "queen": 2}}
    assert "4 rows of cards.csv name a picture again" in told(read(tmp_path))
    path.write_text(path.read_text().replace("3.jpg,queen", "3.jpg,king", 1))
    refused(tmp_path, "cards.csv: 3.jpg has two classes (rows 5 and 9: king, queen)")


def test_several_columns_that_may_be_meant_are_refused_with_the_commands(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(8)])
    rows = [(f"{i}.jpg", ("cat", "dog")[i % 2], ("small", "large")[i // 4], f"p{i // 2}", f"s{i % 3}") for i in range(8)]
    table(tmp_path, "t.csv", [("file", "animal", "target", "patient", "study"), *rows])
    error = refused(tmp_path, "t.csv", "animal", "target", "--label-column")
    assert {reading.options["label_column"] for reading in error.readings} == {"animal", "target"}
    assert all(reading.command.startswith("olhar train") for reading in error.readings)
    error = refused(tmp_path, "t.csv", "patient, study", "--group-column", label_column="animal")
    assert [reading.options["group_column"] for reading in error.readings] == ["patient", "study"]
    assert len(set(read(tmp_path, label_column="animal", group_column="patient").groups)) == 4


def test_of_nested_groups_the_coarsest_stay_together(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(8)])
    rows = [(f"{i}.jpg", i % 2, f"lesion{i // 2}", f"patient{i // 4}") for i in range(8)]
    table(tmp_path, "t.csv", [("image_name", "target", "lesion_id", "patient_id"), *rows])
    assert set(read(tmp_path).groups) == {"patient0", "patient1"}


def test_groups_of_another_table_are_taken(tmp_path):
    pictures(tmp_path, [f"ISIC_Training_Input/ISIC_{i}.jpg" for i in range(8)])
    truth = [(f"ISIC_{i}", float(i % 2 == 0), float(i % 2)) for i in range(8)]
    table(tmp_path, "ISIC_Training_GroundTruth.csv", [("image", "MEL", "NV"), *truth])
    more = [(f"ISIC_{i}", 40 + i, ("male", "female")[i % 2], ("back", "head")[i // 4], f"L{i // 2}") for i in range(8)]
    table(tmp_path, "ISIC_Training_Metadata.csv", [("image", "age_approx", "sex", "anatom_site", "lesion_id"), *more])
    found = read(tmp_path)
    assert counts(found) == {"": {"MEL": 4, "NV": 4}}
    assert len(set(found.groups)) == 4


def test_groups_of_the_training_pictures_alone_are_taken_and_their_table_is_not_passed_over(tmp_path):
    for part, n in (("Training", 8), ("Validation", 4)):
        pictures(tmp_path, [f"{part}_Input/{part[0]}{i:05}.jpg" for i in range(n)])
        truth = [(f"{part[0]}{i:05}", float(i % 2 == 0), float(i % 2)) for i in range(n)]
        table(tmp_path, f"{part}_GroundTruth.csv", [("image", "MEL", "NV"), *truth])
    groups = [(f"T{i:05}", f"L{i // 4}", "histopathology") for i in range(8)]
    table(tmp_path, "Training_LesionGroupings.csv", [("image", "lesion_id", "diagnosis_confirm_type"), *groups])
    found = read(tmp_path)
    assert counts(found) == {"train": {"MEL": 4, "NV": 4}, "validation": {"MEL": 2, "NV": 2}}
    assert {*found.groups} - {""} == {"L0", "L1"}
    assert "lesion_id stay together" in told(found)
    assert "passed over" not in told(found)


def test_pictures_that_lie_there_twice_are_taken_once(tmp_path):
    skin(tmp_path)
    for path in [*tmp_path.glob("HAM10000_images_part_*/*")]:
        other = tmp_path / "copies" / path.parent.name.lower() / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(path.read_bytes())
    found = read(tmp_path)
    assert counts(found) == {"": {"nv": 6, "mel": 6}}
    assert len(set(found.groups)) == 6
    assert "several times" in told(found)
    assert "copies/ham10000_images_part_1 (6 pictures" in told(found)


def test_a_list_of_classes_is_no_table_of_pictures(tmp_path):
    pictures(tmp_path, [f"Train/{k}/{k:05}_{i:05}.png" for k in range(9) for i in range(2)] + [f"Meta/{k}.png" for k in range(9)])
    table(tmp_path, "labels.csv", [("ClassId", "Label"), *((k, f"sign {chr(97 + k)}") for k in range(9))])
    found = read(tmp_path)
    assert found.classes == tuple("012345678")
    assert "labels.csv" in told(found)


def test_numbers_apart_by_blanks_are_several_classes(tmp_path):
    pictures(tmp_path, [f"train/{i}.png" for i in range(6)])
    targets = ["16 0", "7", "7 1", "5", "7", "5"]
    table(tmp_path, "train.csv", [("Id", "Target"), *((i, text) for i, text in enumerate(targets))])
    refused(tmp_path, "train.csv", "row 2", "16 0")


def test_a_column_of_folds_or_ages_is_no_class(tmp_path):
    pictures(tmp_path, [f"{kind}/{i}.png" for i in range(8) for kind in [("benign", "malignant")[i % 2]]])
    rows = [(1 + i // 4, f"{('benign', 'malignant')[i % 2]}/{i}.png", 40 + i % 2) for i in range(8)]
    table(tmp_path, "Folds.csv", [("fold", "filename", "age"), *rows])
    assert counts(read(tmp_path)) == {"": {"benign": 4, "malignant": 4}}
    flat = pictures(tmp_path / "flat", [f"{i}.png" for i in range(8)])
    table(flat, "ages.csv", [("filename", "age"), *((f"{i}.png", 1 + i % 2) for i in range(8))])
    refused(flat, "ages.csv", "filename, age", "--label-column")


def test_aircraft_whose_lists_name_the_class_in_several_ways_are_refused_and_one_is_read(tmp_path):
    pictures(tmp_path, [f"data/images/{i:07}.jpg" for i in range(8)])
    for kind, names in (("family", ("Boeing 717", "A300")), ("manufacturer", ("Boeing", "Airbus"))):
        for part, rows in (("train", range(4)), ("test", range(4, 8))):
            lines = [f"{i:07} {names[i % 2]}" for i in rows]
            (tmp_path / "data" / f"images_{kind}_{part}.txt").write_text("\n".join(lines))
    error = refused(tmp_path, "several families of tables")
    assert error.readings
    assert counts(read(tmp_path / "data" / "images_family_train.txt")) == {"": {"Boeing 717": 2, "A300": 2}}


def test_rubbish_in_class_folders_takes_its_parts_from_lists(tmp_path):
    names = [f"Garbage classification/{kind}/{kind}{i}.jpg" for kind in ("glass", "paper") for i in range(1, 7)]
    pictures(tmp_path, names)
    for part, numbers in (("train", (1, 2, 3, 4)), ("val", (5,)), ("test", (6,))):
        lines = [f"{kind}{i}.jpg {1 + k}" for k, kind in enumerate(("glass", "paper")) for i in numbers]
        (tmp_path / f"one-indexed-files-notrash_{part}.txt").write_text("\n".join(lines))
    (tmp_path / "zero-indexed-files.txt").write_text("\n".join(f"{p.split('/')[2]} {int('paper' in p)}" for p in names))
    assert counts(read(tmp_path)) == {
        "train": {"glass": 4, "paper": 4},
        "validation": {"glass": 1, "paper": 1},
        "test": {"glass": 1, "paper": 1},
    }


def test_cars_without_a_header_in_two_tables(tmp_path):
    for part in ("train", "test"):
        pictures(tmp_path, [f"cars_{part}/{i:05}.jpg" for i in range(1, 9)])
        table(
            tmp_path, f"anno_{part}.csv", [(f"{i:05}.jpg", 30 + 7 * i, 11 * i, 300 + i * i, 400, 1 + i % 2) for i in range(1, 9)]
        )
    assert counts(read(tmp_path)) == {"train": {"1": 4, "2": 4}, "test": {"1": 4, "2": 4}}


def test_digits_of_a_contest_without_classes_for_the_test(tmp_path):
    header = tuple(f"pixel{i}" for i in range(16))
    table(tmp_path, "train.csv", [("label", *header), *((i % 2, *[i] * 16) for i in range(6))])
    table(tmp_path, "test.csv", [header, *([i] * 16 for i in range(3))])
    table(tmp_path, "sample_submission.csv", [("ImageId", "Label"), (1, 0), (2, 0)])
    found = read(tmp_path)
    assert counts(found) == {"": {"0": 3, "1": 3}}
    assert "sample_submission.csv (a form for answers)" in told(found)
    assert "test.csv" in told(found)


def test_tables_of_pixels_of_several_sets_are_not_mixed(tmp_path):
    for name in ("emnist-letters-train", "emnist-letters-test", "emnist-digits-train", "emnist-digits-test"):
        table(tmp_path, f"{name}.csv", [(i % 2, *[i] * 25) for i in range(6)])
    error = refused(tmp_path, "several tables")
    assert {reading.below for reading in error.readings} <= {path.name for path in tmp_path.iterdir()}
    found = read(tmp_path / "emnist-letters-train.csv")
    assert counts(found) == {"": {"0": 3, "1": 3}}
    assert "emnist-letters-test.csv beside it not read" in told(found)


def test_pixels_whose_class_may_stand_first_or_last_are_asked_about(tmp_path):
    path = table(tmp_path, "digits.csv", [(*[3 * i] * 16, i % 3) for i in range(9)])
    error = refused(path, "digits.csv", "1, 17")
    assert [reading.options["label_column"] for reading in error.readings] == ["1", "17"]
    assert counts(read(path, label_column="17")) == {"": {"0": 3, "1": 3, "2": 3}}
    refused(path, "digits.csv", "no column colour", label_column="colour")


def test_illustrations_beside_tables_of_pixels_are_told(tmp_path):
    pictures(tmp_path, ["alphabet.png", "numbers.png"])
    header = ("label", *(f"pixel{i}" for i in range(1, 17)))
    for part, n in (("train", 6), ("test", 4)):
        table(tmp_path, f"signs_{part}/signs_{part}.csv", [header, *((i % 2, *[i] * 16) for i in range(n))])
    found = read(tmp_path)
    assert counts(found) == {"train": {"0": 3, "1": 3}, "test": {"0": 2, "1": 2}}
    assert "2 pictures beside the tables of pixels passed over" in told(found)


def test_more_pictures_than_rows_of_pixels_are_no_illustrations(tmp_path):
    pictures(tmp_path, [f"a{i:02}x.png" for i in range(9)])
    header = ("label", *(f"pixel{i}" for i in range(1, 17)))
    table(tmp_path, "thumbnails.csv", [header, *((i % 2, *[i] * 16) for i in range(4))])
    refused(tmp_path, "no column of thumbnails.csv")


def test_an_illustration_and_a_table_of_words_do_not_hide_arrays(tmp_path):
    pictures(tmp_path, ["figure.png"])
    table(tmp_path, "words.csv", [("number", "word"), (0, "nought"), (1, "one")])
    np.savez(tmp_path / "digits.npz", x=np.zeros((6, 4, 4), np.uint8), y=np.arange(6) % 2)
    assert read(tmp_path).counts() == {"0": 3, "1": 3}


def test_boxes_by_the_laboratory_that_drew_them_are_no_classes(tmp_path):
    pictures(tmp_path, [f"train/{i:09x}.jpg" for i in range(8)])
    rows = [(f"{i:09x}", 1024, "[1.0 2.0 3.0 4.0]", ("arvalis", "ethz")[i % 2]) for i in range(8) for _ in range(3)]
    table(tmp_path, "train.csv", [("image_id", "width", "bbox", "source"), *rows])
    assert refused(tmp_path, "train.csv", "boxes").code == "OLH876"
    assert counts(read(tmp_path, label_column="source")) == {"": {"arvalis": 4, "ethz": 4}}


def test_words_in_the_names_of_files_do_not_stand_in_for_a_table_that_two_columns_make_unclear(tmp_path):
    pictures(tmp_path, [f"images/NNL/N{kind}l{i:03}.jpg" for i in range(12) for kind in "ad"])
    rows = [(i, ("nevus", "melanoma", "keratosis")[i % 3], f"NNL/Nal{i:03}.jpg", f"NNL/Ndl{i:03}.jpg") for i in range(12)]
    table(tmp_path, "meta/meta.csv", [("case_num", "diagnosis", "clinic", "derm"), *rows])
    assert refused(tmp_path, "clinic, derm", "--path-column").code == "OLH914"
    assert len(read(tmp_path, path_column="derm").classes) == 3


def test_a_table_of_classes_with_two_columns_of_pictures_is_asked_about_beside_folders(tmp_path):
    pictures(tmp_path, [f"images/{'ABC'[i % 3]}/{kind}{i:03}.jpg" for i in range(12) for kind in "ad"])
    rows = [(i, ("nevus", "melanoma")[i % 2], f"{'ABC'[i % 3]}/a{i:03}.jpg", f"{'ABC'[i % 3]}/d{i:03}.jpg") for i in range(12)]
    table(tmp_path, "meta.csv", [("case_num", "diagnosis", "clinic", "derm"), *rows])
    error = refused(tmp_path, "clinic, derm", "diagnosis", "--layout class")
    assert error.code == "OLH914"
    assert counts(read(tmp_path, **error.readings[1].options)) == {"": {"nevus": 6, "melanoma": 6}}
    assert counts(read(tmp_path, layout="class")) == {"": {"A": 8, "B": 8, "C": 8}}


def test_a_table_of_pairs_that_says_no_classes_leaves_them_to_the_folders(tmp_path):
    pictures(tmp_path, [f"images/{'ABC'[i % 3]}/{kind}{i:03}.jpg" for i in range(12) for kind in "ad"])
    rows = [(i, f"{'ABC'[i % 3]}/a{i:03}.jpg", f"{'ABC'[i % 3]}/d{i:03}.jpg") for i in range(12)]
    table(tmp_path, "meta.csv", [("case_num", "clinic", "derm"), *rows])
    dataset = read(tmp_path)
    assert counts(dataset) == {"": {"A": 8, "B": 8, "C": 8}}
    assert "several columns name different pictures (clinic, derm)" in str(dataset.read_as)


def test_ids_of_any_number_are_found_by_the_ends_of_paths(tmp_path):
    names = [f"set/{i % 7}/leaf_{i:05}.JPG" for i in range(1500)]
    root = pictures(tmp_path, names[:1])
    for name in names[1:]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((root / names[0]).read_bytes())
    rows = [(f"LEAF_{i:05}", i % 2) for i in range(1500)]
    table(tmp_path, "labels.csv", [("id", "label"), *rows])
    assert counts(read(tmp_path)) == {"": {"0": 750, "1": 750}}
    table(tmp_path, "labels.csv", [("path", "label"), *((f"/content/set/{i % 7}/leaf_{i:05}.JPG", i % 2) for i in range(1500))])
    found = read(tmp_path)
    assert counts(found) == {"": {"0": 750, "1": 750}}
    assert found.where[11] == names[11]


def test_the_sex_of_patients_is_not_learnt_where_a_table_says_yes_or_no_to_findings(tmp_path):
    pictures(tmp_path, [f"Training_Data/ISIC_{i:07}.png" for i in range(12)])
    findings = [(f"ISIC_{i:07}", float(i % 3 == 0), float(i % 3 == 1)) for i in range(12)]
    table(tmp_path, "Training_GroundTruth.csv", [("image_id", "melanoma", "keratosis"), *findings])
    patients = [(f"ISIC_{i:07}", 40 + i, ("male", "female")[i % 2]) for i in range(12)]
    table(tmp_path, "Training_Data/Training_Data_metadata.csv", [("image_id", "age", "sex"), *patients])
    refused(tmp_path, "Training_GroundTruth.csv, row 4", "no class")


def test_a_class_and_the_corners_of_a_box_in_one_cell_are_no_class(tmp_path):
    names = [f"{kind}/{kind}_{i}.png" for kind in ("n01440764", "n01443537") for i in range(6)]
    pictures(tmp_path, [f"train/{name}" for name in names])
    rows = [(name.rpartition("/")[2][:-4], f"{name.partition('/')[0]} 13 22 44 {40 + i}") for i, name in enumerate(names)]
    table(tmp_path, "train_solution.csv", [("ImageId", "PredictionString"), *rows])
    assert set(classes(read(tmp_path)).values()) == {"n01440764", "n01443537"}


def test_rows_that_name_folders_say_the_class_of_all_pictures_below_and_keep_patients_together(tmp_path):
    studies = [
        (f"MURA/{part}/{bone}/patient{n:05}/study1_{word}", i % 2)
        for part in ("train", "valid")
        for bone in ("XR_ELBOW", "XR_WRIST")
        for n in range(3)
        for i, word in [(n, ("negative", "positive")[n % 2])]
    ]
    pictures(tmp_path, [f"{study}/image{i}.png" for study, _ in studies for i in (1, 2)])
    for part in ("train", "valid"):
        table(tmp_path, f"MURA/{part}_labeled.csv", [(f"{study}/", flag) for study, flag in studies if f"/{part}/" in study])
    found = read(tmp_path)
    assert counts(found) == {"train": {"0": 8, "1": 4}, "validation": {"0": 8, "1": 4}}
    assert len({*found.groups}) == len(studies)


def test_rows_of_a_table_that_describes_classes_are_no_labels(tmp_path):
    pictures(tmp_path, [f"{kind}/{i}a.png" for kind in ("abbey", "beach") for i in range(3)])
    table(tmp_path, "classes.csv", [("name", "kind"), ("abbey", "indoor"), ("beach", "outdoor")])
    assert read(tmp_path).counts() == {"abbey": 3, "beach": 3}


def test_names_of_symbols_with_a_digit_among_them_are_classes(tmp_path):
    symbols = {"A": 31, "0": 70, "\\\\alpha": 183, "\\\\sum": 117}
    rows = [(f"hasy-data/v2-{i:05}.png", number, name, i) for i, (name, number) in enumerate([*symbols.items()] * 4)]
    pictures(tmp_path, [path for path, *_ in rows])
    table(tmp_path, "labels.csv", [("path", "symbol_id", "latex", "user_id"), *rows])
    assert read(tmp_path).counts() == dict.fromkeys(sorted(symbols), 4)


def test_one_folder_beside_a_table_that_says_other_things_of_its_pictures_is_no_class(tmp_path):
    pictures(tmp_path, [f"data/{i:05}b.png" for i in range(8)])
    table(
        tmp_path,
        "notes.csv",
        [("path", "paper", "shade"), *((f"data/{i:05}b.png", f"s{i % 2}", f"t{i // 2 % 2}") for i in range(8))],
    )
    refused(tmp_path, "notes.csv", "paper", "shade")


def test_a_table_of_all_pictures_beats_the_folds_that_name_them_again(tmp_path):
    names = [f"2017-{i:03}.jpg" for i in range(24)]
    pictures(tmp_path, [f"images/{name}" for name in names])
    kinds = [("Lantana", "Negative", "Parkinsonia")[i % 3] for i in range(24)]
    rows = [(name, i % 3, kinds[i]) for i, name in enumerate(names)]
    table(tmp_path, "labels/labels.csv", [("Filename", "Label", "Species"), *rows])
    for fold in range(3):
        for part, holds in (("train", lambda i: i != 0), ("test", lambda i: i == 0)):
            own = [row[:2] for i, row in enumerate(rows) if holds((i + fold) % 3)]
            table(tmp_path, f"labels/{part}_subset{fold}.csv", [("Filename", "Label"), *own])
    found = read(tmp_path)
    assert counts(found) == {"": {"Lantana": 8, "Negative": 8, "Parkinsonia": 8}}
    assert "(a table of a part that shares pictures with another part)" in told(found)


def test_parts_that_share_no_picture_are_taken_beside_a_table_of_all(tmp_path):
    names = [f"2017-{i:03}.jpg" for i in range(12)]
    pictures(tmp_path, [f"images/{name}" for name in names])
    rows = [(name, ("oak", "elm")[i % 2]) for i, name in enumerate(names)]
    for file, own in (("labels.csv", rows), ("train.csv", rows[:8]), ("test.csv", rows[8:])):
        table(tmp_path, file, [("Filename", "Label"), *own])
    assert counts(read(tmp_path)) == {"train": {"oak": 4, "elm": 4}, "test": {"oak": 2, "elm": 2}}


def test_label_studios_tasks_give_the_class_that_was_chosen(tmp_path):
    names = [f"{i:08x}-IMG_{i}.jpg" for i in range(9)]
    pictures(tmp_path, [f"images/{name}" for name in names])
    choices = [["scratch"], ["dent"], []] * 3
    tasks = [
        {
            "id": i,
            "annotations": [
                {"result": [{"type": "choices", "value": {"choices": chosen}}] if chosen else [], "was_cancelled": False}
            ],
            "data": {"image": f"/data/upload/3/{name}"},
            "total_annotations": 1,
        }
        for i, (name, chosen) in enumerate(zip(names, choices, strict=True))
    ]
    (tmp_path / "project-3-at-2024.json").write_text(json.dumps(tasks))
    found = read(tmp_path)
    assert found.counts() == {"dent": 3, "scratch": 3}
    assert "images (3 pictures that the tables read do not name)" in told(found)


def test_several_choices_of_a_task_are_several_classes(tmp_path):
    pictures(tmp_path, [f"{i}a.jpg" for i in range(6)])
    tasks = [
        {"annotations": [{"result": [{"type": "choices", "value": {"choices": chosen}}]}], "data": {"image": f"{i}a.jpg"}}
        for i, chosen in enumerate([["scratch"], ["dent"], ["scratch", "dent"]] * 2)
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    refused(tmp_path, "tasks.json", "several classes")


def test_how_many_said_so_is_no_class(tmp_path):
    pictures(tmp_path, [f"MHIST_{i:02}a.png" for i in range(12)])
    rows = [(f"MHIST_{i:02}a.png", ("HP", "SSA")[i % 2], i % 4) for i in range(12)]
    table(tmp_path, "annotations.csv", [("Image Name", "Majority Vote Label", "Number of Annotators who Selected SSA"), *rows])
    assert read(tmp_path).counts() == {"HP": 6, "SSA": 6}


def test_boxes_on_most_pictures_beside_the_classes_of_a_few_are_what_the_set_is_for(tmp_path):
    pictures(tmp_path, [f"images/{i:06}7.jpg" for i in range(60)])
    brands = ("Adidas", "Apple", "BMW")
    boxes = [(f"{i:06}7.jpg", brands[i % 3], i % 6, 1, 2, 30 + i % 5, 20 + i % 7) for i in range(40) for _ in range(1 + i % 2)]
    table(tmp_path, "training_annotation.txt", boxes, " ")
    table(tmp_path, "query_annotation.txt", [(f"{i:06}7.jpg", brands[i % 3]) for i in range(40, 58)], "\t")
    refused(tmp_path, "training_annotation.txt", "boxes")


def test_a_first_line_that_counts_the_rows_is_none_of_them(tmp_path):
    paths = [f"img/{style}/img_{i:04}a.jpg" for style in ("Floral_Dress", "Plain_Dress", "Skinny_Jeans") for i in range(6)]
    pictures(tmp_path, paths)
    parts = [
        "\n".join([str(len(paths)), "image_name  evaluation_status"]),
        *(f"{p:60}{('train', 'test')[i % 3 == 0]}" for i, p in enumerate(paths)),
    ]
    (tmp_path / "list_eval_partition.txt").write_text("\n".join(parts))
    rows = ["\n".join([str(len(paths)), "image_name  category_label"]), *(f"{p:60}{41 if 'Dress' in p else 26}" for p in paths)]
    (tmp_path / "list_category_img.txt").write_text("\n".join(rows))
    found = read(tmp_path)
    assert counts(found) == {
        part: dict.fromkeys(("Floral_Dress", "Plain_Dress", "Skinny_Jeans"), n) for part, n in (("test", 2), ("train", 4))
    }
    assert "--label-column category_label takes the table" in told(found)
    assert set(read(tmp_path, label_column="category_label").classes) == {"26", "41"}


def test_scores_in_a_list_without_a_header_are_told_before_words_in_names(tmp_path):
    pictures(tmp_path, [f"Images/{who}{i}.jpg" for who in ("AF", "CM") for i in range(12)])
    rows = [
        (f"{who}{i}.jpg", f"{2 + (7 * i + len(who)) % 29 / 10 + (who == 'CM') / 100:.6f}")
        for who in ("AF", "CM")
        for i in range(12)
    ]
    table(tmp_path, "All_labels.txt", rows, " ")
    refused(tmp_path, "All_labels.txt", "measure")


def test_a_folder_that_two_have_by_that_name_is_labelled_by_neither(tmp_path):
    ends = [f"{bone}/patient1/study{i}" for bone in ("elbow", "wrist") for i in (1, 2)]
    pictures(tmp_path, [f"{end}/{i}b.png" for end in ends for i in range(3)])
    table(tmp_path, "studies.csv", [("study", "label"), ("patient1/study1", "sick"), ("patient1/study2", "well")])
    assert read(tmp_path).counts() == {"elbow": 6, "wrist": 6}


def test_a_column_that_begins_with_no_may_be_the_class(tmp_path):
    pictures(tmp_path, [f"{i:04}a.png" for i in range(8)])
    table(tmp_path, "findings.csv", [("image", "No DR grade"), *((f"{i:04}a.png", ("mild", "none")[i % 2]) for i in range(8))])
    assert read(tmp_path).counts() == {"mild": 4, "none": 4}


def test_rows_that_name_files_of_another_kind_are_left_out(tmp_path):
    pictures(tmp_path, [f"images/{i}.jpg" for i in range(12)])
    (tmp_path / "volumes").mkdir()
    (tmp_path / "volumes" / "scan.nii.gz").write_bytes(b"volume")
    rows = [(f"{i}.jpg", ("ill", "well")[i % 2]) for i in range(12)]
    table(tmp_path, "metadata.csv", [("filename", "finding"), *rows, ("scan.nii.gz", "ill")])
    found = read(tmp_path)
    assert counts(found) == {"": {"ill": 6, "well": 6}}
    assert "1 row of metadata.csv is left out" in told(found)


@pytest.mark.parametrize(
    "first", ["picture,label,content", "picture;label;content", '"picture","predicted","confidence"', "picture,label,predicted"]
)
def test_lists_that_olhar_wrote_are_told_and_say_no_classes(tmp_path, first):
    pictures(tmp_path, [f"{name}/{i}.png" for name in ("cat", "dog") for i in range(4)])
    mark = ";" if ";" in first else ","
    (tmp_path / "keep.csv").write_text("\n".join([first, *(f"cat/{i}.png{mark}x{mark}y{i % 2}" for i in range(4))]))
    found = read(tmp_path)
    assert counts(found) == {"": {"cat": 4, "dog": 4}}
    assert "keep.csv (a list that Olhar wrote itself)" in told(found)


def test_folders_of_trainings_among_the_data_are_told_and_not_looked_into(tmp_path):
    pictures(tmp_path, [f"{name}/{i}.png" for name in ("cat", "dog") for i in range(4)])
    pictures(tmp_path, ["runs/first/samples.png", "runs/first/checkpoints/1.png"])
    for name in ("request.json", "recipe.toml", "predictions-folds.csv"):
        (tmp_path / "runs" / "first" / name).write_text("{}")
    found = read(tmp_path)
    assert counts(found) == {"": {"cat": 4, "dog": 4}}
    assert "runs/first (what a training wrote)" in told(found)


def test_a_table_that_only_might_say_classes_does_not_speak_against_those_that_do(tmp_path):
    """ISIC 2018: groups of lesions beside the answers of training, and answers of the test."""
    pictures(tmp_path, [f"{part}/{part}{i}.png" for part in ("train", "test") for i in range(8)])
    for part in ("train", "test"):
        rows = [(f"{part}{i}", int(i % 2 == 0), int(i % 2)) for i in range(8)]
        table(tmp_path, f"{part}_truth.csv", [("image", "MEL", "NV"), *rows])
    table(tmp_path, "train_how.csv", [("image", "how"), *((f"train{i}", "xy"[i // 2 % 2]) for i in range(8))])
    assert counts(read(tmp_path)) == {"train": {"MEL": 4, "NV": 4}, "test": {"MEL": 4, "NV": 4}}
