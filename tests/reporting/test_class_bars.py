import numpy as np
import pytest

from olhar.reporting.class_bars import MOST, class_bars
from olhar.reporting.theme import DARK, LIGHT
from tests.reporting.stories import make_metrics


@pytest.mark.parametrize("classes", [2, 12, 200])
def test_a_bar_a_class_of_very_many_the_weakest(classes):
    keys = tuple(f"class {k}" for k in range(classes))
    drawn = class_bars(make_metrics(keys), keys, LIGHT)
    assert drawn.width == 1040
    assert 52 * min(classes, MOST) < drawn.height < 52 * min(classes, MOST) + 120


def test_night_has_its_own_colours():
    keys = ("a", "b")
    day, night = (np.asarray(class_bars(make_metrics(keys), keys, theme)).mean() for theme in (LIGHT, DARK))
    assert day > 150 > night
