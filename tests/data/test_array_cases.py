"""The cases of arrays, pictures and other forms that a checkout may have beside it: each read as its README wants it."""

import os
from pathlib import Path

import numpy as np
import pytest

import olhar
from olhar.base.errors import OlharError
from olhar.base.images import to_pixels
from olhar.base.progress import Quiet
from olhar.data.checks.survey import survey
from olhar.data.labelled import require_labelled

CASES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")).parent / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")

READ = {
    "arrays-01-svhn-mat": {"train": {"1": 6, "2": 6, "10": 6}, "test": {"1": 2, "2": 2, "10": 2}},
    "arrays-02-emnist-mat": {"train": dict.fromkeys("1234", 5), "test": dict.fromkeys("1234", 2)},
    "arrays-03-stl10-binary": {
        "train": {"airplane": 2, "bird": 2, "car": 2},
        "test": {"airplane": 1, "bird": 1, "car": 1},
    },
    "arrays-04-npy-pair": {"": {"0": 6, "1": 6, "2": 6}},
    "arrays-05-npz-pairs": {"train": {"0": 6, "1": 6, "2": 6}, "test": {"0": 2, "1": 2, "2": 2}},
    "arrays-06-pickles": {part: dict.fromkeys("012", n) for part, n in (("train", 4), ("validation", 2), ("test", 2))},
    "arrays-07-h5-cat-noncat": {"train": {"cat": 4, "non-cat": 8}, "test": {"cat": 2, "non-cat": 4}},
    "arrays-08-h5-images-ans": {"": {"0": 6, "1": 6, "2": 6}},
    "arrays-09-webdataset": {"": {"0": 4, "1": 4, "2": 4}},
}
REFUSED = {
    "arrays-10-zip-in-zip": ("OLH172", "download.zip"),
    "arrays-11-several-classes": ("OLH185", "row 2"),
    "tables-16-coco": ("OLH872", "cat, dog, bird"),
    "tables-17-open-images": ("OLH875", "Confidence 1"),
    "tables-18-yolo": ("OLH873", "cat, dog"),
    "tables-19-boxes": ("OLH876", "train_labels.csv"),
}


@pytest.mark.parametrize("case", READ)
def test_arrays_are_read_as_wanted(case):
    data = require_labelled(olhar.read(CASES / case / "data"))
    found: dict[str, dict[str, int]] = {}
    for label, part in zip(data.labels.tolist(), data.brought, strict=True):
        counts = found.setdefault(part, {})
        counts[data.classes[label]] = counts.get(data.classes[label], 0) + 1
    assert found == READ[case]


def test_columns_first_are_turned():
    letters, objects = (olhar.read(CASES / name / "data") for name in ("arrays-02-emnist-mat", "arrays-03-stl10-binary"))
    for row in range(len(letters)):
        rows, columns = (letters.read(row).mean(axis=axis) for axis in (1, 0))
        assert np.ptp(rows) > np.ptp(columns)
    gray = objects.read(0).mean(axis=2)
    assert gray[:, :32].mean() > gray[:, 32:].mean() + 20


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_read_is_named(case):
    code, word = REFUSED[case]
    with pytest.raises(OlharError) as error:
        require_labelled(olhar.read(CASES / case / "data"))
    assert (error.value.code, word in str(error.value)) == (code, True)


def test_the_zip_in_a_zip_is_refused_as_before():
    with pytest.raises(OlharError) as error:
        olhar.read(CASES / "arrays-10-zip-in-zip" / "data" / "download.zip")
    assert error.value.code == "OLH172"


@pytest.mark.parametrize(
    ("case", "dark", "light"),
    [
        ("pictures-01-low-sixteen-bit", 0.05, 0.8),
        ("pictures-02-float-tiff-0-255", 0.16, 0.75),
        ("pictures-06-float-tiff-0-1", 0.16, 0.75),
    ],
)
def test_deep_pictures_look_as_a_person_sees_them(case, dark, light):
    data = olhar.read(CASES / case / "data")
    levels = survey(data, Quiet()).levels
    pixels = np.stack([to_pixels(data.read(row), (32, 32), 1, "stretch", levels=levels) for row in range(len(data))]) / 255
    assert np.percentile(pixels, 5) == pytest.approx(dark, abs=0.05)
    assert np.percentile(pixels, 95) == pytest.approx(light, abs=0.08)


def test_one_ramp_in_seven_forms_looks_alike():
    for path in sorted((CASES / "pictures-03-five-ranges" / "data").iterdir()):
        pixels = to_pixels(path.read_bytes(), (8, 32), 1, "stretch", path.name)
        assert (int(pixels.min()), int(pixels.max())) == (0, 255), path.name
        assert abs(int(np.median(pixels)) - 127) <= 1, path.name


@pytest.mark.parametrize(
    ("case", "code", "n"), [("pictures-04-unreadable", "CHK001", 5), ("pictures-05-mostly-blank", "CHK010", 18)]
)
def test_what_is_wrong_with_pictures_is_to_be_mended(case, code, n):
    audit = olhar.check(CASES / case / "data", progress=Quiet())
    issue = next(one for one in audit.issues if one.code == code)
    assert (issue.values["n"], len(issue.cases)) == (n, n)


def test_inspect_says_that_pictures_are_no_model():
    with pytest.raises(OlharError) as error:
        olhar.inspect(CASES / "arrays-07-h5-cat-noncat" / "data" / "train_catvnoncat.h5")
    assert (error.value.code, "olhar train" in str(error.value)) == ("OLH148", True)
