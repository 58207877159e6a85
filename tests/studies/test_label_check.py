import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from olhar.base.runner import HERE
from olhar.base.texts import percent, speaking
from olhar.data.checks.audit import DEEP, Audit, remark
from olhar.data.checks.audit import audit as quick_checks
from olhar.data.checks.check import Evidence
from olhar.data.checks.survey import survey
from olhar.studies import label_check as module
from olhar.studies.bordered import without_middle
from olhar.studies.shortcuts import compared, patches
from tests.conftest import COLOURS, encoded, noisy, write_pictures
from tests.travelling import Pickled

FEW_MINUTES = 5


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """A small network; the machine's threads are not tried."""
    monkeypatch.setattr(module, "_RECIPE", module._RECIPE.with_({"width": 8, "learning_rate": 0.01, "precision": "fp32"}))
    monkeypatch.setattr(module, "_EPOCHS", 1)
    monkeypatch.setattr(module, "_STEPS", 60)
    monkeypatch.setattr(module, "fastest_threads", lambda _: 1)
    monkeypatch.setattr(module, "steps_within", lambda training, _: training.total)


def deep(data, minutes=FEW_MINUTES) -> Audit:
    """The deep part alone, by networks that learn from nothing."""
    dataset = data if isinstance(data, olhar.Dataset) else olhar.read(data)
    evidence = Evidence(dataset, survey(dataset, Quiet()))
    groups = np.arange(len(dataset))
    groups[evidence.survey.rows] = evidence.survey.rows[evidence.groups]
    return quick_checks(evidence).plus(*module.deep(dataset, groups, minutes, Quiet()))


def finding(audit, code):
    return next(one for one in audit.findings if one.code == code)


def by_colour(trainings):
    """Answers as networks would give them that have learnt the colours, in the middle and at the borders alike."""
    ready = trainings.ready
    means = ready.packed.pixels.mean(axis=(1, 2))
    distances = np.linalg.norm(means[:, None] - np.array([COLOURS[name] for name in ready.signature.classes]), axis=2)
    answers = np.eye(3, dtype=np.float32)[distances.argmin(axis=1)] * 0.9 + np.float32(0.1 / 3)
    return answers, answers[ready.rows(0)[1]]


def test_swapped_labels_and_telling_backgrounds_are_found(tmp_path, monkeypatch):
    root = write_pictures(tmp_path / "colours", 80, side=24)
    (root / "red" / "003.png").rename(root / "blue" / "wrong.png")
    (root / "green" / "004.png").rename(root / "red" / "wrong.png")
    monkeypatch.setattr(module._Trainings, "run", by_colour)
    audit = deep(root)
    suspects = finding(audit, "CHK051")
    assert suspects.outcome == "tip"
    assert {audit.dataset.where[case.rows[0]] for case in suspects.cases} == {"blue/wrong.png", "red/wrong.png"}
    assert {audit.dataset.classes[case.label] for case in suspects.cases} == {"red", "green"}
    for code in ("CHK052", "CHK053"):
        assert finding(audit, code).outcome == "issue", finding(audit, code)
    assert finding(audit, "CHK052").cases
    for language in ("en", "pt-BR"):
        with speaking(language):
            borders = finding(audit, "CHK052")
            assert percent(borders.values["accuracy"]) in str(borders.found)
    assert audit.to_dict()["findings"][-3]["cases"][0]["label"] in ("red", "green")


def test_a_background_that_says_nothing_is_said_to_say_nothing(tmp_path):
    for number, (name, colour) in enumerate(COLOURS.items()):
        folder = tmp_path / "middles" / name
        folder.mkdir(parents=True)
        for i in range(40):
            pixels = noisy((120, 120, 120), 1000 * number + i, 24)
            pixels[8:16, 8:16] = noisy(colour, i, 8)
            (folder / f"{i}.png").write_bytes(encoded(pixels))
    audit = deep(tmp_path / "middles")
    borders = finding(audit, "CHK052")
    assert borders.outcome == "passed"
    assert remark(borders).startswith("The borders do not give the class away")
    assert borders.values["whole"] > 0.8
    assert borders.values["accuracy"] < 0.7


def test_networks_trained_elsewhere_answer_as_those_trained_here(pictures):
    dataset = olhar.read(pictures)
    here, there = (module.out_of_fold(dataset, np.arange(len(dataset)), 5, Quiet(), runner) for runner in (HERE, Pickled()))
    assert here.probabilities.tobytes() == there.probabilities.tobytes()
    assert here.framed.tobytes() == there.framed.tobytes()


def test_networks_that_learnt_nothing_judge_nothing(pictures, monkeypatch):
    monkeypatch.setattr(module._Trainings, "run", lambda self: (_guessing(self), _guessing(self)))
    audit = deep(pictures)
    assert {finding(audit, code).outcome for code in DEEP} == {"skipped"}
    assert "no better than always answering" in remark(finding(audit, "CHK051"))


def test_too_few_pictures_and_pictures_without_classes_are_told(tmp_path, pictures):
    few = write_pictures(tmp_path / "few", 5)
    assert "too few to learn from" in remark(finding(deep(few), "CHK051"))
    flat = olhar.read(pictures / "red")
    assert finding(deep(flat), "CHK052").outcome == "not_applicable"


def test_no_network_judges_a_picture_of_which_it_saw_a_copy(pictures, monkeypatch):
    for name in ("000", "001", "002"):
        (pictures / "red" / f"copy-{name}.png").write_bytes((pictures / "red" / f"{name}.png").read_bytes())
    seen = []
    monkeypatch.setattr(module._Trainings, "run", lambda self: seen.append(self.ready) or (_guessing(self), _guessing(self)))
    deep(pictures)
    for digest in seen[0].packed.hashes:
        assert len({fold for fold, other in zip(seen[0].fold, seen[0].packed.hashes, strict=True) if other == digest}) == 1


def _guessing(trainings):
    return np.full((len(trainings.ready.labels), 3), 1 / 3, np.float32)


def test_a_deep_check_that_is_left_out_trains_nothing(pictures):
    audit = olhar.check(pictures, deep=True, ignore=DEEP)
    assert {finding(audit, code).outcome for code in DEEP} == {"ignored"}


def test_only_the_frame_of_a_picture_is_left():
    import torch

    left = without_middle(torch.zeros((1, 3, 32, 32), dtype=torch.uint8))
    assert (left == 0).float().mean() == pytest.approx(1 - 0.75**2)


def test_a_coarse_version_is_the_mean_colour_of_each_patch():
    pixels = np.zeros((2, 26, 26, 3), np.uint8)
    pixels[1, :7, :7] = 255
    found = patches(pixels, np.array([1]))
    assert found.shape == (1, 48)
    assert found[0, :3].tolist() == [1, 1, 1]
    assert found[0, 3:].sum() == 0


@pytest.mark.parametrize(("little", "outcome"), [(0.94, "issue"), (0.88, "tip"), (0.7, "passed"), (0.5, "passed")])
def test_how_nearly_decides(little, outcome):
    labels = np.arange(1000) % 2
    right = np.arange(1000) < 1000 * little
    assert compared(labels, right, np.arange(1000) < 960).outcome == outcome
