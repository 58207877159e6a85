import numpy as np
import pytest

from olhar.base import texts
from olhar.studies.shortcuts import FEW, compared


def asked(n, little, whole):
    """Two models asked about n pictures of two classes, right on so many of them."""
    return compared(np.arange(n) % 2, np.arange(n) < little, np.arange(n) < whole)


@pytest.mark.parametrize("little", [9, 8])
def test_on_a_few_pictures_it_is_said_that_nothing_can_be_told(little):
    told = asked(9, little, 9)
    assert told.outcome == "skipped"
    for language, words in (("en", "too few to tell"), ("pt-BR", "são poucas para dizer")):
        with texts.speaking(language):
            assert words in str(told.values()["reason"])


@pytest.mark.parametrize(("n", "little", "outcome"), [(FEW, FEW, "issue"), (200, 182, "tip"), (200, 110, "passed")])
def test_with_enough_pictures_or_a_clear_answer_it_is_told(n, little, outcome):
    told = asked(n, little, n)
    assert told.outcome == outcome
    assert "reason" not in told.values()
