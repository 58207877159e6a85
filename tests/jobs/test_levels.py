"""Pictures of 12 bits, and of floating point: what teaches decides what is black and white, and the model keeps it."""

import json

import numpy as np
import pytest

import olhar
from olhar import Recipe
from olhar.base.images import to_pixels
from olhar.base.levels import FULL, Levels
from olhar.base.progress import Quiet
from olhar.data.checks import survey as surveys
from olhar.data.checks.survey import survey
from olhar.data.sources import read
from olhar.jobs.prepare import prepare
from olhar.jobs.prepare_features import prepare_features
from tests.conftest import encoded

SIDE = 16


def stripes(seed, across, low, high, dtype):
    """A picture of 16 x 16 with light stripes, across it or down."""
    values = np.random.default_rng(seed).uniform(0, (high - low) / 20, (SIDE, SIDE)) + low
    values[::4] += (high - low) * 0.9
    return (values if across else values.T).astype(dtype)


def xrays(root, low=200, high=3300, dtype=np.uint16, form="PNG", *, per_class=12, part=""):
    for name in ("across", "down"):
        folder = root / part / name
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(per_class):
            pixels = stripes(100 * (name == "down") + i, name == "across", low, high, dtype)
            (folder / f"{i}.{form.lower()}").write_bytes(encoded(pixels, form))
    return root


def prepared_of(root, **recipe):
    return prepare(root, Recipe(model="cnn", **recipe), Quiet())


def test_what_teaches_decides_and_stripes_are_seen(tmp_path):
    prepared = prepared_of(xrays(tmp_path / "set"))
    assert prepared.signature.levels == Levels((0, 4095), (0, 1))
    assert prepared.signature.channels == 1
    assert any("24 pictures have more than 8 bits: 0 is read as black and 4095 as white" in str(line) for line in prepared.why)
    pixels = prepared.packed.array
    assert (np.percentile(pixels, 5), np.percentile(pixels, 99)) == pytest.approx((0.05 * 255, 0.75 * 255), abs=12)


def test_floats_of_0_to_255_are_not_white(tmp_path):
    prepared = prepared_of(xrays(tmp_path / "set", 40, 190, np.float32, "TIFF"))
    assert prepared.signature.levels.floats == (0, 255)
    assert any("floating point: 0 is read as black and 255 as white" in str(line) for line in prepared.why)
    assert 100 < prepared.packed.array.max() < 220


def test_test_pictures_have_no_say(tmp_path):
    root = xrays(tmp_path / "set", part="train")
    xrays(root, high=60000, per_class=4, part="test")
    assert prepared_of(root).signature.levels.integers == (0, 4095)
    assert survey(read(root), Quiet()).levels.integers == (0, 4095)
    split = prepared_of(xrays(tmp_path / "other"), split="60/20/20")
    rows = [split.packed.rows[row] for row in split.rows("test")]
    root = tmp_path / "other"
    for row in rows:
        (root / split.dataset.where[row]).write_bytes(encoded(np.full((SIDE, SIDE), 50000 + row, np.uint16)))
    with_light_tests = read(root)
    looks = survey(with_light_tests, Quiet())
    assert looks.levels_by(split.packed.rows[split.teaching]).integers == (0, 4095)
    assert looks.levels.integers == (0, 65535)


def test_a_head_start_sees_the_same_and_keeps_it(tmp_path):
    prepared = prepare_features(xrays(tmp_path / "set"), Recipe(model="lite0", folds=3, split="80/20"), Quiet())
    assert prepared.signature.levels.integers == (0, 4095)
    assert prepared.packed.pixels[0].max() > 150
    assert any("4095 as white" in str(line) for line in prepared.why)


def test_ordinary_pictures_are_looked_at_once_and_have_none(pictures, monkeypatch):
    opened = []
    decode = surveys._decode
    monkeypatch.setattr(surveys, "_decode", lambda *arguments: opened.append(arguments[1]) or decode(*arguments))
    prepared = prepared_of(pictures)
    assert sorted(opened) == list(range(72))
    assert prepared.signature.levels == FULL
    assert not any("8 bits" in str(line) for line in prepared.why)


def test_the_run_s_model_is_asked_by_the_same_range(tmp_path):
    root = xrays(tmp_path / "set", per_class=20)
    run = olhar.train(root, into=tmp_path / "run", model="cnn", size=SIDE, epochs=8, folds=0, seed=1)
    assert json.loads((tmp_path / "run" / "signature.json").read_text())["levels"]["integers"] == [0, 4095]
    eye = run.predictor()
    data = (root / "down" / "3.png").read_bytes()
    expected = to_pixels(data, (SIDE, SIDE), 1, "stretch", levels=Levels((0, 4095)))
    assert np.array_equal(eye.prepare(data), expected)
    assert np.array_equal(eye.prepare(stripes(103, False, 200, 3300, np.uint16)), expected)
    dark = stripes(5, True, 20, 330, np.uint16)
    assert eye.prepare(encoded(dark)).max() < 40
    answers = olhar.predict(run.path, root)
    again = olhar.predict(tmp_path / "run" / "model.onnx", root)
    assert np.allclose(answers.probabilities, again.probabilities)


def test_most_pictures_blank_is_told_before_it_learns(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for i in range(12):
            tone = np.full((SIDE, SIDE, 3), 40 + 5 * i + (name == "dog"), np.uint8)
            pixels = tone if i < 9 else np.random.default_rng(i).integers(0, 255, tone.shape, np.uint8)
            (tmp_path / "set" / name / f"{i}.png").write_bytes(encoded(pixels))
    blank = next(one for one in olhar.check(tmp_path / "set").issues if one.code == "CHK010")
    assert blank.values["n"] == 18
    told = [str(finding) for finding in prepared_of(tmp_path / "set").findings()]
    assert any("18 pictures are of one tone" in line for line in told)
