"""Fuzzing: small files of every kind that Olhar opens, damaged by chance, and what is asked of each.

A kind is made in a folder and gives a function from a source of chance to what was done, in a few words; the function returns
where there was an answer or an error that is told, and raises what nobody may ever see. ``benchmarks/fuzz.py`` does it thousands
of times, ``test_fuzz.py`` a few.
"""

import contextlib
import io
import shutil
import struct
from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import h5py
import numpy as np
import onnx
from PIL import Image
from safetensors.numpy import save_file

import olhar
from olhar.base.checksum import ZEROS
from olhar.base.errors import OlharError
from olhar.base.images import own_levels, shape, size_and_orientation, to_pixels
from olhar.base.picture_bounds import is_quick
from olhar.bundle.checksum import CHECKSUM_KEY, checksummed
from olhar.cli.app import main
from tests.conftest import encoded, noisy
from tests.damaging import BYTES
from tests.data import forms
from tests.serving.kit import write_bundle

Attempt = Callable[[Random], str]


def pictures(_: Path) -> Attempt:
    """Pictures of each format and mode that is opened, through all that looks at a picture."""
    made = _pictures()

    def attempt(chance: Random) -> str:
        name = chance.choice(sorted(made))
        way = chance.choice((*BYTES, _head, _head))
        data = way(made[name], chance) if chance.random() < 0.6 else way(chance.choice(BYTES)(made[name], chance) or b"x", chance)
        channels, side = chance.choice((1, 3)), chance.choice((8, 32, 400))
        for ask in (
            *(is_quick, shape, size_and_orientation, own_levels),
            lambda given: to_pixels(given, (side, side), channels, chance.choice(("pad", "crop", "stretch")), "fuzzed"),
        ):
            with contextlib.suppress(OlharError):
                ask(data)
        return f"{name}, {way.__name__.strip('_')}"

    return attempt


def models(folder: Path, further: tuple[Path, ...] = ()) -> Attempt:
    """Bundles, Keras files and weights, inspected and asked for an answer."""
    made = [*_models(folder / "made"), *further]
    picture = folder / "picture.png"
    picture.write_bytes(encoded(noisy((200, 30, 30), 1, 16)))

    def attempt(chance: Random) -> str:
        source = chance.choice(made)
        place = folder / "tries" / source.name
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        way = chance.choice((*BYTES, _head))
        place.write_bytes(way(source.read_bytes(), chance) or b"x")
        words = chance.choice((("inspect", str(place)), ("predict", str(place), str(picture))))
        _ask(words)
        return f"{source.name}, {way.__name__.strip('_')}, {words[0]}"

    return attempt


def data(folder: Path) -> Attempt:
    """Tables, arrays, archives and projects, read to the last picture."""
    made = _data(folder / "made")

    def attempt(chance: Random) -> str:
        name = chance.choice(sorted(made))
        place = folder / "tries" / made[name].name
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir(parents=True)
        (shutil.copytree if made[name].is_dir() else shutil.copy)(made[name], place)
        others = [path for path in sorted(place.rglob("*")) if path.is_file() and path.suffix != ".png"]
        spoilt = chance.choice(others or [place] if place.is_dir() else [place])
        if spoilt.is_dir():
            spoilt = chance.choice([path for path in sorted(place.rglob("*")) if path.is_file()])
        way = chance.choice((*BYTES, _head))
        spoilt.write_bytes(way(spoilt.read_bytes(), chance))
        with contextlib.suppress(OlharError):
            read = olhar.read(place)
            for row in range(len(read)):
                with contextlib.suppress(OlharError):
                    read.read(row)
        return f"{name}: {spoilt.name}, {way.__name__.strip('_')}"

    return attempt


KINDS: dict[str, Callable[[Path], Attempt]] = {"pictures": pictures, "models": models, "data": data}


