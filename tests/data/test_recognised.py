"""Forms that are not read are named as what they are, with the way out; pictures beside them stay open to be asked about."""

import json
import pickle
import tarfile
import zipfile

import h5py
import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.texts import speaking
from olhar.data.labelled import require_labelled
from olhar.data.sets.catalogue import SETS
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy, write_pictures
from tests.data.formats.tfrecord_makers import record


def pictures(folder, n=4):
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(n):
        (folder / f"{i}.jpg").write_bytes(encoded(noisy((30 * i, 90, 200), i), "JPEG"))


def coco(root):
    for part in ("train2017", "val2017"):
        pictures(root / part)
        content = {
            "images": [{"id": i, "file_name": f"{i}.jpg"} for i in range(4)],
            "annotations": [{"image_id": i, "category_id": 1, "bbox": [0, 0, 4, 4]} for i in range(4)],
            "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
        }
        (root / "annotations").mkdir(exist_ok=True)
        (root / "annotations" / f"instances_{part}.json").write_text(json.dumps(content))


def yolo(root):
    for part in ("train", "valid"):
        pictures(root / part / "images")
        (root / part / "labels").mkdir()
        for i in range(4):
            (root / part / "labels" / f"{i}.txt").write_text("0 0.5 0.5 0.2 0.2\n1 0.1 0.25 0.2 1e-1\n")
    (root / "data.yaml").write_text("train: ../train/images\nnc: 2\nnames: ['cat', 'dog']\n")


def yolo_images_labels(root):
    pictures(root / "images")
    (root / "labels").mkdir()
    for i in range(4):
        (root / "labels" / f"{i}.txt").write_text("3 0.5 0.5 0.2 0.2\n")
    (root / "coco.yaml").write_text("names:\n  0: cat\n  1: dog\n")


def voc(root):
    pictures(root / "JPEGImages")
    (root / "Annotations").mkdir()
    for i in range(4):
        box = "<bndbox><xmin>1</xmin></bndbox>"
        (root / "Annotations" / f"{i}.xml").write_text(f"<annotation><object><name>cat</name>{box}</object></annotation>")


def open_images(root):
    pictures(root / "train", 6)
    rows = [f"{i},verification,/m/0{i % 3},{i % 2}" for i in range(6)]
    (root / "labels.csv").write_text("\n".join(["ImageID,Source,LabelName,Confidence", *rows]) + "\n")


def box_table(root):
    pictures(root)
    rows = [f"{i % 4}.jpg,{('cat', 'dog', 'emu')[i % 3]},1,2,3,4" for i in range(9)]
    (root / "train_labels.csv").write_text("\n".join(["filename,class,xmin,ymin,xmax,ymax", *rows]) + "\n")


DETECTION = (
    (coco, ("COCO", "cat, dog", "8 pictures")),
    (yolo, ("YOLO", "cat, dog", "8 pictures")),
    (yolo_images_labels, ("YOLO", "cat, dog")),
    (voc, ("Pascal VOC",)),
    (open_images, ("Open Images", "Confidence 1")),
    (box_table, ("table of boxes", "train_labels.csv")),
)


@pytest.mark.parametrize(("maker", "words"), DETECTION, ids=lambda value: getattr(value, "__name__", ""))
def test_boxes_are_named_and_never_learnt(tmp_path, maker, words):
    root = tmp_path / "set"
    root.mkdir()
    maker(root)
    with pytest.raises(DataError) as error:
        require_labelled(read(root))
    assert_says(error, "set", "label", *words)


def test_class_folders_with_boxes_beside_them_are_class_folders(tmp_path):
    write_pictures(tmp_path, 3)
    for path in list(tmp_path.rglob("*.png")):
        path.with_suffix(".txt").write_text("0 0.5 0.5 0.2 0.2\n")
    assert len(require_labelled(read(tmp_path)).classes) == 3


def test_one_box_a_picture_is_a_table_like_another(tmp_path):
    pictures(tmp_path)
    rows = [f"{i}.jpg,{('cat', 'dog')[i % 2]},1,2,3,4" for i in range(4)]
    (tmp_path / "labels.csv").write_text("\n".join(["filename,class,xmin,ymin,xmax,ymax", *rows]) + "\n")
    assert require_labelled(read(tmp_path)).counts() == {"cat": 2, "dog": 2}


