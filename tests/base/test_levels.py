import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from olhar.base.depth import SUMMARY, levels_of, scaled, summary
from olhar.base.errors import ModelError, PictureError
from olhar.base.images import as_bytes, deep_numbers, own_levels, to_pixels
from olhar.base.levels import FULL, Levels
from olhar.base.signature import Signature
from tests.conftest import assert_says, encoded

RAMP = np.linspace(0, 1, 64).reshape(8, 8)


def levels(*pictures):
    return levels_of(np.array([summary(picture) for picture in pictures], SUMMARY))


@pytest.mark.parametrize(
    ("top", "white"),
    [(200, 255), (255, 255), (256, 1023), (1023, 1023), (3300, 4095), (4096, 16383), (16384, 65535), (65535, 65535)],
)
def test_whole_numbers_have_the_least_bits_that_hold_them_all(top, white):
    dark = np.zeros((4, 4), np.uint16)
    assert levels(dark, (RAMP * top).round().astype(np.uint16)).integers == (0, white)


@pytest.mark.parametrize(
    ("low", "high", "bounds"),
    [(0, 1, (0, 1)), (0.16, 0.75, (0, 1)), (40, 190, (0, 255)), (0, 255, (0, 255)), (-0.001, 1.001, (0, 1))],
)
def test_floats_are_of_0_to_1_or_of_0_to_255_where_they_can_be(low, high, bounds):
    assert levels(np.array([[low, high]], np.float32)).floats == bounds


@pytest.mark.parametrize(("low", "high"), [(0, 4095), (-3, 3), (0, 1.3), (0.0, 0.02), (1e6, 2e6)])
def test_other_floats_go_from_the_lowest_to_the_highest_thousandth(low, high):
    pictures = [low + (high - low) * np.random.default_rng(i).random((50, 50)) for i in range(8)]
    pictures[0][0, 0] = high + 1000 * abs(high)
    black, white = levels(*pictures).floats
    assert (black, white) == pytest.approx((low, high), abs=0.01 * (high - low))


@pytest.mark.parametrize("values", [np.array([[-1000, 3000]]), np.array([[0, 70000]])])
def test_whole_numbers_below_0_or_beyond_16_bits_go_by_thousandths_too(values):
    black, white = levels(values.astype(np.int32)).integers
    assert (black, white) == pytest.approx((values.min(), values.max()), abs=0.02 * np.ptp(values))


def test_each_kind_of_number_has_its_own_levels_and_8_bits_have_none():
    found = levels((RAMP * 4000).astype(np.uint16), RAMP.astype(np.float32))
    assert found == Levels((0, 4095), (0, 1))
    assert deep_numbers(encoded((RAMP * 255).astype(np.uint8))) is None
    assert levels_of(np.zeros(0, SUMMARY)) == FULL


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(0, 99))
def test_levels_become_black_and_white_and_what_is_beyond_them_too(low, width, seed):
    bounds = (low, low + width)
    values = np.random.default_rng(seed).uniform(low - width, low + 2 * width, 50)
    pixels = scaled(np.append(values, [np.nan, np.inf, -np.inf]), Levels(floats=bounds))
    assert pixels.dtype == np.uint8
    assert (pixels[:50][values <= low] == 0).all()
    assert (pixels[:50][values >= low + width] == 255).all()


def test_without_a_decision_sixteen_bits_are_their_high_byte_as_ever():
    values = np.random.default_rng(3).integers(0, 65536, (9, 9)).astype(np.uint16)
    assert np.array_equal(to_pixels(encoded(values), (9, 9), 1, "stretch", levels=FULL)[..., 0], values >> 8)
    assert np.array_equal(scaled(values, FULL), values >> 8)


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize("kind", ["uint16", "int32", "float32"])
def test_a_ramp_looks_alike_in_every_form(form, kind):
    if (form, kind) in (("PNG", "int32"), ("PNG", "float32")):
        pytest.skip("a PNG holds no such numbers")
    data = encoded((RAMP * 4095).astype(kind), form)
    pixels = to_pixels(data, (8, 8), 1, "stretch", levels=own_levels(data))
    assert np.abs(pixels[..., 0] - RAMP * 255).max() < 2
    assert np.array_equal(pixels, to_pixels(data, (8, 8), 1, "stretch"))


def png_of_16_bit_colours(values):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_colours_of_twelve_bits_keep_their_low_bytes():
    values = np.random.default_rng(1).integers(0, 4096, (5, 7, 3)).astype(np.uint16)
    data = png_of_16_bit_colours(values)
    assert np.array_equal(deep_numbers(data), values)
    pixels = to_pixels(data, (5, 7), 3, "stretch", levels=Levels((0, 4095)))
    assert np.abs(pixels - values / 4095 * 255).max() <= 0.5
    assert np.array_equal(to_pixels(data, (5, 7), 3, "stretch", levels=FULL), values >> 8)


def test_a_damaged_picture_of_16_bits_is_named():
    data = encoded(np.random.default_rng(0).integers(0, 4096, (40, 40)).astype(np.uint16))
    for broken in (data[: len(data) // 2],):
        with pytest.raises(PictureError) as error:
            deep_numbers(broken, "xray.png")
        assert_says(error, "xray.png")


def test_arrays_of_numbers_need_levels_and_show_by_themselves():
    with pytest.raises(PictureError):
        to_pixels(RAMP, (8, 8), 1, "stretch", "ramp")
    assert as_bytes(RAMP).max() == 255
    assert to_pixels(RAMP * 9, (8, 8), 1, "stretch", levels=Levels(floats=(0, 9))).max() == 255


def test_a_pillow_picture_of_16_bits_goes_by_the_levels_too():
    image = Image.fromarray((RAMP * 4095).astype(np.uint16))
    assert to_pixels(image, (8, 8), 1, "stretch", levels=Levels((0, 4095))).max() == 255


def test_a_signature_keeps_them_and_one_without_means_all_of_16_bits():
    signature = Signature(("a", "b"), ("a", "b"), 8, 8, levels=Levels((0, 4095), (-2.5, 7.0)))
    assert Signature.from_json(signature.to_json(), "model.onnx") == signature
    old = signature.to_json().replace('"levels"', '"something"')
    assert Signature.from_json(old, "model.onnx") == replace(signature, levels=FULL)


@pytest.mark.parametrize(
    "levels", ["7", '{"integers": [0, 1]}', '{"integers": [5, 1], "floats": [0, 1]}', '{"integers": "ab", "floats": [0, 1]}']
)
def test_levels_that_cannot_be_are_refused(levels):
    signature = Signature(("a", "b"), ("a", "b"), 8, 8).to_json()
    start = signature.index('"levels"')
    with pytest.raises(ModelError) as error:
        Signature.from_json(signature[:start] + f'"levels": {levels}}}', "model.onnx")
    assert_says(error, "model.onnx")
