import csv

import pytest

import olhar
from olhar.base.errors import RunError
from olhar.data.cache.store import BadPicture
from olhar.runs.folder import RunFolder
from olhar.runs.left_out import LeftOut, read_left_out, write_left_out
from tests.conftest import assert_says, write_pictures

BAD = [BadPicture(f"cat/{i}.jpg", "picture.empty", {"name": f"cat/{i}.jpg"}) for i in range(30)]


def test_all_are_named_with_the_reason_and_come_back(tmp_path):
    run = RunFolder(tmp_path)
    formula = BadPicture("=1+1.jpg", "picture.empty", {"name": "=1+1.jpg"})
    write_left_out(run, [*BAD, formula])
    assert read_left_out(run)[3] == LeftOut("cat/3.jpg", str(BAD[3].reason))
    assert read_left_out(run)[30].picture == "=1+1.jpg"
    rows = list(csv.reader((tmp_path / "left-out.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[0], len(rows)) == (["picture", "reason"], 32)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_where_all_can_be_read_there_is_no_such_file(tmp_path):
    write_left_out(RunFolder(tmp_path), [])
    assert list(tmp_path.iterdir()) == []
    assert read_left_out(RunFolder(tmp_path)) == []


def test_a_damaged_one_is_told(tmp_path):
    (tmp_path / "left-out.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RunError) as error:
        read_left_out(RunFolder(tmp_path))
    assert_says(error, "left-out.csv")


def test_a_run_names_them_in_its_file_its_report_and_its_object(tmp_path):
    root = write_pictures(tmp_path / "set")
    (root / "red" / "empty.jpg").write_bytes(b"")
    (root / "blue" / "page.jpg").write_bytes(b"<!doctype html><p>gone")
    run = olhar.train(root, into=tmp_path / "run", model="cnn", size=16, epochs=1, folds=0)
    assert [picture.picture for picture in run.left_out] == ["blue/page.jpg", "red/empty.jpg"]
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "2 pictures that cannot be read" in page
    assert "red/empty.jpg" in page
