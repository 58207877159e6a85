import os
import subprocess
import sys

import pytest

import olhar
from olhar.base.errors import DataError, RecipeError
from olhar.data.checks.audit import BY_FEATURES
from tests.conftest import assert_says
from tests.data.checks.test_audit import put
from tests.data.copies.test_near_copies import saved, scene


def test_a_folder_or_a_dataset_is_checked(pictures):
    found = olhar.check(pictures, ignore=BY_FEATURES)
    assert (len(found.dataset), found.issues, found.tips) == (72, (), ())
    assert olhar.check(olhar.read(pictures), ignore=BY_FEATURES).findings == found.findings
    assert "72 pictures" in str(found)


def test_a_copy_under_two_labels_is_shown_with_its_names(pictures):
    (pictures / "blue" / "copy.png").write_bytes((pictures / "red" / "003.png").read_bytes())
    (issue,) = olhar.check(pictures).issues
    assert issue.code == "CHK022"
    assert "blue/copy.png, red/003.png" in str(issue.found)


def test_near_copies_of_one_class_are_a_tip(tmp_path):
    for i in range(24):
        put(tmp_path / "set" / "ab"[i % 2] / f"{i}.jpg", scene(i, 100))
    put(tmp_path / "set" / "a" / "like.jpg", saved(scene(2, 100), 40))
    assert [one.code for one in olhar.check(tmp_path / "set").tips] == ["CHK025", "CHK033"]


def test_what_cannot_be_asked_is_refused(pictures):
    with pytest.raises(RecipeError) as error:
        olhar.check(pictures, fit="squeeze")
    assert_says(error, "squeeze", "pad")
    with pytest.raises(DataError) as error:
        olhar.check(pictures / "nowhere")
    assert_says(error, "nowhere")


@pytest.mark.parametrize("named", ["page", "write_keep"])
def test_what_cannot_be_written_is_told_before_networks_are_trained(pictures, tmp_path, monkeypatch, named):
    monkeypatch.setattr("olhar.studies.label_check.deep", lambda *_: pytest.fail("networks were trained"))
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file" / "found", tmp_path / "no" / "found", tmp_path):
        with pytest.raises(DataError) as error:
            olhar.check(pictures, deep=True, **{named: place})
        assert_says(error, str(place), "cannot be written", "another place")
        assert error.value.code == "OLH267"
    assert (tmp_path / "file").read_text() == "mine"


def test_checking_needs_no_torch(pictures):
    code = f"import sys, olhar; olhar.check({str(pictures)!r}); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)
