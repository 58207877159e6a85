import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from olhar.bodies.opened import published_body
from olhar.data.checks.audit import audit
from olhar.data.checks.check import Evidence
from olhar.data.checks.survey import survey
from olhar.studies import feature_sample as module
from olhar.studies.feature_sample import Looks, fair_order, rounded


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    """No other test has looked at the pictures."""
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))


def looks_at(root) -> Looks:
    dataset = olhar.read(root)
    return Looks.of(audit(Evidence(dataset, survey(dataset, Quiet()))), published_body("lite0"), Quiet())


def test_any_first_pictures_are_a_fair_sample_and_always_the_same():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    hashes = np.random.default_rng(0).integers(0, 256, (1000, 16)).astype(np.uint8)
    order = fair_order(labels, hashes)
    assert sorted(order) == list(range(1000))
    for n in (50, 100, 400):
        assert np.abs(np.bincount(labels[order[:n]], minlength=3) / n - [0.6, 0.3, 0.1]).max() < 0.03
    turned = np.random.default_rng(1).permutation(1000)
    assert (hashes[turned][fair_order(labels[turned], hashes[turned])] == hashes[order]).all()


@pytest.mark.parametrize(("n", "down_to"), [(0, 0), (7, 7), (49, 45), (999, 950), (4321, 4000), (5999, 5500)])
def test_numbers_of_pictures_are_round(n, down_to):
    assert rounded(n) == down_to


def test_a_slow_machine_looks_at_a_sample_and_who_asks_gets_all(pictures, monkeypatch):
    monkeypatch.setattr(module, "LEAST", 24)
    looks = looks_at(pictures)
    assert len(looks.sample(everything=False)) == 72
    monkeypatch.setattr(module, "SECONDS", 1e-6)
    some = looks.sample(everything=False)
    assert np.bincount(looks.audited.evidence.labels[some]).tolist() == [8, 8, 8]
    assert len(looks.sample(everything=True)) == 72


def test_what_was_computed_before_costs_nothing(pictures, monkeypatch):
    monkeypatch.setattr(module, "LEAST", 24)
    looks = looks_at(pictures)
    for view in ("plain", "border"):
        looks.features(np.arange(72), view)
    monkeypatch.setattr(module, "SECONDS", 1e-6)
    monkeypatch.setattr(module, "compute", lambda *_: pytest.fail("a picture was looked at"))
    assert len(looks.sample(everything=False)) == 72
