"""What a picture may cost is told by its header: what is refused, and what is known to be quick."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from olhar.base.errors import PictureError
from olhar.base.images import to_pixels
from olhar.base.picture_bounds import is_quick
from olhar.base.texts import speaking
from tests.conftest import assert_says

Image.init()


def saved(form: str, size: tuple[int, int] = (24, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **options)
    return out.getvalue()


def run_lengths(wide: int, high: int) -> bytes:
    """A BMP in which each dot is a run of its own."""
    runs = (b"\x01\x07" * wide + b"\0\0") * high + b"\0\1"
    info = struct.pack("<IiiHHIIiiII", 40, wide, high, 1, 8, 1, len(runs), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 1078 + len(runs), 0, 0, 1078) + info + bytes(1024) + runs


def icon(inner: bytes) -> bytes:
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner), 22) + inner


SLOW = {
    "BMP": (run_lengths, (2100, 2000)),
    "PPM": (lambda wide, high: b"P3 %d %d 255\n" % (wide, high) + b"1 " * (3 * wide * high), (1200, 1200)),
    "PGM of 6 bits": (lambda wide, high: b"P5 %d %d 63\n" % (wide, high) + bytes(wide * high), (3000, 2800)),
    "PBM": (lambda wide, high: b"P1 %d %d\n" % (wide, high) + b"1" * (wide * high), (3000, 2800)),
}


@pytest.mark.parametrize("form", SLOW)
def test_large_files_that_are_decoded_byte_by_byte_are_refused_and_small_ones_read(form):
    made, size = SLOW[form]
    assert to_pixels(made(20, 10), (10, 20), 3, "stretch").shape == (10, 20, 3)
    with pytest.raises(PictureError) as error:
        to_pixels(made(*size), (8, 8), 3, "stretch", "slow.bmp")
    assert_says(error, "slow.bmp", form[0], "8 MB", "PNG")


@pytest.mark.parametrize("inner", [saved("PNG", (1100, 20)), saved("DIB", (1100, 20))], ids=["PNG", "DIB"])
def test_an_icon_of_more_than_icons_may_be_is_refused(inner):
    assert to_pixels(saved("ICO", (32, 32)), (8, 8), 3, "stretch").shape == (8, 8, 3)
    with pytest.raises(PictureError) as error:
        to_pixels(icon(inner), (8, 8), 3, "stretch", "a.ico")
    assert_says(error, "a.ico", "1,024 × 1,024", "PNG")


@pytest.mark.parametrize(("form", "megapixels"), [("WEBP", 33), ("JPEG2000", 17)])
def test_formats_that_need_more_memory_may_have_fewer_pixels(form, megapixels):
    if form not in Image.SAVE:
        pytest.skip(f"this Pillow writes no {form}")
    with pytest.raises(PictureError) as error:
        to_pixels(saved(form, (6000, 5800)), (8, 8), 3, "stretch", "large")
    assert_says(error, "large", f"{megapixels} megapixels")


@pytest.mark.parametrize(
    ("data", "quick"),
    [
        (saved("JPEG"), True),
        (saved("JPEG", progressive=True), True),
        (saved("JPEG", exif=b"Exif\0\0MM\0*" + bytes(3000), comment=b"a word"), True),
        (saved("JPEG", (4000, 3000), progressive=True), False),
        (saved("JPEG", (6000, 5000)), False),
        (saved("PNG"), True),
        (saved("PNG", (4000, 3000)), False),
        (saved("WEBP"), True),
        (saved("WEBP", lossless=True), True),
        (saved("WEBP", mode="RGBA"), True),
        (saved("WEBP", (2500, 2000)), False),
        (saved("WEBP", save_all=True, append_images=[Image.new("RGB", (24, 20), "red")]), False),
        (saved("JPEG")[:30], False),
        (saved("ICO"), True),
        (b"", True),
        (b"text that is no picture at all", True),
        (b"%!PS-Adobe-3.0 EPSF-3.0", True),
        *((saved(form), False) for form in ("GIF", "BMP", "TIFF", "PPM", "TGA", "JPEG2000", "AVIF") if form in Image.SAVE),
    ],
)
def test_the_usual_pictures_and_what_is_none_are_known_to_be_quick(data, quick):
    assert is_quick(data) is quick


def test_sixteen_bits_a_colour_cost_no_more_memory_than_twice_as_many_of_eight():
    numbers = np.full((40, 30), 1000, np.uint16)
    out = io.BytesIO()
    Image.fromarray(numbers).save(out, "PNG")
    assert to_pixels(out.getvalue(), (40, 30), 1, "stretch").shape == (40, 30, 1)
    with pytest.raises(PictureError) as error:
        to_pixels(saved("PNG", (6000, 4200), "I;16"), (8, 8), 1, "stretch", "deep.png")
    assert_says(error, "deep.png", "25 megapixels")


def test_each_refusal_is_said_in_portuguese_too():
    with speaking("pt-BR"):
        assert str(PictureError("picture.slow", name="a", form="BMP", megabytes=8.0)).startswith("a: BMP com mais de 8 MB")
