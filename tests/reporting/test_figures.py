import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from olhar.base.texts import speaking
from olhar.reporting import facts, figures
from olhar.reporting.sheet import Sheet
from olhar.reporting.theme import DARK, LIGHT, tinted
from olhar.reporting.ticks import ticks
from tests.reporting.stories import Hostile, make_curve, make_head_story, make_history, make_story


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return image


@pytest.mark.parametrize("classes", [2, 10, 200])
def test_every_figure_is_a_png_of_sensible_size(classes):
    files = figures.files(make_story(classes))
    assert list(files) == [
        "loss.png", "accuracy.png", "f1.png", "precision.png", "recall.png", "classes.png", "confusion.png",
        "confusion-percent.png", "distribution.png", "samples.png",
    ]  # fmt: skip
    for name, png in files.items():
        width, height = opened(png).size
        assert 300 <= width <= 3000, name
        assert 200 <= height <= 4000, name


def test_only_figures_with_something_to_show_are_drawn(story):
    bare = story(2, metrics=None, history=[], kept=0, counts={}, samples=())
    assert figures.files(bare) == {}
    with pytest.raises(ValueError, match="no metrics"):
        figures.confusion(bare)


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_names_in_any_script_are_drawn_without_a_warning(language):
    names = Hostile().all()
    with speaking(language):
        assert len(figures.files(make_story(len(names), names))) == 10


def test_light_and_dark_figures_have_the_papers_colour(story):
    for theme, colour in ((LIGHT, (255, 255, 255)), (DARK, (20, 23, 27))):
        for image in (
            *figures.curves(story(3), theme).values(),
            figures.confusion(story(3), theme),
            figures.distribution(story(3), theme),
        ):
            assert image.convert("RGB").getpixel((1, 100)) == colour


def test_the_settings_of_the_users_matplotlib_stay_as_they_are(story):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    figures.curves(story(3))
    assert dict(mpl.rcParams) == before


def test_importing_the_page_and_the_figures_imports_nothing_heavy():
    code = "import sys, olhar.reporting.page; print(sorted({'matplotlib', 'torch', 'jinja2'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_has_no_curves_of_a_training_is_drawn_without_matplotlib():
    code = (
        "import sys; from olhar.reporting import figures; from tests.reporting.stories import make_story;"
        "print(*figures.files(make_story(3, history=[])), 'matplotlib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = ["classes.png", "confusion.png", "confusion-percent.png", "distribution.png", "samples.png"]
    assert run.stdout.split() == [*names, "False"]


@pytest.mark.parametrize("classes", [2, 12, 60, 300, 2000])
def test_a_title_fits_however_many_classes_there_are(classes):
    image = figures.confusion(make_story(classes)).convert("L")
    assert image.width <= 2400
    assert min(image.crop((image.width - 1, 0, image.width, 40)).tobytes()) == 255, "the title is cut off"


def test_bars_are_as_long_as_there_are_pictures(story):
    counts = {"train": {"class 0": 100, "class 1": 50}, "test": {"class 0": 100, "class 1": 50}}
    image = np.asarray(figures.distribution(story(2, counts=counts)))
    training = (image == tuple(bytes.fromhex(LIGHT.series[0][1:]))).all(axis=2).sum(axis=1)
    long, short = (int(np.median(training[rows])) for rows in (slice(130, 160), slice(194, 224)))
    assert long == pytest.approx(2 * short, abs=2)


def test_columns_of_many_classes_stand_in_the_order_of_their_pictures(story):
    counts = {"train": {f"class {k}": 1 + k * 7 % 61 for k in range(61)}}
    image = np.asarray(figures.distribution(story(61, counts=counts)))
    heights = (image == tuple(bytes.fromhex(LIGHT.series[0][1:]))).all(axis=2)[140:].sum(axis=0)
    drawn = heights[heights > 0]
    assert (np.diff(drawn.astype(int)) <= 0).all()


def test_ticks_are_round_and_no_more_than_asked():
    assert ticks(0, 80, 6, 1) == [0, 20, 40, 60, 80]
    assert ticks(0, 3, 6, 1) == [0, 1, 2, 3]
    assert len(ticks(0.71, 0.93, 5)) <= 5


def test_a_history_of_one_epoch_is_a_point(story):
    assert figures.curves(story(2, history=make_history(1), kept=1))["loss"].width > 300


def test_curves_put_training_and_validation_on_one_axis(story):
    loss, accuracy = facts.curves(story(3))
    assert [line.name for line in loss.lines] == ["training", "validation"]
    assert loss.lines[1].values == (2.2, 1.1, 2.2 / 3, 0.55)
    assert accuracy.at_kept() == [("training", 1 - 0.5 / 3), ("validation", 0.8)]


def test_the_commonest_confusions_come_first(story):
    metrics = story(10).metrics
    found = facts.confusions(metrics, 5)
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert all(metrics.confusion[one.truth, one.answer] == one.count and one.truth != one.answer for one in found)


def test_rows_without_pictures_have_shares_of_zero():
    assert facts.row_shares(np.array([[0, 0], [1, 3]])).tolist() == [[0, 0], [0.25, 0.75]]


def test_right_is_blue_and_wrong_is_orange():
    colours = tinted(np.ones((2, 2)), LIGHT)
    assert colours[0, 0, 2] > colours[0, 0, 0]
    assert colours[0, 1, 0] > colours[0, 1, 2]


def test_samples_are_shared_out_among_the_classes(story):
    assert {len(found) for found in facts.samples_by_class(story(10).samples, 10, 20).values()} == {2}
    assert len(facts.samples_by_class(story(200).samples, 200, 96)) == 96


def test_the_learning_curve_is_a_figure_of_its_own():
    files = figures.files(make_head_story(learning_curve=make_curve()))
    assert opened(files["learning-curve.png"]).width > 900
    assert "learning-curve.png" not in figures.files(make_head_story())


@pytest.mark.parametrize("points", [((1, 0.5),), ((2, 0.0), (4, 1.0)), ((1000, 0.99), (500_000, 0.999))])
def test_a_learning_curve_of_any_range_is_drawn_within_its_sheet(points):
    image = np.asarray(figures.learning_curve(make_curve(points=points), DARK).convert("L"))
    assert (image[:, -1] == image[0, -1]).all()


@pytest.mark.parametrize("classes", [3, 10, 40])
def test_names_beside_the_confusion_matrix_stay_apart_and_slant_where_they_are_wide(story, classes, monkeypatch):
    drawn = []
    monkeypatch.setattr(Sheet, "slanted", lambda _sheet, _at, text, *_, **__: drawn.append(text))
    figures.confusion(story(classes, names=tuple(f"Heliconius melpomene of the kind {k}" for k in range(classes))))
    assert len(set(drawn)) == classes + 1  # and the word for the rows
    drawn.clear()
    figures.confusion(story(classes, names=tuple(str(k) for k in range(classes))))
    assert len(drawn) == 1
