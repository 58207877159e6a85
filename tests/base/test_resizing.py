"""The rule of resizing, against the rule written again in NumPy, against pixels kept here, and against Pillow's one call."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from olhar.base.resizing import fitted
from olhar.base.signature import FITS

AWKWARD = [(1, 1), (1, 90), (90, 1), (7, 130), (410, 4), (33, 47), (107, 61), (61, 107), (48, 49), (24, 32), (31, 24), (200, 150)]
"""Heights and widths: one pixel, lines, towers, odd ones, the very size, and shapes that one call takes either way round."""

KEPT = {
    ("stretch", "L"): "b76d985cb0153159",
    ("stretch", "RGB"): "77929bf01a995894",
    ("crop", "L"): "48751c15a0864066",
    ("crop", "RGB"): "a20a367d12690030",
    ("pad", "L"): "ac96476a9f37e6b7",
    ("pad", "RGB"): "ffc08d4dbfe4eb0a",
}
"""What ``triangle-horizontal-first`` makes of the awkward shapes. Other pixels are another rule, by another name."""


def drawn(height: int, width: int, mode: str) -> Image.Image:
    """A picture by whole numbers alone, with edges and slopes, the same everywhere."""
    rows, columns, layers = np.mgrid[0:height, 0:width, 0:3]
    pixels = (rows * rows * 7 + columns * 13 * (layers + 1) + rows * columns * 3 + (columns // 5 % 2) * 90) % 256
    return Image.fromarray(pixels.astype(np.uint8)[:, :, 0] if mode == "L" else pixels.astype(np.uint8))


@pytest.mark.parametrize(("fit", "mode"), KEPT)
def test_the_pixels_are_those_that_are_kept_here_whichever_pillow_made_them(fit, mode):
    digest = hashlib.sha256()
    for shape in AWKWARD:
        for size in ((24, 32), (17, 16), (1, 5)):
            digest.update(np.asarray(fitted(drawn(*shape, mode), size, fit)).tobytes())
    assert digest.hexdigest()[:16] == KEPT[fit, mode]


def test_what_the_rule_rounds_to_can_be_read():
    """Along the columns first, as one call of Pillow 13 does here, the first column would be 70 and 102."""
    gray = [[20, 70, 120], [100, 100, 0], [0, 30, 0], [170, 130, 160], [60, 160, 190], [90, 110, 250]]
    picture = Image.fromarray(np.array(gray, np.uint8))
    assert np.asarray(fitted(picture, (2, 2), "stretch")).tolist() == [[69, 61], [101, 155]]


def weights(length: int, low: float, high: float, parts: int) -> np.ndarray:
    """The triangle filter as whole numbers of 22 binary digits (parts, length)."""
    start = np.float32(low)
    step = float(np.float32(high) - start) / parts
    reach = max(1.0, step)
    table = np.zeros((parts, length))
    for part in range(parts):
        middle = float(start) + (part + 0.5) * step
        first, last = max(0, int(middle - reach + 0.5)), min(length, int(middle + reach + 0.5))
        near = np.maximum(0, 1 - np.abs((np.arange(first, last) - middle + 0.5) * (1 / reach)))
        table[part, first:last] = near / near.cumsum()[-1]
    return np.floor(table * 2**22 + 0.5).astype(np.int64)


def by_numpy(pixels: np.ndarray, size: tuple[int, int], box: tuple[float, float, float, float]) -> np.ndarray:
    """Along the rows, rounded; along the columns, rounded."""
    height, width, (left, top, right, bottom) = *size, box
    narrow = (np.einsum("hw...,vw->hv...", pixels.astype(np.int64), weights(pixels.shape[1], left, right, width)) + 2**21) >> 22
    small = (np.einsum("hv...,uh->uv...", narrow.clip(0, 255), weights(pixels.shape[0], top, bottom, height)) + 2**21) >> 22
    return small.clip(0, 255).astype(np.uint8)


def middle(height: int, width: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    wide, high = min(width, height * (size[1] / size[0])), min(height, width / (size[1] / size[0]))
    return (width - wide) / 2, (height - high) / 2, (width + wide) / 2, (height + high) / 2


SIDE, PART = st.integers(1, 90), st.integers(1, 40)


@settings(max_examples=200)
@given(SIDE, SIDE, PART, PART, st.sampled_from(["L", "RGB"]), st.integers(0, 99))
def test_stretched_and_cropped_pictures_are_what_the_rule_says_to_the_bit(height, width, high, wide, mode, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3) if mode == "RGB" else (height, width), np.uint8)
    image, size = Image.fromarray(pixels), (high, wide)
    whole, part = (0, 0, width, height), middle(height, width, size)
    assert np.array_equal(np.asarray(fitted(image, size, "stretch")), by_numpy(pixels, size, whole))
    assert np.array_equal(np.asarray(fitted(image, size, "crop")), by_numpy(pixels, size, part))
    one_call = np.asarray(image.resize((wide, high), Image.Resampling.BILINEAR, part))
    turned = np.asarray(image.transpose(Image.Transpose.TRANSPOSE))
    other_way = by_numpy(turned, (wide, high), (part[1], part[0], part[3], part[2])).swapaxes(0, 1)
    assert any(np.array_equal(one_call, way) for way in (by_numpy(pixels, size, part), other_way))


@settings(max_examples=100)
@given(SIDE, SIDE, PART, PART)
def test_bars_lie_where_pillow_lays_them_and_the_whole_picture_between(height, width, high, wide):
    white = Image.new("L", (width, height), 255)
    found = np.asarray(fitted(white, (high, wide), "pad"))
    rows, columns = (np.flatnonzero(found.max(axis)) for axis in (1, 0))
    if round(height / width * wide) > 0 and round(width / height * high) > 0:
        assert np.array_equal(found, np.asarray(ImageOps.pad(white, (wide, high), Image.Resampling.BILINEAR)))
    drawing = drawn(height, width, "RGB")
    inner = np.asarray(fitted(drawing, (len(rows), len(columns)), "stretch"))
    assert np.array_equal(np.asarray(fitted(drawing, (high, wide), "pad"))[np.ix_(rows, columns)], inner)


@pytest.mark.parametrize("shape", [(1, 500), (500, 1)])
def test_a_line_between_bars_is_still_a_line(shape):
    assert np.asarray(fitted(Image.new("L", shape, 255), (9, 9), "pad")).max() == 255


@pytest.mark.parametrize("fit", FITS)
def test_a_tower_of_a_million_pixels_takes_no_memory_for_more(fit, monkeypatch):
    made, resize = [], Image.Image.resize
    monkeypatch.setattr(Image.Image, "resize", lambda image, size, *given: made.append(size) or resize(image, size, *given))
    assert fitted(Image.new("L", (1, 1_000_000)), (64, 64), fit).size == (64, 64)
    assert max(width * height for width, height in made) <= 64 * 64


def test_a_tower_goes_along_its_columns_first():
    tower = drawn(410, 4, "L")
    turned = by_numpy(np.asarray(tower).T, (16, 16), (0, 0, 410, 4)).T
    assert np.array_equal(np.asarray(fitted(tower, (16, 16), "stretch")), turned)
