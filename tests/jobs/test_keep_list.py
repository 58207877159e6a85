import csv
import json

import pytest

import olhar
from olhar.base.errors import DataError, RunError, Stopped
from olhar.data.keep_list import KeepList
from olhar.runs.folder import RunFolder
from tests.conftest import assert_says, write_pictures
from tests.trained import QUICK, Said, StopAtOnce

ONCE = QUICK | {"epochs": 1}


@pytest.fixture
def messy(tmp_path):
    """72 pictures, a copy of one of them, one in the wrong folder, one that cannot be read."""
    root = write_pictures(tmp_path / "messy")
    (root / "red" / "copy.png").write_bytes((root / "red" / "000.png").read_bytes())
    (root / "green" / "005.png").rename(root / "blue" / "wrong.png")
    (root / "green" / "006.png").write_bytes(b"no picture")
    return root


@pytest.fixture
def keep(messy, tmp_path):
    """The suggested list, in which a person has mended one label."""
    path = tmp_path / "keep.csv"
    olhar.check(messy, write_keep=path)
    path.write_text(path.read_text().replace("blue/wrong.png,blue", "blue/wrong.png,green"))
    return path


def split_of(run):
    return {row["picture"]: row["label"] for row in csv.DictReader((run.path / "split.csv").read_text().splitlines())}


def test_a_check_writes_the_list_of_what_to_keep(messy, tmp_path):
    before = {path: path.read_bytes() for path in messy.rglob("*.png")}
    olhar.check(messy, write_keep=tmp_path / "keep.csv")
    rows = list(csv.DictReader((tmp_path / "keep.csv").read_text().splitlines()))
    assert list(rows[0]) == ["picture", "label", "content"]
    assert len(rows) == 71
    assert not {"red/copy.png", "green/006.png"} & {row["picture"] for row in rows}
    assert next(row["label"] for row in rows if row["picture"] == "blue/wrong.png") == "blue"
    assert {path: path.read_bytes() for path in messy.rglob("*.png")} == before


def test_a_training_obeys_the_list_and_the_run_remembers_it(messy, keep, tmp_path):
    said = Said()
    run = olhar.train(messy, keep=keep, into=tmp_path / "run", progress=said, **ONCE)
    assert any("2 pictures are left out, as keep.csv does not list them" in line for line in said.lines)
    assert any("blue/wrong.png (blue becomes green)" in line for line in said.lines)
    rows = split_of(run)
    assert len(rows) == 71
    assert rows["blue/wrong.png"] == "green"
    assert json.loads((run.path / "request.json").read_text())["keep"] == "keep.csv"
    report = (run.path / "report.html").read_text(encoding="utf-8")
    assert "2 pictures are left out" in report
    assert "--keep run/keep.csv" in report


def test_a_stopped_training_goes_on_with_its_list_though_the_file_is_gone(messy, keep, tmp_path):
    with pytest.raises(Stopped):
        olhar.train(messy, keep=keep, into=tmp_path / "run", progress=StopAtOnce(), **QUICK)
    other = tmp_path / "other.csv"
    other.write_text("picture\nred/000.png\ngreen/000.png\n")
    with pytest.raises(RunError) as error:
        olhar.train(messy, keep=other, into=tmp_path / "run", resume=True)
    assert_says(error, "other.csv", "--keep")
    keep.unlink()
    assert RunFolder.open(tmp_path / "run").read("keep.csv")
    run = olhar.train(messy, into=tmp_path / "run", resume=True)
    assert len(split_of(run)) == 71


def test_a_check_looks_at_what_the_list_keeps(messy, keep):
    audit = olhar.check(messy, keep=keep)
    assert len(audit.dataset) == 71
    assert {one.code for one in audit.findings if one.code in ("CHK001", "CHK024") and one.outcome == "passed"} == {
        "CHK001",
        "CHK024",
    }
    assert len(olhar.check(messy, keep=KeepList.read(keep)).dataset) == 71


def test_a_list_and_a_page_that_cannot_be_written_are_told(messy, tmp_path):
    for what in ({"write_keep": tmp_path / "no" / "keep.csv"}, {"page": tmp_path / "no" / "check.html"}):
        with pytest.raises(DataError) as error:
            olhar.check(messy, **what)
        assert_says(error, str(tmp_path / "no"))


def test_the_page_shows_the_pictures_and_nothing_of_their_files(messy, tmp_path):
    from PIL import Image

    picture = Image.open(messy / "red" / "000.png")
    exif = picture.getexif()
    exif[0x010F] = "SECRET CAMERA"
    for name in ("000", "copy"):
        picture.save(messy / "red" / f"{name}.png", exif=exif)
    olhar.check(messy, page=tmp_path / "check.html")
    html = (tmp_path / "check.html").read_text(encoding="utf-8")
    assert html.count('class="look pixels"') >= 2
    assert "red/copy.png" in html
    assert "cannot be shown" in html
    assert str(tmp_path) not in html
    import base64
    import re

    pictures = [base64.b64decode(found) for found in re.findall(r"data:image/webp;base64,([^\"]+)", html)]
    assert pictures
    assert not any(b"EXIF" in one or b"SECRET" in one for one in pictures)
