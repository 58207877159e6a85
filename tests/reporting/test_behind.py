import re

import numpy as np
import pytest

from olhar.base.texts import speaking
from olhar.evaluation.false_alarms import FalseAlarms
from olhar.evaluation.intervals import Interval
from olhar.reporting import page
from olhar.reporting.page import render
from olhar.reporting.pictures import png_uri
from olhar.runs.behind import Behind
from olhar.runs.results import PictureCost
from olhar.runs.samples import Sample
from olhar.training.recipe import Recipe
from tests.exports.web.browsers import needs_chromium
from tests.reporting.stories import Hostile, make_head_story, make_history, make_sample, make_story, metrics_of
from tests.reporting.test_page import read

CONFUSION = np.array([[12, 3, 0], [1, 14, 0], [0, 0, 9]], np.int64)


@pytest.fixture(autouse=True)
def _figures_undrawn(monkeypatch):
    monkeypatch.setattr(page, "_themed", lambda *_, **__: (png_uri(b"a figure"), png_uri(b"a figure")))


def answered(truth: int, answer: int, seed: int) -> Sample:
    pixels = np.random.default_rng(seed).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    return Sample(f"{truth}-{answer}-{seed}.png", pixels, truth, answer, 0.5 + seed / 100)


def behind(**other) -> Behind:
    cells = [answered(t, p, seed) for t, p in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 2)) for seed in range(2)]
    heat = np.zeros((3, 4, 4), np.uint8)
    heat[:, 1, 1] = 255
    known = {"unsure": [answered(0, 1, 7), answered(2, 2, 8)], "right": [answered(1, 1, 9)], "cells": cells}
    return Behind(**(known | {"heat": heat, "heated": 2, "method": "activation"} | other))


def told(**other):
    keys = ("class 0", "class 1", "class 2")
    return make_story(3, **({"metrics": metrics_of(keys, CONFUSION), "behind": behind()} | other))


def links(html: str) -> set[str]:
    return {(attributes.get("href") or "") for tag, attributes in read(html).tags if tag == "a"}


def anchors(html: str) -> set[str]:
    return {f"#{attributes['id']}" for _, attributes in read(html).tags if attributes.get("id")}


def test_a_class_row_and_a_cell_of_the_matrix_open_their_pictures_with_no_script():
    html = render(told())
    assert {"#class-0", "#class-2", "#cell-0-1", "#cell-1-0", "#cell-1-1"} <= links(html)
    assert links(html) <= anchors(html)
    assert ".of-class:has(:target)" in html
    assert "<script" not in html
    panel = html[html.index('id="cell-0-1"') :]
    assert "Taken for <bdi>class 1</bdi>, the surest first" in panel[:200]
    assert "2 of 3 pictures" in panel[:300]


def test_a_cell_whose_pictures_are_not_kept_is_not_a_link():
    html = render(told(behind=behind(cells=[answered(0, 0, 1)])))
    assert "#cell-0-0" in links(html)
    assert "#cell-0-1" not in links(html)
    assert links(html) <= anchors(html)


def test_a_class_names_those_whose_pictures_were_taken_for_it():
    html = render(told())
    panel = html[html.index('id="class-0"') : html.index('id="class-1"')]
    assert re.search(r'Also taken for it: <a href="#cell-1-0"><bdi>class 1</bdi></a>', panel)


def test_maps_stand_beside_the_first_mistakes_and_right_answers():
    html = render(told())
    maps = [
        attributes for tag, attributes in read(html).tags if (attributes.get("alt") or "").startswith("where the network looks")
    ]
    assert len(maps) == 3
    assert "Their shares are exact" in html
    assert "blurred in turn" in render(told(behind=behind(method="occlusion")))


def test_where_time_was_short_the_maps_of_mistakes_are_explained_all_the_same():
    html = render(told(behind=behind(heat=np.full((1, 4, 4), 9, np.uint8), heated=1, method="occlusion")))
    assert "There was no time for more pictures" in html
    assert links(html) <= anchors(html)


def test_maps_of_a_head_say_that_it_has_learnt_from_these_pictures():
    assert "has learnt from these pictures too" in render(make_head_story(3, behind=behind()))
    assert "has learnt from these pictures too" not in render(told())


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_the_least_sure_answers_are_shown_right_or_wrong(language):
    with speaking(language):
        html = render(told())
    section = html[html.index('id="unsure"') :]
    assert ("right" if language == "en" else "certa") in section
    assert ("truth: " if language == "en" else "verdade: ") in section


@pytest.mark.parametrize(("language", "lead"), [("en", "Here it was 2.0%"), ("pt-BR", "Aqui foram 2,0%")])
def test_what_is_taken_for_unlike_anything_is_counted_and_shown(language, lead):
    alarms = FalseAlarms(500, Interval(0.02, 0.01, 0.05, 100))
    with speaking(language):
        html = render(told(behind=behind(unlike=[answered(0, 1, 11), answered(2, 2, 12)]), unlike=alarms))
        same = render(told(unlike=alarms, measured="validation"))
    section = html[html.index('id="unlike"') :]
    assert lead in section
    assert section[: section.index("</section>")].count("<li>") == 2
    assert "#unlike" in links(html)
    assert "#unlike" not in links(render(told()))
    assert ("flatters a little" if language == "en" else "pouco otimista") in same[same.index('id="unlike"') :]


