import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.cells import guarded, unguarded
from olhar.base.errors import DataError
from olhar.evaluation.predictions import Predictions
from tests.conftest import assert_says

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def made(classes: list[str], pictures: list[str]) -> Predictions:
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(len(classes)), len(pictures)).astype(np.float32)
    return Predictions(pictures, tuple(classes), rng.integers(-1, len(classes), len(pictures)), shares)


@settings(deadline=None)
@given(st.lists(NAMES.filter(bool), min_size=2, max_size=5, unique=True), st.lists(NAMES, max_size=5))
def test_a_table_survives_being_written_whatever_the_names(classes, pictures):
    found = made(classes, pictures)
    again = Predictions.from_csv(found.to_csv(), "x")
    assert list(again.pictures) == pictures
    assert again.classes == tuple(classes)
    assert again.labels.tolist() == found.labels.tolist()
    assert np.allclose(again.probabilities, found.probabilities, atol=1e-6)


def test_the_form_is_fixed():
    rows = list(csv.DictReader(io.StringIO(made(["cat", "dog"], ["a.png"]).to_csv())))
    assert list(rows[0]) == ["picture", "label", "predicted", "confidence", "p:cat", "p:dog", "answer", "why"]
    without = list(csv.DictReader(io.StringIO(made(["cat", "dog"], ["a.png"]).to_csv(truth=False))))
    assert list(without[0]) == ["picture", "predicted", "confidence", "p:cat", "p:dog", "answer", "why"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(text):
    assert guarded(text).startswith("'")
    assert unguarded(guarded(text)) == text
    cells = next(csv.reader(io.StringIO(made(["a", "b"], [text]).to_csv().split("\n", 1)[1], newline="")))
    assert cells[0].startswith("'")


@pytest.mark.parametrize("text", ["-1", "+3.5", "cat", "10", "", "não"])
def test_numbers_and_words_stay_what_they_are(text):
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "picture,label,predicted,confidence,p:a\nx,a,a,1,high\n"])
def test_what_is_no_table_of_predictions_is_told(text):
    with pytest.raises(DataError) as error:
        Predictions.from_csv(text, "mine.csv")
    assert_says(error, "mine.csv")
