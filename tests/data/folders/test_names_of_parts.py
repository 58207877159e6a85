"""Parts in the names of pictures, beside their classes."""

import pytest

import olhar
from tests.data.folders.grown import grow
from tests.data.tables.made import counts


@pytest.mark.parametrize("form", ["{part}_{0}_{1:03}.jpg", "{part}-{0}{1}.jpg", "{0}_{1}_{part}.jpg", "{part} 1_{1}_{0}.jpg"])
def test_parts_and_classes_in_one_name(tmp_path, form):
    names = [form.format(pet, k, part=("treino", "teste")[k > 5]) for pet in ("gato", "cao") for k in range(8)]
    found = olhar.read(grow(tmp_path, *(f". | 1 | {name}" for name in names)))
    assert counts(found) == {"train": {"cao": 6, "gato": 6}, "test": {"cao": 2, "gato": 2}}


@pytest.mark.parametrize("parts", [("test", "val"), ("train", "train"), ("train", "other")])
def test_without_training_or_of_one_part_alone_or_with_other_words_there_are_no_parts(tmp_path, parts):
    names = [f"{parts[k > 5]}_{pet}_{k:03}.jpg" for pet in ("gato", "cao") for k in range(8)]
    found = olhar.read(grow(tmp_path, *(f". | 1 | {name}" for name in names)))
    assert "train" not in found.brought
