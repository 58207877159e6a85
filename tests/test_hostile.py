"""The shared cases of hostile inputs, through the public doors; the page of safety names them all.

Those without a test here stand where their subject is tested: telemetry in ``test_telemetry.py``, files of runs in
``runs/test_damage.py``, archives of a million members in ``data/files/test_zip.py``, the place in photographs in
``base/test_camera_notes.py``, changed bundles in ``bundle/``, names and paths in ``cli/test_app.py``, the server in ``serving/``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import olhar
from olhar.base.images import decode
from tests.conftest import assert_says
from tests.trained import QUICK

ROOT = Path(__file__).parents[1]
CASES = Path(os.environ.get("OLHAR_TEST_DATA", ROOT.parent / "shared" / "data")).parent / "cases"
PAGES = ("safety.md", "safety.pt-BR.md")

present = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here; set OLHAR_TEST_DATA")


def case(number: int) -> Path:
    return next(CASES.glob(f"hostile-{number:02}-*"))


def why_refused(model: object, picture: Path, *words: str) -> None:
    """One picture, given to ``predict``: it is bad, and the sentence holds these words."""
    (bad,) = olhar.predict(model, picture).bad
    for word in words:
        assert word in str(bad.reason)


def read_whole(path: Path) -> None:
    dataset = olhar.read(path)
    for row in range(len(dataset)):
        dataset.read(row)


@present
def test_a_jpeg_of_thousands_of_scans_is_refused_from_its_bytes(run):
    why_refused(run.path, case(1) / "many-scans.jpg", "many-scans.jpg", "2,649 scans")


@present
def test_no_picture_starts_a_program(run, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *words, **_: pytest.fail(f"{words} was started"))
    why_refused(run.path, case(2) / "picture.eps", "EPS")
    found = {finding.code: finding for finding in olhar.check(case(2) / "data").findings}
    assert "CHK001" in found


@present
@pytest.mark.parametrize("number", [4, 5])
def test_what_a_decoder_raises_is_a_bad_picture_and_ends_nothing(number, tmp_path):
    data = case(number) / "data"
    found = {finding.code: finding for finding in olhar.check(data).findings}
    assert len(found["CHK001"].cases) >= 1
    assert olhar.train(data, into=tmp_path / "run", **QUICK | {"epochs": 1}).metrics


@present
@pytest.mark.parametrize("name", ["data.tar.gz", "header.npz", "offset.npz", "offset.zip"])
def test_a_damaged_archive_is_named(name):
    with pytest.raises(olhar.DataError) as error:
        read_whole(case(6) / name)
    assert_says(error)


@present
def test_a_small_file_of_a_large_picture_is_refused_from_its_header(run):
    why_refused(run.path, case(11) / "large.webp", "16,383 × 3,000")


@present
def test_xmp_turns_and_one_transparent_colour_lies_over_white():
    for path in sorted(case(12).glob("*.jpg")):
        assert decode(path.read_bytes()).size == (20, 40), path.name
    for path in sorted(case(12).glob("*.png")):
        assert np.asarray(decode(path.read_bytes()).convert("RGB"))[0, 0].tolist() == [255, 255, 255], path.name


@present
def test_labels_of_two_bytes_a_letter_are_read_and_complex_weights_are_refused(tmp_path):
    for name in ("labels.txt", "model.h5"):
        shutil.copy(case(15) / name, tmp_path)
    with pytest.raises(olhar.ModelError) as error:
        olhar.inspect(tmp_path / "model.h5")
    assert_says(error, "model.h5", "complex")


@present
def test_formats_that_are_decoded_dot_by_dot_are_refused(run, tmp_path):
    subprocess.run([sys.executable, case(16) / "make.py"], cwd=tmp_path, check=True)
    for name, word in {"dds": "DDS", "qoi": "QOI", "ppm": "8 MB", "pbm": "8 MB", "bmp": "8 MB"}.items():
        why_refused(run.path, tmp_path / f"slow.{name}", word)


@present
@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_safety_names_every_hostile_case_and_a_test_that_is_there(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(hostile-[\w-]+)` \|.*\| `(tests/[\w/.]+)` \|$", text, re.MULTILINE))
    assert sorted(rows) == sorted(path.name for path in CASES.glob("hostile-*"))
    assert all((ROOT / test).exists() for test in rows.values())
