"""What a camera wrote into a picture (where, when, whose) stands in no file that Olhar makes."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD

import olhar
from olhar.cli.app import main
from tests.conftest import COLOURS, noisy
from tests.trained import QUICK

SECRET = b"SECRET-PLACE-4711"
GPS = 0x8825


@pytest.fixture
def located(tmp_path):
    """Photographs that tell where they were taken, half of them twice, so that there is something to find."""
    for number, (name, colour) in enumerate(COLOURS.items()):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(16):
            exif = Image.Exif()
            exif[0x010E] = SECRET.decode()
            exif.get_ifd(IFD.GPSInfo)[29] = SECRET.decode()
            out = io.BytesIO()
            Image.fromarray(noisy(colour, 100 * number + i // 2, 40)).save(out, "JPEG", exif=exif, quality=90)
            assert SECRET in out.getvalue()
            (tmp_path / "photos" / name / f"{i}.jpg").write_bytes(out.getvalue())
    return tmp_path / "photos"


def told(content: bytes) -> bool:
    """Whether a file tells the secret: as it stands, packed, or in a picture within a page."""
    within = [base64.b64decode(found) for found in re.findall(rb"base64,([A-Za-z0-9+/=]+)", content)]
    if content[:4] == b"PK\x03\x04":
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            within += [file[name].tobytes() for name in file.files]
    return any(SECRET in found or b"GPSInfo" in found for found in (content, *within))


def test_no_file_that_olhar_makes_tells_where_a_picture_was_taken(located, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    made = tmp_path / "made"
    made.mkdir()
    olhar.train(located, into=made / "run", size=16, **QUICK | {"epochs": 1})
    page, kept, grid = made / "check.html", made / "keep.csv", made / "grid.png"
    assert main(["check", str(located), "--page", str(page), "--write-keep", str(kept)]) == 0
    assert main(["pack", str(located), "--to", str(made / "photos.npz"), "--size", "16"]) == 0
    assert main(["pack", str(located), "--to", str(made / "photos.parquet"), "--size", "16"]) == 0
    assert main(["predict", str(made / "run"), str(located), "--grid", str(grid)]) == 0
    assert SECRET.decode() not in "".join(capsys.readouterr())
    files = [path for root in (made, tmp_path / "cache") for path in root.rglob("*") if path.is_file()]
    assert len(files) > 25
    assert [path.name for path in files if told(path.read_bytes())] == []
    assert all(told(path.read_bytes()) for path in located.rglob("*.jpg"))
