"""Lists in MATLAB's form beside pictures, as Oxford Flowers, Stanford Cars and Stanford Dogs have them."""

import numpy as np
import pytest
import scipy.io

from tests.conftest import encoded
from tests.data.tables.made import classes, counts, pictures, read, refused, table, told


def _flowers(root, n=12):
    pictures(root, [f"jpg/image_{i + 1:05}.jpg" for i in range(n)])
    scipy.io.savemat(root / "imagelabels.mat", {"labels": np.array([[i % 3 + 1 for i in range(n)]], np.uint8)})
    parts = {"trnid": range(1, 7), "valid": range(7, 10), "tstid": range(10, 13)}
    scipy.io.savemat(root / "setid.mat", {name: np.array([[*ids]], np.uint16) for name, ids in parts.items()})
    return root


@pytest.mark.parametrize("segmented", [False, True])
def test_oxford_flowers(tmp_path, segmented):
    _flowers(tmp_path)
    (tmp_path / "segmim").mkdir()
    for i in range(12 * segmented):
        pixels = np.full((16, 16, 3), (0, 0, 254), np.uint8)
        pixels[4:12, 4:12] = np.random.default_rng(i).integers(0, 256, (8, 8, 3))
        (tmp_path / "segmim" / f"segmim_{i + 1:05}.jpg").write_bytes(encoded(pixels))
    found = read(tmp_path)
    each = {"train": 2, "validation": 1, "test": 1}
    assert counts(found) == {part: dict.fromkeys("123", n) for part, n in each.items()}
    assert classes(found)["jpg/image_00002.jpg"] == "2"
    assert "imagelabels.mat" in told(found)
    assert "parts from setid.mat" in told(found)
    assert ("segmim (12" in told(found)) == segmented


def test_labels_of_another_count_are_not_used(tmp_path):
    _flowers(tmp_path)
    scipy.io.savemat(tmp_path / "imagelabels.mat", {"labels": np.arange(11)[None] % 3})
    refused(tmp_path, "labels")


def _annotations(fields, rows):
    array = np.empty((1, len(rows)), dtype=[(field, object) for field in fields])
    for i, row in enumerate(rows):
        array[0, i] = row
    return {"annotations": array}


BOX = ("bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2")


@pytest.mark.parametrize("packed", [False, True])
def test_stanford_cars(tmp_path, packed):
    for part in ("train", "test"):
        pictures(tmp_path, [f"cars_{part}/{i + 1:05}.jpg" for i in range(8)])
        rows = [(3, 4, 30 + i, 40, i % 2 + 1, f"{i + 1:05}.jpg") for i in range(8)]
        fields, rows = ((*BOX, "class", "fname"), rows) if part == "train" else ((*BOX, "fname"), [(*r[:4], r[5]) for r in rows])
        (tmp_path / "devkit").mkdir(exist_ok=True)
        path = tmp_path / "devkit" / f"cars_{part}_annos.mat"
        scipy.io.savemat(path, _annotations(fields, rows), do_compression=packed)
    names = np.array(["Audi TT", "Fiat Uno"], dtype=object)[None]
    scipy.io.savemat(tmp_path / "devkit" / "cars_meta.mat", {"class_names": names})
    found = read(tmp_path)
    assert counts(found) == {"": {"Audi TT": 4, "Fiat Uno": 4}}
    assert classes(found)["cars_train/00002.jpg"] == "Fiat Uno"


def test_stanford_cars_in_one_list_with_a_flag_for_the_test(tmp_path):
    pictures(tmp_path, [f"car_ims/{i + 1:06}.jpg" for i in range(12)])
    rows = [(f"car_ims/{i + 1:06}.jpg", 3, 4, 30 + i, 40, i % 2 + 1, int(i > 7)) for i in range(12)]
    scipy.io.savemat(tmp_path / "cars_annos.mat", _annotations(("relative_im_path", *BOX, "class", "test"), rows))
    assert counts(read(tmp_path)) == {"train": {"1": 4, "2": 4}, "test": {"1": 2, "2": 2}}


def test_stanford_dogs(tmp_path):
    names = [f"{breed}/{breed[:9]}_{i}.jpg" for breed in ("n02085620-Chihuahua", "n02085782-Japanese") for i in range(8)]
    pictures(tmp_path, [f"Images/{name}" for name in names])
    parts = {"file": range(8), "train": range(6), "test": range(6, 8)}
    for part, places in parts.items():
        own = [name for name in names if int(name[-5]) in places]
        content = {"file_list": own, "annotation_list": [name[:-4] for name in own]}
        cells = {key: np.array(value, dtype=object)[:, None] for key, value in content.items()}
        labels = np.array([[1.0 + ("Jap" in name)] for name in own])
        scipy.io.savemat(tmp_path / f"{part}_list.mat", {**cells, "labels": labels})
    breeds = ("n02085620-Chihuahua", "n02085782-Japanese")
    assert counts(read(tmp_path)) == {"train": dict.fromkeys(breeds, 6), "test": dict.fromkeys(breeds, 2)}


def test_a_cell_without_a_value_is_a_row_without_a_class_and_one_of_several_is_no_column(tmp_path):
    pictures(tmp_path, [f"a/x{'abcdefghij'[i]}q.jpg" for i in range(10)])
    rows = [(f"x{'abcdefghij'[i]}q.jpg", "" if i == 2 else ("cat", "dog")[i % 2], np.arange(4)) for i in range(10)]
    scipy.io.savemat(tmp_path / "all.mat", _annotations(("fname", "class", "points"), rows))
    assert counts(read(tmp_path)) == {"": {"cat": 4, "dog": 5}}


def test_a_damaged_list_ends_nothing(tmp_path):
    pictures(tmp_path, [f"{kind}/{i}.jpg" for kind in ("cat", "dog") for i in range(6)])
    scipy.io.savemat(tmp_path / "list.mat", {"labels": np.arange(12)})
    (tmp_path / "list.mat").write_bytes((tmp_path / "list.mat").read_bytes()[:150])
    table(tmp_path, "notes.txt", [("nothing",)])
    assert set(read(tmp_path).classes) == {"cat", "dog"}


def test_folders_of_classes_called_as_segmentations_with_running_numbers_stay_classes_where_counts_differ(tmp_path):
    pictures(tmp_path, [*(f"segments/s{i}.jpg" for i in range(8)), *(f"whole/w{i}.jpg" for i in range(9))])
    assert counts(read(tmp_path)) == {"": {"segments": 8, "whole": 9}}


def test_parts_that_share_a_number_are_no_parts(tmp_path):
    _flowers(tmp_path)
    scipy.io.savemat(tmp_path / "setid.mat", {"trnid": np.arange(1, 9)[None], "tstid": np.arange(8, 13)[None]})
    assert set(counts(read(tmp_path))) == {""}
