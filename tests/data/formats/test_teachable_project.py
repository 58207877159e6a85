import json
import zipfile

import pytest

from olhar.base.errors import DataError
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy
from tests.data import forms

PICTURE = encoded(noisy((1, 2, 3), 0, 4))


def project(path, members, manifest='{"type": "image"}'):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", manifest)
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_classes_keep_blanks_and_signs(tmp_path):
    samples = {f"{name}-!-{i}.jpg": PICTURE for name in ("Class 1", "não-sei", "a-!-b") for i in (0, 1)}
    found = read(project(tmp_path / "my project.tm", samples))
    assert (found.classes, found.origin, found.passed_over) == (("Class 1", "a-!-b", "não-sei"), "my project", 1)


def test_a_project_that_was_unpacked_is_read(tmp_path):
    with zipfile.ZipFile(forms.as_project(tmp_path / "set") / "project.tm") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert read(tmp_path / "unpacked").classes == forms.CLASSES


@pytest.mark.parametrize("manifest", ['{"type": "image"}', "{}", "not JSON", '["x"]'])
def test_the_manifest_may_say_little(tmp_path, manifest):
    assert len(read(project(tmp_path / "p.tm", {"a-!-0.jpg": PICTURE, "b-!-0.jpg": PICTURE}, manifest))) == 2


@pytest.mark.parametrize(
    ("manifest", "sample", "kind"),
    [
        ({"type": "audio"}, "a-!-0.webm", "sounds"),
        ({}, "a-!-0.webm", "sounds"),
        ({"type": "pose"}, "a-!-0.jpg", "poses"),
    ],
)
def test_sounds_and_poses_are_named_as_such(tmp_path, manifest, sample, kind):
    with pytest.raises(DataError) as error:
        read(project(tmp_path / "p.tm", {sample: PICTURE}, json.dumps(manifest)))
    assert_says(error, "p.tm", kind, "image project")


def test_an_empty_project_is_told(tmp_path):
    with pytest.raises(DataError) as error:
        read(project(tmp_path / "p.tm", {}))
    assert_says(error, "no pictures")