def workbook(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/media/image1.png", encoded(noisy((1, 2, 3), 0)))


def weights(path):
    with h5py.File(path, "w") as file:
        file["dense/kernel"] = np.zeros((3, 3))


def zipped(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cat/1.txt", "a")


def tarred(path):
    path.with_name("1.txt").write_text("a")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(path.with_name("1.txt"), "1.txt")


FILES = {
    "train.tfrecord": (lambda path: path.write_bytes(record(b"\x0a\x03abc")), "TFRecord"),
    "train-00000-of-00001": (lambda path: path.write_bytes(record(b"\x0a\x03abc")), "TFRecord"),
    "data.mdb": (lambda path: path.write_bytes(bytes(16) + bytes.fromhex("dec0efbe") + bytes(100)), "LMDB"),
    "train.rec": (lambda path: path.write_bytes(bytes.fromhex("0a23d7ce") + bytes(50)), "RecordIO"),
    "data-00000-of-00001.arrow": (lambda path: path.write_bytes(b"\xff\xff\xff\xff" + bytes(50)), "Arrow"),
    "scan.dcm": (lambda path: path.write_bytes(bytes(128) + b"DICM" + bytes(300)), "DICOM"),
    "brain.nii": (lambda path: path.write_bytes(bytes(344) + b"n+1\0"), "NIfTI"),
    "walk.mp4": (lambda path: path.write_bytes(b"\0\0\0 ftypisom"), "video"),
    "labels.xlsx": (workbook, "no sheet of labels.xlsx"),
    "old.xls": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0 old"), "CSV"),
    "secret.xlsx": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0 locked"), "password"),
    "notes.pkl": (lambda path: path.write_bytes(pickle.dumps({"a": 1}, 2)), "numpy.savez"),
    "weights.h5": (weights, "olhar inspect"),
    "pets.zip": (zipped, "set/pets.zip"),
    "pets.tar.gz": (tarred, "set/pets.tar.gz"),
    "pets.rar": (lambda path: path.write_bytes(b"Rar!\x1a\x07"), "pets.rar"),
    "images.bin": (lambda path: path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_read_is_named(tmp_path, name):
    root = tmp_path / "set"
    root.mkdir()
    make, word = FILES[name]
    make(root / name)
    with pytest.raises(DataError) as error:
        read(root)
    assert_says(error, "set", name, word)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "2 archives (a.zip, b.rar)"), ("pt", "2 arquivos compactados (a.zip, b.rar)")]
)
def test_how_many_archives_there_are_is_told(tmp_path, language, words):
    zipped(tmp_path / "a.zip")
    FILES["pets.rar"][0](tmp_path / "b.rar")
    with pytest.raises(DataError) as error:
        read(tmp_path)
    with speaking(language):
        assert words in str(error.value)


@pytest.mark.parametrize(("name", "start"), [("pets.rar", b"Rar!\x1a\x07"), ("pets.7z", b"7z\xbc\xaf\x27\x1c")])
@pytest.mark.parametrize("given", ["folder", "itself"])
def test_an_archive_that_is_not_opened_is_to_be_unpacked_and_is_not_offered(tmp_path, name, start, given):
    (tmp_path / name).write_bytes(start + bytes(40))
    with pytest.raises(DataError) as error:
        read(tmp_path if given == "folder" else tmp_path / name)
    assert error.value.code == "OLH915"
    assert_says(error, name, "Unpack it")
    assert f"{name}/{name}" not in str(error.value)


def test_of_other_files_one_is_named(tmp_path):
    for place in range(3):
        (tmp_path / f"song{place}.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert error.value.code == "OLH916"
    assert_says(error, "3 other files, such as song")


@pytest.mark.parametrize("name", ["labels.xlsx", "secret.xlsx", "train.tfrecord", "notes.pkl", "walk.mp4"])
def test_so_it_is_where_it_is_given_itself(tmp_path, name):
    make, word = FILES[name]
    make(tmp_path / name)
    with pytest.raises(DataError) as error:
        read(tmp_path / name)
    assert_says(error, name, word)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leaves.xlsx", "no sheet of leaves.xlsx"),
        ("leaves.ods", "leaves.ods is a spreadsheet"),
        ("leaves.numbers", "leaves.numbers is a spreadsheet"),
    ],
)
def test_a_spreadsheet_given_directly_is_named_whatever_it_holds(tmp_path, name, words):
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("sheet1.xml", "<sheet/>")
        archive.writestr("preview.jpg", b"x")
    with pytest.raises(DataError) as error:
        read(tmp_path / name)
    assert_says(error, words)


def test_a_spreadsheet_beside_class_folders_is_passed_over(tmp_path):
    write_pictures(tmp_path, 3)
    workbook(tmp_path / "metadata.xlsx")
    assert len(read(tmp_path).classes) == 3


def test_a_spreadsheet_beside_loose_pictures_is_what_stands_in_the_way(tmp_path):
    pictures(tmp_path)
    workbook(tmp_path / "labels.xlsx")
    with pytest.raises(DataError) as error:
        require_labelled(read(tmp_path))
    assert_says(error, "no column of labels.xlsx")


URLS = {
    "https://www.kaggle.com/datasets/someone/flowers": "kaggle datasets download -d someone/flowers",
    "kaggle.com/c/dog-breed-identification/data": "kaggle competitions download -c dog-breed-identification",
    "https://drive.google.com/drive/folders/1a2b": "Google Drive",
    "https://github.com/someone/flowers": "flowers-main.zip",
    "https://huggingface.co/datasets/someone/beans": "hf download someone/beans --repo-type dataset --local-dir beans",
    "https://example.org/flowers.zip": "browser",
    "https://github.com/someone/flowers/archive/main.zip": "browser",
    "https://[": "browser",
    "https://www.cs.toronto.edu/~kriz/cifar.html": "cifar10",
    f"{SETS['fer2013'].page}/data".replace("/c/", "/competitions/"): "fer2013",
}


@pytest.mark.parametrize("url", URLS)
def test_of_an_address_it_is_said_how_to_get_what_is_there(url):
    with pytest.raises(DataError) as error:
        olhar.read(url)
    assert_says(error, url[:20], URLS[url])
