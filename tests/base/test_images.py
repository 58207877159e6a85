import io

import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from olhar.base.errors import PictureError
from olhar.base.images import PIXEL_LIMIT, decode, shape, to_pixels
from olhar.base.resizing import fitted
from tests.conftest import assert_says, encoded, noisy

ORANGE = (250, 140, 20)


def smooth(height: int, width: int) -> np.ndarray:
    """A picture without noise, as photographs are at the scale of a pixel."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = [np.sin(rows / (9 + c)) * np.cos(columns / (11 - c)) for c in range(3)]
    return ((np.stack(waves, axis=2) + 1) * 127).astype(np.uint8)


def by_pillow(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("quality", [30, 75, 95])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_jpeg_is_bit_for_bit_what_pillow_gives(quality, subsampling):
    data = encoded(smooth(50, 70), "JPEG", quality=quality, subsampling=subsampling)
    assert np.array_equal(np.asarray(decode(data)), by_pillow(data))


def test_a_gray_jpeg_is_bit_for_bit_what_pillow_gives():
    data = encoded(smooth(48, 48)[:, :, 0], "JPEG")
    assert np.array_equal(np.asarray(decode(data)), np.asarray(Image.open(io.BytesIO(data))))


@settings(max_examples=120)
@given(st.data())
def test_any_jpeg_is_bit_for_bit_what_pillow_gives(data):
    """Odd sizes, gray, every subsampling, progressive, with restarts, CMYK (which only Pillow reads)."""
    height, width = data.draw(st.integers(1, 67)), data.draw(st.integers(1, 67))
    mode = data.draw(st.sampled_from(["RGB", "L", "CMYK"]))
    pixels = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 256, (height, width, 3)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(
        out,
        "JPEG",
        quality=data.draw(st.integers(5, 100)),
        subsampling=data.draw(st.sampled_from([0, 1, 2])),
        progressive=data.draw(st.booleans()),
        optimize=data.draw(st.booleans()),
        restart_marker_rows=data.draw(st.integers(0, 2)),
    )
    for channels, wanted in ((3, "RGB"), (1, "L")):
        found = to_pixels(out.getvalue(), (height, width), channels, "stretch")
        theirs = Image.open(io.BytesIO(out.getvalue()))
        theirs = theirs if mode == "L" else theirs.convert("RGB")
        assert np.array_equal(found, np.asarray(theirs.convert(wanted)).reshape(height, width, channels))


@pytest.mark.parametrize("channels", [1, 3])
def test_an_array_of_the_right_size_is_taken_as_it_is(channels):
    pixels = noisy(ORANGE, 3)[:, :, :channels]
    assert np.array_equal(to_pixels(pixels, (16, 16), channels, "crop"), pixels)


@pytest.mark.parametrize("size", [(600, 400), (401, 603), (97, 800), (1000, 1000)])
def test_a_photograph_decoded_small_is_the_same_through_both_decoders(size, monkeypatch):
    data = encoded(smooth(*size), "JPEG", quality=90)
    quick = to_pixels(data, (40, 48), 3, "crop")

    def refuse(_):
        raise ValueError

    monkeypatch.setattr(simplejpeg, "decode_jpeg_header", refuse)
    assert np.array_equal(quick, to_pixels(data, (40, 48), 3, "crop"))


def test_a_photograph_decoded_small_looks_like_the_whole():
    data = encoded(smooth(800, 1200), "JPEG", quality=95)
    whole = np.asarray(Image.open(io.BytesIO(data)).resize((48, 48), Image.Resampling.BILINEAR), dtype=int)
    assert np.abs(to_pixels(data, (48, 48), 3, "stretch") - whole).max() <= 6


def test_a_photograph_decoded_whole_is_what_pillow_makes_of_all_of_it():
    source = smooth(640, 480)
    data = encoded(source, "JPEG")
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(fitted(image.convert("RGB"), (32, 32), "stretch"))
    whole = to_pixels(data, (32, 32), 3, "stretch", whole=True)
    assert np.array_equal(whole, expected)
    assert not np.array_equal(whole, to_pixels(data, (32, 32), 3, "stretch"))


def test_a_large_photograph_is_shrunk_without_aliasing():
    fine_stripes = np.zeros((320, 320, 3), np.uint8)
    fine_stripes[:, ::2] = 255
    small = to_pixels(fine_stripes, (32, 32), 3, "stretch")
    assert small.min() > 110
    assert small.max() < 145


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_turned_by_exif_equals_its_upright_copy(orientation, form):
    upright = smooth(40, 64)
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = Image.fromarray(upright) if back is None else Image.fromarray(upright).transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    settings = {"quality": 100, "subsampling": 0} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    stored.save(out, form, exif=exif, **settings)
    found = to_pixels(out.getvalue(), (40, 64), 3, "stretch")
    assert np.abs(found.astype(int) - upright).max() <= (6 if form == "JPEG" else 0)
    assert shape(out.getvalue()) == (40, 64, 3)


def test_modes_have_their_documented_conversion():
    half = np.zeros((8, 8, 4), np.uint8)
    half[..., 0], half[..., 3] = 255, 128
    assert to_pixels(encoded(half), (8, 8), 3, "stretch")[0, 0].tolist() == [255, 127, 127]
    deep = np.full((8, 8), 40_000, np.uint16)
    assert to_pixels(encoded(deep), (8, 8), 1, "stretch")[0, 0].tolist() == [40_000 >> 8]
    palette = Image.fromarray(noisy(ORANGE, 0)).convert("P", palette=Image.Palette.ADAPTIVE)
    out = io.BytesIO()
    palette.save(out, "GIF")
    assert np.array_equal(to_pixels(out.getvalue(), (16, 16), 3, "stretch"), np.asarray(palette.convert("RGB")))
    out = io.BytesIO()
    Image.fromarray(smooth(16, 16)).convert("CMYK").save(out, "JPEG", quality=95)
    assert np.abs(to_pixels(out.getvalue(), (16, 16), 3, "stretch").astype(int) - smooth(16, 16)).max() < 40
    bits = Image.fromarray(smooth(16, 16)[:, :, 0] > 127).convert("1")
    out = io.BytesIO()
    bits.save(out, "PNG")
    assert set(np.unique(to_pixels(out.getvalue(), (16, 16), 1, "stretch"))) == {0, 255}


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert to_pixels(out.getvalue(), (16, 16), 3, "stretch")[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "WEBP", "AVIF", "GIF", "PPM"])
def test_many_formats_are_read(form):
    assert to_pixels(encoded(noisy(ORANGE, 1), form), (8, 8), 3, "stretch").shape == (8, 8, 3)


def test_gray_is_luma():
    pixels = np.full((8, 8, 3), (255, 0, 0), np.uint8)
    assert to_pixels(pixels, (8, 8), 1, "stretch")[0, 0, 0] == 76


def test_crop_keeps_the_middle_and_pad_keeps_all():
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:, :20], wide[:, 20:40], wide[:, 40:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    assert (to_pixels(wide, (20, 20), 3, "crop")[:, 1:-1] == (0, 255, 0)).all()
    padded = to_pixels(wide, (60, 60), 3, "pad")
    assert (padded[0] == 0).all()
    assert padded[30, 5].tolist() == [255, 0, 0]
    stretched = to_pixels(wide, (30, 30), 3, "stretch")
    assert stretched[15, 1].tolist() == [255, 0, 0]
    assert stretched[15, 28].tolist() == [0, 0, 255]


@settings(max_examples=40)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from([1, 3]), st.sampled_from(["stretch", "crop", "pad"]))
def test_every_shape_becomes_the_shape_asked_for(height, width, channels, fit):
    found = to_pixels(np.full((height, width, 3), 90, np.uint8), (9, 13), channels, fit)
    assert found.shape == (9, 13, channels)
    assert found.dtype == np.uint8


CUT = encoded(smooth(64, 64), "JPEG")[:-400]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (CUT, "damaged"),
        (encoded(smooth(64, 64))[:300], "damaged"),
        (b"hello, this is text and not a picture at all", "not a picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 64, "HEIC"),
    ],
)
def test_a_bad_picture_is_named_with_its_fault(data, word):
    with pytest.raises(PictureError) as error:
        to_pixels(data, (8, 8), 3, "stretch", "bad.jpg")
    assert_says(error, "bad.jpg", word)


def test_a_bomb_is_refused_from_its_header():
    out = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(out, "PNG")
    assert len(out.getvalue()) < 40_000
    with pytest.raises(PictureError) as error:
        to_pixels(out.getvalue(), (8, 8), 3, "stretch", "bomb.png")
    assert_says(error, "bomb.png", "50 megapixels")
    wide = encoded(np.zeros((10, 10, 3), np.uint8), "JPEG")
    with pytest.raises(PictureError):
        to_pixels(wide, (8, 8), 3, "stretch", "b", limit=99)
    assert PIXEL_LIMIT == 50_000_000


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4), float), np.zeros((0, 4), np.uint8), np.zeros(5, np.uint8)]
)
def test_an_array_that_is_no_picture_is_refused(array):
    with pytest.raises(PictureError) as error:
        to_pixels(array, (8, 8), 3, "stretch", "array")
    assert_says(error, str(array.shape))


@settings(max_examples=150)
@given(st.data())
def test_damage_anywhere_gives_a_picture_or_its_error(data):
    source = bytearray(
        data.draw(st.sampled_from([encoded(smooth(24, 24), form) for form in ("JPEG", "PNG", "GIF", "TIFF", "WEBP")]))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(source[: data.draw(st.integers(1, len(source)))])
    try:
        assert to_pixels(cut, (8, 8), 3, "stretch").shape == (8, 8, 3)
    except PictureError as error:
        assert_says(error)


def test_the_person_s_settings_of_pillow_are_left_alone():
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    to_pixels(encoded(smooth(8, 8)), (8, 8), 3, "stretch")
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
