"""Folders that hold the same pictures once more: trees of masks, flat copies beside classes, sizes and renderings."""

import pytest
from PIL import Image, ImageFilter

import olhar
from olhar.base.errors import DataError
from tests.data.folders.grown import counts, each, grow, read

FRUIT = ("apple", "fig", "pear")


def test_a_tree_of_masks_beside_the_same_tree_of_pictures_is_passed_over(tmp_path):
    lines = [f"{kind}/{name} 4 {name}_{{}}.png {look}" for kind, look in (("Bmp", "photo"), ("Msk", "mask")) for name in FRUIT]
    found, line = read(tmp_path, *lines)
    assert found == each(" ".join(FRUIT), 4)
    assert "Msk (12 masks) passed over" in line


def test_a_flat_copy_beside_the_classes_is_passed_over(tmp_path):
    names = ("Degas", "van Gogh", "Picasso")
    lines = [f"images/images/{name} | 4 | {name}_{{}}.png" for name in names]
    lines += [f"resized/resized | 4 | {name}_{{}}.png" for name in names]
    found, line = read(tmp_path, *lines)
    assert found == dict.fromkeys(sorted(names), 4)
    assert "resized (12 pictures in another variant) passed over" in line


def test_other_pictures_beside_the_classes_are_asked_about(tmp_path):
    lines = [f"images/{name} 4 {name}_{{}}.png" for name in ("degas", "gogh", "picasso")]
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines, "more 12 other_{}.png")
    assert error.value.code == "OLH133"


@pytest.mark.parametrize("names", [("X2", "X3"), ("128x128", "64x64")])
def test_sizes_are_no_classes(tmp_path, names):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{name} 5 {{}}{name}.png" for name in names))
    assert error.value.code == "OLH995"
    assert olhar.read(tmp_path, layout="class").classes == names


def test_renderings_of_the_same_pictures_are_no_classes(tmp_path):
    for n in range(8):
        sharp = Image.radial_gradient("L").rotate(45 * n).crop((8 * n, 0, 8 * n + 64, 64)).convert("RGB")
        for kind, picture in (("sharp", sharp), ("blur", sharp.filter(ImageFilter.GaussianBlur(1)))):
            (tmp_path / kind).mkdir(exist_ok=True)
            picture.save(tmp_path / kind / f"{'GOPR' if n % 2 else 'night'}_{n}b{'x' * n}.png")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH995"


def test_other_pictures_of_the_same_names_are_classes(tmp_path):
    people = [f"{{}}_{name}.png" for name in ("ana", "rui", "eva")]
    found, _ = read(tmp_path, *(f"{mood} 3 {form}" for mood in ("happy", "sad") for form in people))
    assert found == each("happy sad", 9)


def test_cuttings_beside_the_pictures_that_they_were_cut_from_are_asked_about(tmp_path):
    for name in ("im_A", "im_B"):
        grow(tmp_path, f"{name}/{name} 2 00{{}}.png", *(f"{name}/{name}/CROPPED 3 00{n}_0{{}}.png" for n in range(2)))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert error.value.code == "OLH997"
    cut, whole = error.value.readings
    assert counts(olhar.read(tmp_path, **cut.options)) == each("im_A im_B", 6)
    assert counts(olhar.read(tmp_path, **whole.options)) == each("im_A im_B", 2)


def test_what_was_done_to_pictures_is_no_class(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"images/{how} 2 {fish}_{{}}.png" for how in ("cropped", "raw_images") for fish in ("diana", "scopas")))
    assert error.value.code == "OLH995"


def test_maps_of_the_pictures_of_each_class_beside_them_are_passed_over(tmp_path):
    lines = [f"{name}/{kind} 4 00{{}}.png" for name in ("glaucoma", "non_glaucoma") for kind in ("image", "attention_map")]
    found, line = read(tmp_path, *lines)
    assert found == each("glaucoma non_glaucoma", 4)
    assert "*/attention_map (8 pictures in another variant) passed over" in line


def test_the_same_pictures_as_png_and_as_jpeg_are_no_classes(tmp_path):
    for kind, form in (("pokemon/pokemon", "png"), ("pokemon_jpg/pokemon_jpg", "jpg")):
        (tmp_path / kind).mkdir(parents=True)
        for n in range(6):
            drawn = Image.radial_gradient("L").rotate(60 * n).crop((8 * n, 0, 8 * n + 64, 64)).convert("RGBA")
            drawn.putalpha(Image.linear_gradient("L").resize((64, 64)))
            over = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")
            (drawn if form == "png" else over).save(tmp_path / kind / f"{n}.{form}")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH995"


def test_how_fine_pictures_are_is_no_class_and_high_beside_low_is(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path / "sizes", "high res | 4 | {}.png", "low res | 8 | {}_2.png")
    assert error.value.code == "OLH995"
    found, _ = read(tmp_path / "risk", "high 4 a{}.png", "low 8 b{}.png")
    assert found == {"high": 4, "low": 8}


def test_pictures_beside_what_was_drawn_on_them_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "images 6 im{}.png", "visualized 3 im{}.png")
    assert error.value.code == "OLH995"


def test_of_renderings_whose_names_carry_the_class_the_one_in_colour_is_read(tmp_path):
    grow(tmp_path, *(f"Color | 6 | {name} ({{}}).png" for name in ("palm", "fist", "thumb")))
    (tmp_path / "BW").mkdir()
    for path in (tmp_path / "Color").iterdir():
        Image.open(path).convert("L").save(tmp_path / "BW" / path.name)
    found = olhar.read(tmp_path)
    assert counts(found) == each("palm fist thumb", 6)
    assert "BW (18 pictures in another variant) passed over" in str(found.read_as)


def test_formats_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "PNG/Original | 4 | a{}.png", "TIF/Original | 4 | b{}.png")
    assert error.value.code == "OLH995"