def test_a_run_from_before_has_its_report_without_them():
    html = render(told(behind=Behind()))
    assert not anchors(html) & {"#behind", "#looks", "#unsure"}
    assert links(html) <= anchors(html)


def test_a_picture_and_the_file_say_what_they_cost():
    html = render(told(speed=PictureCost(6.14, 13_486_033)))
    assert "6.1 ms" in html
    assert "13.5 MB" in html
    with speaking("pt-BR"):
        assert "13,5 MB" in render(told(speed=PictureCost(6.14, 13_486_033)))


def test_the_recipe_is_folded_away_first_what_a_person_chose():
    html = render(told(recipe=vars(Recipe()) | {"epochs": 77, "flip": "off"}, asked=("epochs",)))
    folded = html[html.index('<details id="recipe">') :].split("</details>")[0]
    asked, settled, usual = folded.split("<h4>")[1:4]
    assert (asked.count("<dt>"), settled.count("<dt>"), usual.count("<dt>")) == (1, 1, len(vars(Recipe())) - 2)
    assert "77" in asked
    assert "Mirrored" in settled
    assert "left to Olhar" in usual
    assert "-1" not in usual


def test_suspect_labels_are_shown_with_the_command_that_mends_them():
    suspects = [make_sample(0, 1), make_sample(2, 0)]
    html = render(told(behind=Behind(suspects=suspects), check="olhar check flowers --page check.html"))
    section = html[html.index('<section id="suspects"') : html.index('<section id="network"')]
    assert "whose label the model believes least" in section
    assert section.count("<li>") == 2
    assert "olhar check flowers --page check.html" in section
    assert "--keep keep.csv" in section
    assert "suspects" not in re.sub(r"<style>.*?</style>", "", render(told()), flags=re.DOTALL)


def test_true_against_predicted_is_drawn_with_a_dot_a_picture():
    html = render(told())
    dots = re.findall(r'class="dots (?:right|wrong)" d="([^"]*)"', html)
    assert [path.count("h0") for path in dots] == [35, 4]
    many = metrics_of(("class 0", "class 1", "class 2"), 1000 * CONFUSION)
    assert "A dot stands for 4 pictures" in render(told(metrics=many))


def test_a_rate_that_fell_is_seen_under_plateau_alone():
    history = [row | {"learning_rate": 0.01 / row["epoch"]} for row in make_history(3)]
    plateau = {"model": "cnn", "schedule": "plateau"}
    assert "Learning rate by epoch" in render(told(history=history, recipe=plateau))
    assert "Learning rate by epoch" not in render(told(history=history))


def test_hostile_names_stay_text_beside_their_pictures():
    names = Hostile().all()
    keys = tuple(f"class {k}" for k in range(len(names)))
    cells = [Sample("\"' onload='alert(2).png", np.zeros((8, 8, 3), np.uint8), k, k, 0.5) for k in range(len(names))]
    confusion = np.diag([3] * len(names)).astype(np.int64)
    story = make_story(len(names), names, metrics=metrics_of(keys, confusion), behind=Behind(cells, cells[:2], cells))
    shown = read(render(story))
    assert not [tag for tag, attributes in shown.tags if tag == "script" or any(key.startswith("on") for key in attributes)]


def test_two_hundred_classes_stay_under_five_megabytes():
    rng = np.random.default_rng(0)
    photo = [rng.integers(0, 256, (96, 96, 3), dtype=np.uint8) for _ in range(4)]
    cells = [Sample(f"{k}.jpg", photo[k % 4], k % 200, k % 200, 0.5) for k in range(240)]
    mistakes = [Sample(f"{k}.jpg", photo[k % 4], k, k + 1, 0.9) for k in range(24)]
    html = render(
        make_story(
            200,
            mistakes=mistakes,
            behind=Behind(cells[:12], cells[:4], cells, np.full((12, 28, 28), 9, np.uint8), 8, "activation"),
        )
    )
    assert len(html) < 5_000_000


def test_the_class_with_most_mistakes_is_open_before_any_is_asked_for():
    html = render(told())
    assert html.count("of-class opened") == 1
    assert '<div class="of-class opened" id="class-0">' in html


@needs_chromium
def test_the_section_is_never_empty_and_a_link_shows_its_class(browser, tmp_path):
    (tmp_path / "report.html").write_text(render(told()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((tmp_path / "report.html").as_uri())
    shown = "[...document.querySelectorAll('.of-class')].filter(e => e.offsetHeight).map(e => e.id)"
    assert page.evaluate(shown) == ["class-0"]
    page.click('a[href="#class-2"]')
    assert page.evaluate(shown) == ["class-2"]
    page.click("#class-2 .close")
    assert page.evaluate(shown) == ["class-0"]
    page.close()
