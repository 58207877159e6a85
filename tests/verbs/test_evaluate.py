"""A model is measured on pictures whose classes it may spell otherwise."""

import os
import shutil
from pathlib import Path

import pytest

import olhar
from olhar.cli.app import main

CASE = (
    Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")).parent
    / "cases"
    / "models-01-class-case"
)


def test_a_model_with_red_is_measured_on_pictures_of_red(tmp_path, capsys):
    if not CASE.is_dir():
        pytest.skip(f"no {CASE.name} beside OLHAR_TEST_DATA")
    place = shutil.copytree(CASE, tmp_path / "case")
    model, labels = str(place / "model.h5"), str(place / "labels.txt")
    assert main(["inspect", model, "--classes", labels, "--scaling", "0..1", "--save"]) == 0
    capsys.readouterr()
    assert main(["evaluate", model, str(place / "data")]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == [
        "read as: 3 classes",
        "the same classes, spelled otherwise: blue = BLUE, green = GREEN, red = RED",
    ]
    metrics = olhar.evaluate(model, place / "data")
    assert (metrics.accuracy.n, metrics.accuracy.value) == (30, 1.0)
