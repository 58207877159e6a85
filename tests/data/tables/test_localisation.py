"""ImageNet's tables of boxes beside its pictures: the classes of the validation part."""

from tests.data.tables.made import classes, counts, pictures, read, refused, table, told

SYNSETS = ("n01440764", "n01443537")
HEADER = ("ImageId", "PredictionString")


def _imagenet(root, boxes):
    data = "ILSVRC/Data/CLS-LOC"
    training = [f"{synset}/{synset}_{i}.JPEG" for synset in SYNSETS for i in range(6)]
    pictures(root, [f"{data}/train/{name}" for name in training])
    pictures(root, [f"{data}/val/ILSVRC2012_val_{i:08}.JPEG" for i in range(1, 9)])
    pictures(root, [f"{data}/test/ILSVRC2012_test_{i:08}.JPEG" for i in range(1, 5)])
    rows = [(name.rpartition("/")[2][:-5], f"{name[:9]} 13 22 44 {40 + i} ") for i, name in enumerate(training)]
    table(root, "LOC_train_solution.csv", [HEADER, *rows])
    table(root, "LOC_val_solution.csv", [HEADER, *((f"ILSVRC2012_val_{i:08}", boxes(i)) for i in range(1, 9))])
    table(root, "LOC_sample_submission.csv", [HEADER, *((f"ILSVRC2012_test_{i:08}", "1 2 3 4 5") for i in range(1, 5))])
    (root / "LOC_synset_mapping.txt").write_text("n01440764 tench, Tinca tinca\nn01443537 goldfish\n")
    table(root, "ILSVRC/ImageSets/CLS-LOC/train_cls.txt", [(name[:-5], i + 1) for i, name in enumerate(training)], " ")
    table(root, "ILSVRC/ImageSets/CLS-LOC/val.txt", [(f"ILSVRC2012_val_{i:08}", i) for i in range(1, 9)], " ")
    return root


def test_the_classes_of_imagenets_validation_part_are_those_of_its_boxes(tmp_path):
    found = read(_imagenet(tmp_path, lambda i: f"{SYNSETS[i % 2]} 1 2 30 40 " * (1 + i % 3)))
    assert counts(found) == {"train": dict.fromkeys(SYNSETS, 6), "validation": dict.fromkeys(SYNSETS, 4)}
    assert classes(found)["ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000001.JPEG"] == SYNSETS[1]
    assert "LOC_val_solution.csv" in told(found)


def test_a_picture_of_two_classes_makes_it_a_table_of_boxes(tmp_path):
    found = read(_imagenet(tmp_path, lambda i: f"{SYNSETS[0]} 1 2 30 40 {SYNSETS[i % 2]} 1 2 30 40"))
    assert "validation" not in counts(found)


def test_boxes_in_a_cell_of_another_form_stay_boxes(tmp_path):
    pictures(tmp_path, [f"val/{i}.png" for i in range(8)])
    table(tmp_path, "boxes.csv", [("ImageId", "Boxes"), *((f"{i}", f"{SYNSETS[i % 2]} 1 2 30 40") for i in range(8))])
    refused(tmp_path, "boxes.csv")
