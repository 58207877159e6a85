import re

import numpy as np
import pytest

from olhar.evaluation.measuring import measure
from olhar.evaluation.predictions import Predictions
from olhar.reporting.class_curves import SIDE, class_curves
from olhar.reporting.page import render
from tests.reporting.stories import make_story


def answered(classes: int, n: int = 400) -> Predictions:
    rng = np.random.default_rng(classes)
    labels = rng.integers(0, classes, n)
    scores = rng.normal(0, 1, (n, classes)) + 2 * np.eye(classes)[labels]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    keys = tuple(f"class {k}" for k in range(classes))
    return Predictions([f"{i}.png" for i in range(n)], keys, labels, shares.astype(np.float32))


def points(path: str) -> np.ndarray:
    return np.array([[int(x) for x in place.split()] for place in path.removeprefix("M").split("L")])


@pytest.mark.parametrize("classes", [3, 10, 200])
def test_a_line_a_class_within_its_field_the_weakest_marked(classes):
    found = answered(classes)
    curves = class_curves(found, measure(found))
    assert [one.mark for one in curves[:3]] == [0, 1, 2]
    assert all(one.mark == -1 for one in curves[3:])
    order = [one.average_precision for one in curves]
    assert order == sorted(order)
    for one in curves:
        for path in (one.roc, one.precision_recall):
            assert points(path).min() >= 0
            assert points(path).max() <= SIDE
            assert len(points(path)) <= 80


def test_the_line_bounds_the_area_that_is_told():
    found = answered(4, 3000)
    for one in class_curves(found, measure(found)):
        roc = points(one.roc) / SIDE
        assert roc[0].tolist() == [0, 1]
        assert roc[-1].tolist() == [1, 0]
        assert np.trapezoid(1 - roc[:, 1], roc[:, 0]) == pytest.approx(one.auc, abs=0.01)


def test_a_class_without_pictures_has_none():
    found = answered(3)
    few = Predictions(found.pictures, found.classes, np.minimum(found.labels, 1), found.probabilities)
    assert {one.index for one in class_curves(few, measure(few))} == {0, 1}


def test_the_page_folds_them_away_and_names_every_class():
    found = answered(12)
    html = render(make_story(12, predictions=found, metrics=measure(found)))
    folded = html[html.index('<details id="curves">') :]
    folded = folded[: folded.index("</details>")]
    assert folded.count('<path class="one') == 2 * 12 + 3
    assert len(re.findall(r"<th scope=\"row\">", folded)) == 12
    assert "among the first 5" in html
    assert '<details id="curves">' not in render(make_story(12))
