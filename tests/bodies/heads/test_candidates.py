"""Classes that only differ in where a thing lies: a head that is told the place knows them, wherever its network goes."""

import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.bodies.heads.candidates import LAYOUT
from olhar.keras_files import keras_itself

WHERE = {"left": (40, 12), "middle": (40, 42), "right": (40, 72)}
"""Of the middle of a disc, in a picture of 80 pixels."""


def scene(place: str, seed: int) -> np.ndarray:
    """A disc of any colour on another, not quite at its place."""
    rng = np.random.default_rng(seed)
    disc, ground = rng.integers(0, 256, (2, 3))
    down, right = np.array(WHERE[place]) + rng.integers(-6, 7, 2)
    rows, columns = np.mgrid[:80, :84]
    within = (rows - down) ** 2 + (columns - right) ** 2 < 81
    return np.where(within[..., None], disc, ground).astype(np.uint8)


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    root = tmp_path_factory.mktemp("placed")
    for number, place in enumerate(WHERE):
        (root / place).mkdir()
        for i in range(24):
            Image.fromarray(scene(place, 100 * number + i)).save(root / place / f"{i:02}.png")
    return root


@pytest.fixture(scope="module")
def told(placed, tmp_path_factory):
    """A run of such pictures, none of them mirrored: left would be right."""
    return olhar.train(placed, model="lite0", size=96, flip="off", into=tmp_path_factory.mktemp("run") / "run")


def test_the_head_is_told_the_place(told):
    assert LAYOUT in told.head.blocks
    places = [*WHERE] * 20
    answers = told.predictor().many([scene(place, 9000 + i) for i, place in enumerate(places)])
    assert sum(answer.label == place for answer, place in zip(answers, places, strict=True)) >= 54


@pytest.mark.parametrize(("language", "said"), [("en", "in which part of the picture"), ("pt-BR", "em que parte da imagem")])
def test_the_report_says_so(told, tmp_path, language, said):
    page = told.report(tmp_path / "page.html", language).read_text(encoding="utf-8")
    assert page.count(said) == 2  # in words, and among what was tried


def test_its_heat_map_is_exact(told):
    found = olhar.heat_map(told.predictor(), scene("left", 777), "left")
    assert found.method == "activation"
    assert found.values[:, :32].mean() > found.values[:, 64:].mean()


def test_keras_gets_the_layout_too(told, tmp_path):
    target = told.export(tmp_path / "placed.keras")
    pixels = told.predictor().prepare(scene("right", 5))[None]
    answers = keras_itself.predictions(target, [pixels.astype(np.float32)])[0]
    assert answers == pytest.approx(told.predictor().probabilities(pixels), abs=1e-4)


def test_the_smallest_pictures_have_no_layout(placed, tmp_path):
    assert LAYOUT not in olhar.train(placed, model="lite0", size=32, into=tmp_path / "small").head.blocks
