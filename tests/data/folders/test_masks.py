"""Rule 2: masks and annotations are passed over where they pair, and folders of such names stay classes where they do not."""

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.data.labelled import require_labelled
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read


@pytest.mark.parametrize(
    ("lines", "wanted", "told"),
    [
        (
            ["images 4 pug_{}.png", "images 4 manx_{}.png", "images 4 lab_{}.png"]
            + [f"annotations/trimaps 4 {name}_{{}}.png" for name in ("pug", "manx", "lab")],
            each("lab manx pug", 4),
            "annotations (12 masks)",
        ),
        (
            [f"{name}/{kind}" for name in ("COVID", "Normal") for kind in ("images 6", "masks 6 img_{}.png mask")],
            each("COVID Normal", 6),
            "*/masks (12 masks)",
        ),
        (
            [f"{name} 6 {name}_{{}}{end}" for name in ("benign", "normal") for end in (".png", "_mask.png mask")],
            each("benign normal", 6),
            "*_mask.png (12 masks)",
        ),
        (
            [
                *("Images/Train/frog 5", "Images/Train/owl 5", "Images/Test/frog 3", "Images/Test/owl 3"),
                *("GT/Train/frog 5 img_{}.png mask", "GT/Train/owl 5 img_{}.png mask", "GT/Test/owl 3 img_{}.png mask"),
            ],
            each("frog owl", 5, "train") | each("frog owl", 3, "test"),
            "GT (13 masks)",
        ),
    ],
)
def test_masks_are_passed_over_and_told(tmp_path, lines, wanted, told):
    found, line = read(tmp_path, *lines)
    assert found == wanted
    assert told in line


@pytest.mark.parametrize(
    "names", ["images tables text", "mask no_mask", "with_mask without_mask", "labels boxes bottles", "masks gloves"]
)
def test_folders_of_photographs_stay_classes_whatever_they_are_called(tmp_path, names):
    assert read(tmp_path, *(f"{name} 8" for name in names.split()))[0] == each(names, 8)


def test_plain_pictures_of_both_sides_prove_nothing(tmp_path):
    assert read(tmp_path, "mask 8 img_{}.png mask", "no_mask 8 img_{}.png mask")[0] == each("mask no_mask", 8)


def test_pictures_and_masks_that_do_not_pair_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "images 8 a{}.png", "masks 8 b{}.png")
    assert_says(error, "images, masks", "do not pair")
    assert [reading.below for reading in error.value.readings] == ["images", "masks"]


def test_a_mask_that_cannot_be_opened_proves_nothing(tmp_path):
    grow(tmp_path, "mask 8", "no_mask 8")
    for path in (tmp_path / "mask").iterdir():
        path.write_bytes(b"no picture")
    assert read(tmp_path)[0] == each("mask no_mask", 8)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["fish_image/f1 5 fish_{}a.png", "fish_image/f2 5 fish_{}b.png", "mask_image/m1 9 mask_{}x.png mask"],
            "mask_image (9 masks)",
        ),
        (["Main/f1 5", "Main/f2 5", "Ground Truth/f1/expert1 | 5 | {}_e.png | mask"], "Ground Truth (5 masks)"),
        (["f1 6 f1_{}.png", "f2 6 f2_{}.png", "CASIA 2 Groundtruth | 6 | f2_{}_gt.png | mask"], "CASIA 2 Groundtruth (6 masks)"),
    ],
)
def test_masks_under_names_of_their_own_are_known_by_their_looks(tmp_path, lines, told):
    found, line = read(tmp_path, *lines)
    assert set(found) == {"f1", "f2"}
    assert told in line


def test_beside_masks_a_folder_of_few_tones_beside_images_is_no_class_whatever_it_is_called(tmp_path):
    lines = [f"{part}/{line}" for part in ("training", "test") for line in ("images 5 2{}_a.png", "mask 5 2{}_a_mask.png mask")]
    with pytest.raises(DataError) as error:
        require_labelled(
            olhar.read(grow(tmp_path, *lines, "training/1st_manual 5 2{}_b.png mask", "test/1st_manual 5 2{}_b.png mask"))
        )
    assert_says(error, "class folders")


