import numpy as np
import pytest
from PIL import Image

from olhar.base.texts import LANGUAGES, speaking
from olhar.data.checks.telling_colour import difference
from tests.data.checks.test_audit import findings, put
from tests.data.copies.test_near_copies import scene


def write(root, **classes):
    """A folder of pictures, each class made by a function of a number."""
    for name, made in classes.items():
        for i in range(20):
            put(root / name / f"{i:02}.jpg", made(1000 * sorted(classes).index(name) + i))
    return root


def gray(seed):
    return scene(seed, 100).convert("L")


def gray_saved_in_colour(seed):
    return gray(seed).convert("RGB")


def coloured(seed):
    return scene(seed, 100)


def tinted(seed):
    return Image.merge("RGB", [gray(seed).point(lambda value, by=by: int(value * by)) for by in (1.0, 0.85, 0.6)])


def orange(seed):
    """A ball of one colour before a scene: the colour of the subject tells the class, and rightly."""
    return ball(seed, (240, 150, 20))


def apple(seed):
    return ball(seed, (200, 20, 30))


def ball(seed, colour):
    pixels = np.asarray(scene(seed, 100)).copy()
    down, right = np.mgrid[:100, :100]
    pixels[(down - 50) ** 2 + (right - 50) ** 2 < 900] = colour
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (coloured, gray, "in colour"),
        (coloured, gray_saved_in_colour, "in colour"),
        (tinted, coloured, "tinted"),
        (gray_saved_in_colour, gray, "saved as colour"),
    ],
)
def test_a_class_that_colour_gives_away_is_to_be_mended(tmp_path, one, other, words):
    found = findings(write(tmp_path, a=one, b=other, c=other))["CHK034"]
    assert found.outcome == "issue"
    assert words in str(found.found)
    assert found.values["name"] == "a"
    assert found.values["here"] >= 16  # JPEG strays a little
    assert len(found.cases) == found.values["here"]


def test_one_gray_class_among_coloured_ones_is_told_too(tmp_path):
    found = findings(write(tmp_path, a=coloured, b=gray, c=coloured))["CHK034"]
    assert str(found.found) == "Of b, 0 of 20 pictures are in colour; of all other classes 40 of 40."
    assert len(found.cases) == 20
    for language in LANGUAGES:
        with speaking(language):
            assert "{" not in str(found.found)


@pytest.mark.parametrize("kinds", [(orange, apple), (coloured, coloured), (gray, gray), (tinted, tinted)])
def test_the_colours_of_the_subject_are_no_fault(tmp_path, kinds):
    assert findings(write(tmp_path, a=kinds[0], b=kinds[1]))["CHK034"].outcome == "passed"


def test_a_few_gray_pictures_in_one_class_are_no_fault(tmp_path):
    def some_gray(seed):
        return gray(seed) if seed % 5 == 0 else coloured(seed)

    assert findings(write(tmp_path, a=some_gray, b=coloured))["CHK034"].outcome == "passed"


def test_classes_of_a_few_pictures_are_not_judged_and_no_classes_are_not_asked(tmp_path):
    for i in range(6):
        put(tmp_path / "few" / "a" / f"{i}.jpg", gray(i))
        put(tmp_path / "few" / "b" / f"{i}.jpg", coloured(50 + i))
    assert findings(tmp_path / "few")["CHK034"].outcome == "passed"
    assert findings(tmp_path / "few" / "a")["CHK034"].outcome == "not_applicable"


def test_how_far_shares_lie_apart_has_a_least():
    apart, least = difference(65, 70, 0, 140)
    assert apart == pytest.approx(65 / 70)
    assert 0.8 < least < apart
    assert difference(0, 140, 65, 70) == (apart, least)
