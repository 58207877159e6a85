import io

import numpy as np
import pytest
from PIL import Image

from olhar.base.texts import speaking
from olhar.reporting.grid import LIMIT, grid
from olhar.reporting.theme import BLUE, VERMILLION
from olhar.runs.samples import Sample
from tests.reporting.stories import Hostile, make_sample

NAMES = ("cat", "dog")


def colours(png: bytes) -> set[tuple[int, ...]]:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return set(map(tuple, np.unique(np.asarray(image).reshape(-1, 3), axis=0).tolist()))


def of(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def sample(label: int, predicted: int) -> Sample:
    return Sample("p", np.zeros((8, 8, 3), dtype=np.uint8), label, predicted, 0.9)


def test_right_and_wrong_answers_are_told_apart():
    right, wrong, unknown = (colours(grid([one], NAMES)) for one in (sample(0, 0), sample(0, 1), sample(-1, 1)))
    assert of(BLUE) in right
    assert of(VERMILLION) not in right
    assert of(VERMILLION) in wrong
    assert not {of(BLUE), of(VERMILLION)} & unknown


def test_a_wrong_answer_takes_a_line_more_for_the_truth():
    heights = [Image.open(io.BytesIO(grid([one], NAMES))).height for one in (sample(0, 0), sample(0, 1))]
    assert heights[1] > heights[0]


@pytest.mark.parametrize("shape", [(1, 1, 3), (256, 20, 3), (17, 250, 1), (300, 300, 3), (9, 9)])
def test_pictures_of_any_size_stand_in_their_square(shape):
    picture = Sample("p", np.full(shape, 90, dtype=np.uint8), 0, 0, 1.0)
    assert Image.open(io.BytesIO(grid([picture] * 5, NAMES))).width > 500


def test_more_pictures_than_fit_are_counted_and_left_out():
    few = Image.open(io.BytesIO(grid([sample(0, 0)] * LIMIT, NAMES)))
    many = Image.open(io.BytesIO(grid([sample(0, 0)] * (LIMIT + 50), NAMES)))
    assert few.width == many.width
    assert few.height < many.height < few.height + 100


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_names_in_any_script_are_written(language):
    names = Hostile().all()
    with speaking(language):
        assert grid([make_sample(k, (k + 1) % len(names)) for k in range(len(names))], names).startswith(b"\x89PNG")


def test_a_class_that_is_not_named_is_a_dash():
    assert grid([sample(5, 7)], NAMES)


def test_no_pictures_is_an_error():
    with pytest.raises(ValueError, match="no pictures"):
        grid([], NAMES)


def test_accents_are_taken_off_where_no_font_has_them(monkeypatch):
    from olhar.reporting import typeface

    monkeypatch.setattr(typeface, "_fonts", lambda *_: iter(()))
    assert typeface.fitting("coração", 16)[1] == "coracao"
