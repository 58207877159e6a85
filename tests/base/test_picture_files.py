"""What is opened, within which bounds, and that nothing wrong with one picture ends anything else."""

import io
import shutil
import struct
import subprocess

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import olhar
from olhar.base.errors import PictureError
from olhar.base.images import decode, to_pixels
from olhar.base.picture_files import FORMATS
from tests.conftest import assert_says, encoded, noisy

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\nshowpage\n%%EOF\n"


def sun(pixels: np.ndarray, *, runs: bool) -> bytes:
    """Grey levels as Sun's raster file, which Pillow does not write: eight numbers, then rows, plain or as run lengths."""
    rows = pixels.tobytes()
    if runs:
        rows = b"".join(bytes((0x80, 1, level)) * 2 for level in rows[::4])
    return struct.pack(">8I", 0x59A66A95, *pixels.shape[::-1], 8, len(rows), 1 + runs, 0, 0) + rows


def saved(form: str, side: int = 24, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(noisy((200, 90, 30), 3, side)).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "form"),
    [(EPS, "EPS"), (saved("DDS"), "DDS"), (saved("SGI"), "SGI"), (saved("PDF"), "PDF"), (b"8BPS" + bytes(40), "PSD")],
)
def test_other_formats_are_refused_by_name_whatever_the_file_is_called(data, form):
    with pytest.raises(PictureError) as error:
        decode(data, "photo.png")
    assert_says(error, "photo.png", form, "PNG or JPEG")


@pytest.mark.parametrize("form", [name for name in FORMATS if name not in ("DIB",)])
def test_what_people_have_is_opened(form):
    Image.init()
    if form not in Image.SAVE:
        pytest.skip(f"this Pillow writes no {form}")
    assert to_pixels(saved(form), (8, 8), 3, "stretch").shape == (8, 8, 3)


def test_no_program_is_started_for_a_picture(monkeypatch):
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *words, **_: started.append(words))
    with pytest.raises(PictureError):
        decode(EPS, "picture.eps")
    assert started == []


def many_scans(scans: int, side: int = 2000) -> bytes:
    """A progressive JPEG whose last scan stands there again and again."""
    data = saved("JPEG", side, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def test_a_jpeg_that_is_gone_over_again_and_again_is_refused_from_its_bytes():
    assert to_pixels(saved("JPEG", 400, progressive=True), (8, 8), 3, "stretch").shape == (8, 8, 3)
    with pytest.raises(PictureError) as error:
        to_pixels(many_scans(300), (8, 8), 3, "stretch", "slow.jpg")
    assert_says(error, "slow.jpg", "scans")


@pytest.mark.parametrize(("mode", "megapixels"), [("RGBA", 25), ("F", 17), ("I", 17), ("CMYK", 25)])
def test_modes_that_need_more_memory_may_have_fewer_pixels(mode, megapixels):
    out = io.BytesIO()
    Image.new(mode, (6000, 5000)).save(out, "TIFF", compression="tiff_adobe_deflate")
    with pytest.raises(PictureError) as error:
        decode(out.getvalue(), "large.tif")
    assert_says(error, "large.tif", f"{megapixels} megapixels")


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_one_transparent_colour_stands_over_white(mode):
    picture = Image.new(mode, (8, 8), "red" if mode == "RGB" else 0)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=(255, 0, 0) if mode == "RGB" else 0)
    assert (np.asarray(decode(out.getvalue())) == 255).all()


def test_orientation_is_heeded_where_xmp_alone_tells_it():
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    xmp += b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", xmp=xmp)
    assert decode(out.getvalue()).size == (20, 40)


def test_a_large_transparent_picture_is_as_a_whole_one_strip_by_strip():
    pixels = np.random.default_rng(0).integers(0, 256, (700, 30, 4), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    whole = Image.alpha_composite(Image.new("RGBA", (30, 700), "white"), Image.fromarray(pixels)).convert("RGB")
    assert np.array_equal(np.asarray(decode(out.getvalue())), np.asarray(whole))


def test_one_picture_that_its_decoder_chokes_on_is_left_out_and_named(tmp_path):
    for number, name in enumerate(("cat", "dog")):
        (tmp_path / "data" / name).mkdir(parents=True)
        for i in range(8):
            (tmp_path / "data" / name / f"{i}.png").write_bytes(encoded(noisy((90 * number, 80, 60), i + 10 * number, 40)))
    large = encoded(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    (tmp_path / "data" / "cat" / "cut.png").write_bytes(large[: len(large) // 2])
    avif = bytearray(saved("AVIF"))
    avif[-40:] = bytes(40)
    (tmp_path / "data" / "dog" / "damaged.avif").write_bytes(bytes(avif[:-60]))
    (tmp_path / "data" / "dog" / "program.png").write_bytes(EPS)
    run = olhar.train(tmp_path / "data", model="lite0", size=32, into=tmp_path / "run")
    assert {picture.picture for picture in run.left_out} == {"cat/cut.png", "dog/damaged.avif", "dog/program.png"}
    assert run.metrics.accuracy.n == 16
    shutil.rmtree(tmp_path / "run")


STRIPES = np.repeat(np.arange(0, 240, 10, dtype=np.uint8), 4).reshape(8, 12)


@pytest.mark.parametrize("runs", [False, True])
def test_a_raster_of_sun_is_read_as_textures_are_kept_in(runs):
    assert (to_pixels(sun(STRIPES, runs=runs), (8, 12), 1, "stretch")[..., 0] == STRIPES).all()


def test_a_large_raster_of_sun_is_refused_from_its_head():
    head = struct.pack(">8I", 0x59A66A95, 9000, 9000, 8, 81_000_000, 2, 0, 0)
    with pytest.raises(PictureError) as error:
        to_pixels(head + bytes(100), (8, 8), 1, "stretch", "wall.ras")
    assert_says(error, "wall.ras", "9,000")


SEEDS = [
    *(saved(form) for form in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "TGA", "ICO", "JPEG2000", "AVIF", "DDS")),
    *(sun(STRIPES, runs=runs) for runs in (False, True)),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_damage_gives_a_picture_or_its_error_and_nothing_else(data, changes):
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    try:
        assert to_pixels(bytes(changed), (8, 8), 3, "stretch", "x").shape == (8, 8, 3)
    except PictureError as error:
        assert_says(error)
