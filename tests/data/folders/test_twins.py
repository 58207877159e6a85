"""Two pictures of one name in a folder: a picture and its mask, or two of one thing, which stay in one part."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import olhar
from tests.data.folders.grown import counts, each

_CLASSES = ("dent", "rust", "scratch")
_FORMATS = {"jpg": "JPEG", "webp": "WEBP", "bmp": "BMP", "png": "PNG"}


def _photo(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (4, 4, 3), np.uint8)).resize(
        (32, 32), Image.Resampling.BICUBIC
    )


def _mask(seed: int, *, coloured: bool = False) -> Image.Image:
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[seed % 8 : seed % 8 + 12, 8:20] = (200, 30, 30) if coloured else 255
    return Image.fromarray(pixels)


def _write(path: Path, image: Image.Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    image.save(buffer, _FORMATS[path.suffix[1:].lower()])
    path.write_bytes(buffer.getvalue())


def _set(root: Path, first: str, second: str, make: str, names: str = "{}") -> olhar.Dataset:
    """Three classes of six pairs: a picture, and beside it a mask, the same picture smaller, or another picture."""
    for place, name in enumerate(_CLASSES):
        for i in range(6):
            seed, key = 100 * place + i, names.format(f"{place}{i}" if names != "{}" else i)
            other = {
                "mask": lambda seed=seed: _mask(seed),
                "coloured": lambda seed=seed: _mask(seed, coloured=True),
                "smaller": lambda seed=seed: _photo(seed).resize((16, 16)),
                "other": lambda seed=seed: _photo(seed + 5000),
            }[make]()
            _write(root / name / first.format(key), _photo(seed))
            _write(root / name / second.format(key), other)
    return olhar.read(root)


@pytest.mark.parametrize(
    ("first", "second", "make", "told"),
    [
        ("{}.jpg", "{}.png", "mask", "*.png (18 masks)"),
        ("{}.png", "{}.bmp", "mask", "*.bmp (18 masks)"),
        ("{}.BMP", "{}-d.bmp", "mask", "*-d.bmp (18 masks)"),
        ("{}.BMP", "{}-d.bmp", "coloured", "*-d.bmp (18 masks)"),
        ("img_{}.png", "img_{}_fg.png", "mask", "*_fg.png (18 masks)"),
        ("{}.png", "bin_{}.png", "mask", "bin_*.png (18 masks)"),
        ("{}_photo.png", "{}_drawn.png", "mask", "*_drawn.png (18 masks)"),
    ],
)
def test_pictures_of_few_tones_beside_their_own_are_masks(tmp_path, first, second, make, told):
    found = _set(tmp_path, first, second, make)
    assert counts(found) == each("dent rust scratch", 6)
    assert told in str(found.read_as)


@pytest.mark.parametrize(
    ("first", "second", "make"),
    [
        ("{}.jpg", "{}.webp", "smaller"),
        ("{}.jpg", "{}_small.jpg", "smaller"),
        ("{}.jpg", "small_{}.jpg", "smaller"),
        ("{}_left.jpg", "{}_right.jpg", "other"),
        ("{}.jpg", "{}_flipped.jpg", "other"),
        ("DSC10{}73.jpg", "DSC10{}73.png", "smaller"),
    ],
)
def test_pictures_of_one_thing_are_a_group(tmp_path, first, second, make):
    found = _set(tmp_path, first, second, make)
    assert counts(found) == each("dent rust scratch", 12)
    assert len(set(found.groups)) == 18
    assert "stay together" in str(found.read_as)
    pairs = dict(zip(found.where, found.groups, strict=True))
    assert pairs[f"dent/{first.format(3)}"] == pairs[f"dent/{second.format(3)}"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("{}.jpg", "{}.png"), ("{}.jpg", "img_{}.jpg"), ("cat.{}.jpg", "dog.{}.jpg")],
)
def test_numbers_that_two_sources_share_by_chance_say_nothing(tmp_path, first, second):
    found = _set(tmp_path, first, second, "other")
    assert counts(found) == each("dent rust scratch", 12)
    assert not any(found.groups)
    assert "together" not in str(found.read_as)


def test_names_that_go_on_from_the_name_of_one_person_are_no_group_of_a_whole_class(tmp_path):
    for person in ("FA01", "FA02", "MA01"):
        for i, code in enumerate(("HAS", "HAL", "SAS", "SAL", "NES")):
            _write(tmp_path / person / f"{person}{code}.jpg", _photo(i))
    assert not any(olhar.read(tmp_path, layout="class").groups)


def test_classes_in_the_names_of_files_come_before_pairs(tmp_path):
    for i in range(6):
        for place, word in enumerate(("happy", "sad")):
            _write(tmp_path / f"{i:03}_{word}.jpg", _photo(10 * i + place))
    found = olhar.read(tmp_path)
    assert counts(found) == each("happy sad", 6)
    assert not any(found.groups)
