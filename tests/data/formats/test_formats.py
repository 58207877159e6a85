"""What the readers must show: the same pictures in each form are the same table and the same pixels, inside archives too."""

from collections import Counter

import numpy as np
import pytest

from olhar.base.images import to_pixels
from olhar.data.cache.store import pack
from olhar.data.dataset import Dataset
from olhar.data.labelled import require_labelled
from olhar.data.sources import read
from tests.data import forms

ENDINGS = ("", ".zip")
IN_A_TAR = (forms.as_folders, forms.as_csv, forms.as_fer2013, forms.as_hugging_face, forms.as_npz, forms.as_cifar_python)


def table(data: Dataset, channels: int = 3) -> Counter[tuple[str, str, bytes]]:
    """Part, class and pixels of each picture, whatever their order and names."""
    require_labelled(data)
    pixels = [to_pixels(data.read(row), (forms.SIDE, forms.SIDE), channels, "stretch") for row in range(len(data))]
    return Counter((data.brought[row], data.classes[data.labels[row]], each.tobytes()) for row, each in enumerate(pixels))


def expected(rows: forms.Rows, parts: bool) -> Counter[tuple[str, str, bytes]]:
    return Counter((part if parts else "", name, pixels.tobytes()) for part, name, pixels in rows)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("form", forms.SPLIT, ids=lambda form: form.__name__)
def test_the_same_pictures_give_the_same_table_and_pixels(tmp_path, form, ending):
    folder = form(tmp_path / "set")
    found = read(forms.packed_as(folder, ending) if ending else folder)
    assert (found.classes, found.origin) == (forms.CLASSES, "set")
    assert table(found) == expected(forms.rows(), parts=True)


@pytest.mark.parametrize("form", IN_A_TAR, ids=lambda form: form.__name__)
def test_a_packed_tar_gives_them_too(tmp_path, form):
    found = read(forms.packed_as(form(tmp_path / "set"), ".tar.gz"))
    assert (found.classes, found.origin) == (forms.CLASSES, "set")
    assert table(found) == expected(forms.rows(), parts=True)


def test_the_store_packs_them_alike(tmp_path):
    packed = [pack(read(form(tmp_path / form.__name__)), (16, 16), 3, "stretch") for form in (forms.as_folders, forms.as_npz)]
    one, other = (sorted(each.pixels.reshape(36, -1).tolist()) for each in packed)
    assert one == other


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("form", forms.WHOLE, ids=lambda form: form.__name__)
def test_forms_without_parts_give_the_same_pictures(tmp_path, form, ending):
    folder = form(tmp_path / "set")
    found = read(forms.packed_as(folder, ending) if ending else folder)
    assert found.classes == forms.CLASSES
    assert table(found) == expected(forms.rows(), parts=False)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("form", forms.GRAY, ids=lambda form: form.__name__)
def test_idx_gives_the_same_pictures_in_gray_with_numbers_for_classes(tmp_path, form, ending):
    folder = form(tmp_path / "set")
    found = read(forms.packed_as(folder, ending) if ending else folder, names=dict(zip("012", forms.CLASSES, strict=True)))
    assert (found.classes, found.shown) == (("0", "1", "2"), forms.CLASSES)
    numbered = [(part, str(forms.CLASSES.index(name)), pixels) for part, name, pixels in forms.grays()]
    assert table(found, channels=1) == expected(numbered, parts=True)


@pytest.mark.parametrize("ending", [".tar.bz2", ".tar.xz"])
def test_every_packing_of_a_tar_is_read(tmp_path, ending):
    found = read(forms.packed_as(forms.as_folders(tmp_path / "set"), ending))
    assert table(found) == expected(forms.rows(), parts=True)


@pytest.mark.parametrize(
    ("form", "file"),
    [
        (forms.as_csv, "labels.csv"),
        (forms.as_fer2013, "icml_face_data.csv"),
        (forms.as_json_lines, "dados.json"),
        (forms.as_parquet_of_paths, "table.parquet"),
        (forms.as_npz, "set.npz"),
        (forms.as_project, "project.tm"),
    ],
)
def test_a_file_can_be_named_itself_also_inside_an_archive(tmp_path, form, file):
    folder = form(tmp_path / "set")
    parts = form is not forms.as_project
    assert table(read(folder / file)) == expected(forms.rows(), parts)
    inside = forms.packed_as(folder, ".tar") / "set" / file
    assert table(read(inside)) == expected(forms.rows(), parts)


def test_a_single_idx_file_finds_its_labels_beside_it(tmp_path):
    folder = forms.as_packed_idx(tmp_path / "set")
    found = read(folder / "train-images-idx3-ubyte.gz")
    assert (len(found), found.labelled, set(found.brought)) == (24, True, {""})


def test_pictures_are_read_again_in_any_order(tmp_path):
    for form in (forms.as_fer2013, forms.as_json_array, forms.as_hugging_face, forms.as_cifar_binary, forms.as_npz):
        found = read(forms.packed_as(form(tmp_path / form.__name__), ".zip"))
        forward = [np.array(found.read(row)) if not isinstance(found.read(row), bytes) else found.read(row) for row in range(36)]
        for row in (35, 0, 17, 35):
            again = found.read(row)
            assert again == forward[row] if isinstance(again, bytes) else np.array_equal(again, forward[row])


@pytest.mark.parametrize(
    ("name", "classes", "counts"),
    [
        ("cifar10.zip", 10, {"train": 50_000, "test": 10_000}),
        ("fer2013.zip", 7, {"train": 28_709, "validation": 3_589, "test": 3_589}),
        ("cats-dogs.zip", 2, {"": 1_402}),
    ],
)
def test_the_real_sets_have_their_known_numbers(real_data, name, classes, counts):
    found = read(real_data(name))
    assert Counter(found.brought) == counts
    assert (found.labelled, len(found.classes)) == (True, classes)
    if name == "cats-dogs.zip":
        assert found.counts() == {"cats": 608, "dogs": 794}


def test_shards_with_a_hash_behind_their_names_are_parts_of_one_set(tmp_path):
    root = forms.as_hugging_face(tmp_path / "set")
    for part, code in (("train", "7a688c13250bb2bc"), ("test", "c3b17236983236e6")):
        shard = root / "data" / f"{part}-00000-of-00001.parquet"
        shard.rename(shard.with_stem(f"{shard.stem}-{code}"))
    found = read(root)
    assert set(found.brought) == {"train", "test"}
    assert found.classes == forms.CLASSES
