import numpy as np
import pytest
from PIL import Image, ImageEnhance

from olhar.bundle.picture_distance import picture_distance, statistics_with_copies
from olhar.bundle.picture_statistics import picture_statistics
from olhar.bundle.unlike_score import PictureScore
from tests.scenes import scene

SIDE = 32


@pytest.fixture(scope="module")
def scenes():
    """Scenes of two kinds, uint8 (160, 32, 32, 3)."""
    made = (Image.fromarray(scene(("dots", "stripes")[i % 2], i)).resize((SIDE, SIDE)) for i in range(160))
    return np.stack([np.asarray(one) for one in made])


@pytest.fixture(scope="module")
def score(scenes):
    return PictureScore.of(scenes, np.arange(80), np.arange(80, 160))[0]


def changed(pixels, change):
    return np.stack([np.asarray(change(Image.fromarray(one)).convert("RGB").resize((SIDE, SIDE))) for one in pixels])


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.convert("L"),
        lambda one: Image.effect_noise(one.size, 90),
        lambda one: Image.new("RGB", one.size, "white"),
    ],
    ids=["gray", "noise", "white"],
)
def test_pictures_of_other_light_colour_or_detail_are_told(scenes, score, change):
    assert (score(changed(scenes[80:120], change)) > 1).mean() > 0.5


@pytest.mark.parametrize("light", [0.85, 1.15])
def test_a_little_more_or_less_light_makes_no_strangers(scenes, score, light):
    lit = changed(scenes[80:], lambda one: ImageEnhance.Brightness(one).enhance(light))
    assert (score(lit) > 1).mean() < 0.1
    assert (score(scenes[80:]) > 1).mean() < 0.05


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 3, 1), (8, 8, 1), (5, 40, 3), (67, 33, 3)])
def test_pictures_of_every_size_have_numbers(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (70, *shape), dtype=np.uint8)
    told = picture_statistics(pixels)
    assert len(told) == 70
    assert np.isfinite(told).all()
    assert told[:1] == pytest.approx(picture_statistics(pixels[:1]), abs=1e-4)
    assert np.isfinite(picture_distance(*statistics_with_copies(pixels, np.arange(70)))(pixels)).all()


def test_pictures_that_are_all_alike_give_a_distance_too():
    pixels = np.full((30, 16, 16, 3), 90, np.uint8)
    score, _ = PictureScore.of(pixels, np.arange(30), np.arange(30))
    assert (score(pixels) <= 1).all()
    assert (score(np.full((2, 16, 16, 3), 220, np.uint8)) > 1).all()


def test_copies_are_the_same_every_time(scenes):
    first, again = (statistics_with_copies(scenes, np.arange(80)) for _ in range(2))
    assert (first[1] == again[1]).all()
    assert not (first[0] == first[1]).all()
