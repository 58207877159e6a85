import numpy as np
import pytest

import olhar
from olhar.base.errors import ExtraError
from olhar.data.checks.findings import Finding
from olhar.studies import by_features, deep_check
from olhar.studies.looked_at import Judged
from tests.conftest import write_pictures


@pytest.fixture
def networks(monkeypatch):
    """How often networks are asked, and what they answer."""
    asked = []

    def answer(*_):
        asked.append(1)
        return tuple(Finding(code, "passed", {"accuracy": 0.8, "who": "networks"}) for code in ("CHK051", "CHK052", "CHK053"))

    monkeypatch.setattr(deep_check, "_networks", answer)
    return asked


def judged(share):
    """A check by features whose heads are right so often."""
    right = np.arange(72) < share * 72

    def answer(audited, *_args, **_settings):
        found = tuple(Finding(code, "passed", {"who": "heads"}) for code in ("CHK026", "CHK051", "CHK052", "CHK054"))
        return by_features.Seen(found, Judged(np.arange(72), audited.evidence.labels, np.arange(72) % 4, right))

    return answer


@pytest.mark.parametrize(("share", "trained", "who"), [(0.95, 0, "heads"), (0.85, 1, "heads"), (0.6, 1, "networks")])
def test_networks_are_trained_where_heads_are_weak_and_believed_where_they_are_better(
    pictures, monkeypatch, networks, share, trained, who
):
    monkeypatch.setattr(by_features, "by_features", judged(share))
    findings = {one.code: one for one in olhar.check(pictures, deep=True).findings}
    assert len(networks) == trained
    assert findings["CHK051"].values["who"] == who
    assert findings["CHK052"].values["who"] == who
    assert findings["CHK053"].code == "CHK053"


def test_without_what_trains_features_are_all_there_is_and_that_is_said(pictures, monkeypatch, networks):
    def missing(*_):
        raise ExtraError("extra.missing", verb="check", library="torch", extra="train")

    monkeypatch.setattr(deep_check, "need", missing)
    monkeypatch.setattr(by_features, "by_features", judged(0.6))
    findings = {one.code: one for one in olhar.check(pictures, deep=True).findings}
    assert not networks
    assert findings["CHK051"].values["who"] == "heads"
    assert findings["CHK053"].outcome == "issue"


def test_where_nothing_can_be_learnt_networks_say_why(tmp_path):
    few = {one.code: one for one in olhar.check(write_pictures(tmp_path / "few", 5), deep=True).findings}
    assert {few[code].outcome for code in ("CHK026", "CHK051", "CHK052", "CHK053", "CHK054")} == {"skipped"}