def _ask(words: tuple[str, ...]) -> None:
    """One command in this process; a fault of Olhar itself is raised."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main(list(words))
    if status not in (0, 2) or "Traceback" in out.getvalue():
        raise AssertionError(f"exit {status}: {out.getvalue().strip()[-300:]}")


def _head(given: bytes, chance: Random) -> bytes:
    """A number of one, two or four bytes near the beginning, replaced by one that is an end of something."""
    place = chance.randrange(min(len(given), 256))
    number = chance.choice(_ENDS)
    return given[:place] + number + given[place + len(number) :]


_ENDS = (b"\0", b"\xff", b"\x7f\xff", b"\xff\x7f", b"\xff\xff", bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0\0\x40\0")


def _pictures() -> dict[str, bytes]:
    """Each format and mode, small and not so small."""
    Image.init()
    found: dict[str, bytes] = {}
    for side in (20, 300):
        colour = Image.fromarray(noisy((200, 90, 30), 3, side))
        for form, modes, options in _WAYS:
            for mode in modes:
                out = io.BytesIO()
                with contextlib.suppress(OSError, ValueError, KeyError):
                    image = colour.convert("RGB" if mode.startswith("I;") else mode)
                    if mode == "I;16":
                        image = Image.fromarray(np.asarray(colour.convert("L")).astype(np.uint16) * 257)
                    more = {"append_images": [image.rotate(90)]} if "save_all" in options else {}
                    image.save(out, form, **options, **more)
                    found[f"{form} {mode} {side} {len(found)}"] = out.getvalue()
    found |= {f"PNM P{kind}": b"P%d 12 10 %s" % (kind, b"" if kind == 1 else b"99 ") + b"1 0 " * 180 for kind in (1, 2, 3)}
    found |= {f"SUN {kind}": struct.pack(">8I", 0x59A66A95, 12, 10, 8, 120, kind, 0, 0) + bytes(range(120)) for kind in (1, 2)}
    return found


_WAYS = (
    *(("JPEG", ("RGB", "L", "CMYK"), options) for options in ({}, {"progressive": True}, {"quality": 95, "subsampling": 0})),
    ("JPEG", ("RGB",), {"exif": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"}),
    ("PNG", ("RGB", "RGBA", "P", "L", "LA", "1", "I;16"), {}),
    ("PNG", ("RGB", "L"), {"transparency": 0}),
    *(("WEBP", ("RGB", "RGBA"), options) for options in ({}, {"lossless": True}, {"save_all": True})),
    *(("GIF", ("P", "L"), options) for options in ({}, {"save_all": True})),
    ("BMP", ("RGB", "P", "L", "1", "RGBA"), {}),
    *(
        ("TIFF", ("RGB", "L", "I;16", "F", "I", "CMYK", "RGBA", "P", "1", "LA"), {"compression": way})
        for way in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits")
    ),
    ("TIFF", ("RGB", "L"), {"compression": "jpeg"}),
    ("PPM", ("RGB", "L", "1"), {}),
    *(("TGA", ("RGB", "RGBA", "L"), options) for options in ({}, {"compression": "tga_rle"})),
    ("ICO", ("RGB", "RGBA"), {"sizes": [(16, 16)]}),
    ("ICO", ("RGBA",), {"bitmap_format": "bmp", "sizes": [(16, 16)]}),
    ("JPEG2000", ("RGB", "RGBA", "L"), {}),
    ("AVIF", ("RGB", "RGBA"), {"speed": 10}),
)


def _models(folder: Path) -> list[Path]:
    """A bundle with its checksum and one without, Keras files of two ages, weights."""
    from tests.keras_files.keras_crafting import dense, keras_zip, layer, numbers, sequential, small

    folder.mkdir(parents=True)
    write_bundle(folder / "plain.onnx")
    sealed = onnx.load(folder / "plain.onnx")
    sealed.metadata_props.add(key=CHECKSUM_KEY, value=ZEROS)
    (folder / "sealed.onnx").write_bytes(checksummed(sealed.SerializeToString()))
    config = sequential((6, 5, 3), layer("Flatten", "f"), dense("d", 2, "relu"))
    keras_zip(folder / "new.keras", config, {"layers/dense/vars/0": numbers(90, 2), "layers/dense/vars/1": numbers(2)})
    small(folder / "small.h5")
    with h5py.File(folder / "small.h5") as file:
        (folder / "small.json").write_text(str(file.attrs["model_config"]))
    save_file({"weight": np.ones((3, 4), np.float32), "bias": np.ones(3, np.float32)}, folder / "w.safetensors")
    return sorted(folder.iterdir())


def _data(folder: Path) -> dict[str, Path]:
    """The same pictures in each form that is read, and packed in archives."""
    folder.mkdir(parents=True)
    makers = (*forms.SPLIT, *forms.WHOLE, *forms.GRAY)
    found = {made.__name__: made(folder / made.__name__) for made in makers}
    packed = (forms.as_folders, forms.as_csv, forms.as_npz, forms.as_fer2013)
    for made, ending in product(packed, (".zip", ".tar", ".tar.gz", ".tar.bz2")):
        found[f"{made.__name__}{ending}"] = forms.packed_as(folder / made.__name__, ending)
    return found
