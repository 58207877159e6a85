"""Rule 5: variants of the same pictures, augmented ones, folds, and one set in several pieces."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.data.folders.grown import counts, each, grow, read


def of(*tops: str, form: str = "{}.png") -> list[str]:
    return [f"{top}/{name} | 4 | {form}" for top in tops for name in ("ash", "oak")]


@pytest.mark.parametrize(
    ("tops", "form", "code"),
    [
        (("color", "grayscale", "segmented"), "{}.png", "OLH125"),
        (("first", "second"), "a{}b7.png", "OLH125"),
        (("128x128", "64x64"), "{}.png", "OLH125"),
        (("PlantVillage", "PlantVillage_grayscale"), "{}.png", "OLH125"),
        (("EuroSAT", "EuroSATallBands"), "ash_{}.png", "OLH126"),
        (("dataset1", "dataset2"), "{}.png", "OLH126"),
    ],
)
def test_variants_are_refused_with_a_command_each(tmp_path, tops, form, code):
    with pytest.raises(DataError) as error:
        read(tmp_path, *of(*tops, form=form))
    assert error.value.code == code
    assert [reading.below for reading in error.value.readings if reading.below] == list(tops)[: 3 if code == "OLH125" else 2]
    for reading in error.value.readings:
        found = olhar.read(tmp_path / reading.below, **reading.options)  # pyright: ignore[reportArgumentType]
        assert found.classes == ("ash", "oak")


@pytest.mark.parametrize("tops", [("images_part_1", "images_part_2"), ("set0", "set1", "set2"), ("Dia 1", "Dia 2")])
def test_pieces_of_one_set_are_read_together(tmp_path, tops):
    found, line = read(tmp_path, *of(*tops))
    assert found == each("ash oak", 4 * len(tops))
    assert f"{', '.join(tops)} read as where, when or by whom" in line


@pytest.mark.parametrize(
    "tops", [("Original Dataset", "Augmented Dataset"), ("OriginalDataset", "AugmentedLeafDataset"), ("images", "images_aug")]
)
def test_augmented_pictures_beside_the_originals_are_passed_over(tmp_path, tops):
    found, line = read(tmp_path, *of(*tops))
    assert found == each("ash oak", 4)
    assert f"{tops[1]} (8 pictures made from the originals) passed over" in line


def test_augmented_pictures_below_each_class_are_passed_over(tmp_path):
    lines = [f"{name}/{kind} 4" for name in ("ash", "oak") for kind in ("original", "augmented")]
    found, line = read(tmp_path, *lines)
    assert found == each("ash oak", 4)
    assert "*/augmented (8 pictures made from the originals)" in line


def test_folds_are_groups(tmp_path):
    dataset = olhar.read(grow(tmp_path, *of("fold1", "fold2", "fold3")))
    assert counts(dataset) == each("ash oak", 12)
    assert set(dataset.groups) == {"fold1", "fold2", "fold3"}


def test_names_that_agree_by_chance_make_no_variants(tmp_path):
    found, line = read(tmp_path, *(f"{fruit}/{state} 5" for fruit in ("apple", "pear") for state in ("fresh", "bad")))
    assert found == each("apple pear", 10)
    assert "apple/bad read as apple (for the level below: --layout '*/class')" in line


def test_persons_of_one_number_on_two_sides_make_no_variants(tmp_path):
    found, _ = read(
        tmp_path, *(f"raw/{side}/000{n} 3 000{n}_0{{}}b{n}.png" for side in ("ClientRaw", "ImposterRaw") for n in (1, 2, 3))
    )
    assert found == each("ClientRaw ImposterRaw", 9)


def test_augmented_folds_beside_the_original_ones_are_passed_over(tmp_path):
    parts = [f"{part}/{name}" for part in ("Train", "Test") for name in ("cat", "dog")]
    original = [f"Original/Original/FOLDS/fold{n}/{part} | 2 | f{n}_{{}}.png" for n in (1, 2) for part in parts]
    augmented = [f"Augmented/FOLDS_AUG/fold{n}_AUG/Train/{name} | 4 | a{n}_{{}}.png" for n in (1, 2) for name in ("cat", "dog")]
    with pytest.raises(DataError) as error:
        read(tmp_path, *original, *augmented)
    assert error.value.code == "OLH127"
    assert str(error.value.readings[0].what) == "classes cat 4, dog 4"


def test_what_is_not_sorted_yet_in_a_piece_is_passed_over(tmp_path):
    found, line = read(tmp_path, *of("Lote 118", "Lote 119"), "Lote 119/por ver | 3 | x{}.png")
    assert found == each("ash oak", 8)
    assert "Lote 119/por ver (3 pictures without a class)" in line


@pytest.mark.parametrize("small", ["redimensionadas 16x16", "resized", "thumbnails"])
def test_pictures_made_smaller_beside_the_originals_are_passed_over(tmp_path, small):
    lines = [
        f"set/{top}/{name} | {n} | 2023_{name}_{{}}.png" for top, n in (("originais", 5), (small, 4)) for name in ("bee", "fly")
    ]
    found, line = read(tmp_path, *lines)
    assert found == each("bee fly", 5)
    assert f"{small} (8 pictures in another variant) passed over" in line
    grow(tmp_path, f"set/{small}/bee | 1 | another{{}}.png")
    with pytest.raises(DataError):
        read(tmp_path)


def test_augmented_and_smaller_pictures_beside_the_originals_are_both_passed_over(tmp_path):
    forms = (("raw", "bird_{}.png"), ("augmented", "bird_{}_flip.png"), ("resized_32", "bird_{}.png"))
    found, line = read(tmp_path, *(f"{top}/{name} | 4 | {name}{form}" for top, form in forms for name in ("jay", "robin")))
    assert found == each("jay robin", 4)
    assert "resized_32 (8 pictures in another variant)" in line