def test_without_masks_a_folder_of_few_tones_beside_images_stays_a_class(tmp_path):
    assert counts(olhar.read(grow(tmp_path, "images 6", "text 6 t{}.png mask"))) == {"images": 6, "text": 6}


def test_folders_of_codes_of_patients_with_masks_are_asked_about(tmp_path):
    names = [f"TCGA_{site}_494{k}_1996090{k}" for k, site in enumerate(("CS", "DU", "HT", "FG"))]
    lines = [f"{name} 4 {name}_{{}}{end}" for name in names for end in (".png", "_mask.png mask")]
    with pytest.raises(DataError) as error:
        olhar.read(grow(tmp_path, *lines))
    assert_says(error, "TCGA_CS_4940_19960900", "masks")


def test_masks_are_found_below_a_folder_that_is_called_after_what_the_set_is_for(tmp_path):
    wrapper = "Fundus Images for Vessel Segmentation"
    whats = ("Original | 6 | {}.png | photo", "Ground truth | 6 | {}.png | mask")
    lines = [f"{wrapper}/{part}/{what}" for part in ("train", "test") for what in whats]
    assert "Ground truth" not in counts(olhar.read(grow(tmp_path, *lines)))


def test_names_say_no_classes_where_each_picture_has_a_mask_and_a_text_of_its_own(tmp_path):
    for name in ("FudanPed", "PennPed"):
        grow(tmp_path, f"set/PNGImages 6 {name}0000{{}}.png", f"set/PedMasks 6 {name}0000{{}}_mask.png mask")
        grow(tmp_path, f"set/Annotation 6 {name}0000{{}}.txt")
    (tmp_path / "set/added-objects.txt").write_text("FudanPed00001.png\t1\n")
    dataset = olhar.read(tmp_path)
    assert not dataset.classes
    assert "file names say" not in str(dataset.read_as)
    with pytest.raises(DataError) as error:
        require_labelled(dataset)
    assert_says(error, "FudanPed, PennPed", "mask")


def test_the_training_part_alone_must_have_masks_and_notes(tmp_path):
    for name in ("um", "uu"):
        grow(tmp_path, f"training/image_2 6 {name}_0000{{}}.png", f"testing/image_2 12 {name}_1000{{}}.png")
        grow(tmp_path, f"training/gt_image_2 6 {name}_road_0000{{}}.png mask", f"training/calib 6 {name}_0000{{}}.txt")
    dataset = olhar.read(tmp_path)
    assert counts(dataset) == {"test/?": 24, "train/?": 12}
    with pytest.raises(DataError) as error:
        require_labelled(dataset)
    assert_says(error, "um, uu", "mask")


@pytest.mark.parametrize("beside", ["masks", "texts"])
def test_names_say_classes_where_masks_or_texts_alone_lie_beside(tmp_path, beside):
    for name in ("pug", "manx"):
        other = f"trimaps 6 {name}_{{}}.png mask" if beside == "masks" else f"notes 6 {name}_{{}}.txt"
        grow(tmp_path, f"images 6 {name}_{{}}.png", other)
    assert counts(olhar.read(tmp_path)) == each("pug manx", 6)


def test_folders_of_pictures_with_a_mask_and_a_note_each_are_asked_about(tmp_path):
    cities = ("aachen", "bochum", "ulm")
    lines = [f"leftImg8bit/{city} 4 {city}_00{{}}_leftImg8bit.png" for city in cities]
    lines += [f"gtFine/{city} 4 {city}_00{{}}_gtFine_labelIds.png mask" for city in cities]
    grow(tmp_path, *lines, *(f"gtFine/{city} 4 {city}_00{{}}_gtFine_polygons.json" for city in cities))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error.value, "aachen, bochum, ulm", "--layout class")
