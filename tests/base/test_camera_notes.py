"""Notes of cameras: found, and left out without a change to the picture."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from olhar.base.camera_notes import tells_place, without_notes
from olhar.base.images import decode
from tests.conftest import noisy

Image.init()
SECRET = b"a remark of mine"


def noted(form: str, turn: int = 6, mode: str = "RGB", **options: object) -> bytes:
    """A picture that lies on its side and tells where and by what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Make] = turn, SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    out = io.BytesIO()
    Image.fromarray(noisy((200, 90, 30), 3, 24)[:16]).convert(mode).save(out, form, exif=exif, **options)
    return out.getvalue()


def text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    return info


PICTURES = {
    "JPEG": noted("JPEG", comment=SECRET, xmp=b"<x exif:GPSLatitude='1'/>" + SECRET),
    "progressive JPEG": noted("JPEG", 3, progressive=True),
    "JPEG with what follows": noted("JPEG", 8) + SECRET,
    "upright JPEG": noted("JPEG", 1),
    "PNG": noted("PNG", pnginfo=text()),
    "WebP": noted("WEBP", xmp=SECRET),
    "WebP, lossless": noted("WEBP", 5, "RGBA", lossless=True),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_but_the_picture_is_left_and_it_stands_as_before(name):
    data = PICTURES[name]
    assert tells_place(data)
    left, anew = without_notes(data)
    assert not anew
    assert not tells_place(left)
    assert SECRET not in left
    assert dict(Image.open(io.BytesIO(left)).getexif()).keys() <= {ExifTags.Base.Orientation}
    assert np.array_equal(np.asarray(decode(left)), np.asarray(decode(data)))


@pytest.mark.parametrize("form", ["TIFF", "AVIF"])
def test_other_forms_are_written_anew_upright(form):
    if form not in Image.SAVE:
        pytest.skip(f"this Pillow writes no {form}")
    data = noted(form)
    left, anew = without_notes(data)
    assert anew
    assert left.startswith(b"\x89PNG")
    assert SECRET not in left
    assert not tells_place(left)
    assert np.array_equal(np.asarray(decode(left)), np.asarray(decode(data)))


def test_sixteen_bits_stay_sixteen():
    out = io.BytesIO()
    Image.fromarray(np.arange(600, dtype=np.uint16).reshape(20, 30) * 100).save(out, "TIFF")
    left, _ = without_notes(out.getvalue())
    assert np.asarray(Image.open(io.BytesIO(left))).max() == 59900


def test_the_colour_profile_stays():
    data = noted("JPEG", icc_profile=b"profile" * 30)
    assert Image.open(io.BytesIO(without_notes(data)[0])).info["icc_profile"] == b"profile" * 30


@pytest.mark.parametrize("form", ["BMP", "GIF", "PPM", "TGA"])
def test_what_has_no_notes_is_kept_to_the_byte(form):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, form)
    assert without_notes(out.getvalue()) == (out.getvalue(), False)


CASE = Path(__file__).parents[3] / "shared" / "cases" / "hostile-09-gps" / "data"


@pytest.mark.skipif(not CASE.is_dir(), reason="no shared cases here")
def test_the_case_of_six_photographs():
    files = sorted(CASE.rglob("*.jpg"))
    assert [tells_place(file.read_bytes()) for file in files] == [True] * 6
    assert [tells_place(without_notes(file.read_bytes())[0]) for file in files] == [False] * 6
