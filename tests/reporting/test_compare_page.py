import re

import numpy as np
import pytest

from olhar.base.texts import speaking
from olhar.evaluation.compare.comparing import Answered, Asked, compared
from olhar.evaluation.compare.comparison import Comparison
from olhar.reporting.compare_page import DifferenceBar, render_comparison
from tests.reporting.stories import Hostile
from tests.reporting.test_check_page import Tags

N = 120


def made(names=("plain", "better"), wrong=(0.4, 0.1), classes=("cat", "dog", "emu"), seeds=1) -> Comparison:
    labels, rng = np.arange(N) % len(classes), np.random.default_rng(0)
    sides = [
        Answered(
            name,
            tuple(f"{name}-{i}" for i in range(seeds)),
            np.where(rng.random((seeds, N)) < share, (labels + 1) % len(classes), labels),
            np.full((seeds, N), 0.75, np.float32),
        )
        for name, share in zip(names, wrong, strict=True)
    ]
    asked = Asked([f"{i}.png" for i in range(N)], classes, labels, np.arange(N), "test", 1.0, {"taught": 4})
    return compared(sides, asked)


def page(comparison: Comparison, most: int = 20, at_hand: bool = True) -> str:
    rows = comparison.differing[:most].tolist()
    pixels = {row: np.full((8, 8, 3), row, np.uint8) for row in rows} if at_hand else {}
    return render_comparison(comparison, rows, pixels, "2026-11-27T02:00:00+00:00")


def test_the_page_opens_with_the_verdict_and_shows_classes_and_pictures():
    html = page(made())
    assert re.search(r"<h1[^>]*><bdi>better</bdi> is better by [\d.]+ points \([\d.]+ to [\d.]+\)\.</h1>", html)
    for words in ("Class by class", "Where they differ", "McNemar", "4 pictures were left out", "November 27, 2026"):
        assert words in html
    assert html.count("<img") == 20
    assert "The first 20 of" in html


@pytest.mark.parametrize(("language", "lang", "word"), [("en", "en", "Where they differ"), ("pt", "pt-BR", "Onde diferem")])
def test_the_page_speaks_the_language_in_use(language, lang, word):
    with speaking(language):
        html = page(made())
    assert f'<html lang="{lang}">' in html
    assert word in html
    assert not re.search(r"\{\w+\}", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))


def test_the_page_needs_no_network_and_runs_no_script():
    html = page(made())
    tags = Tags(html)
    assert not [tag for tag, _ in tags.all if tag in ("script", "link", "iframe")]
    sources = [attributes.get("src") or "" for tag, attributes in tags.all if tag == "img"]
    assert all(source.startswith("data:image/webp") for source in sources)
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")


def test_every_picture_says_what_it_is():
    for tag, attributes in Tags(page(made())).all:
        if tag == "img":
            assert re.match(r"\d+\.png, truly (cat|dog|emu)", attributes["alt"] or "")


def test_pictures_that_are_gone_are_shown_by_their_names():
    html = page(made(), at_hand=False)
    assert "<img" not in html
    assert "20 pictures are not at hand any more" in html


def test_three_are_set_beside_the_first_each_with_its_bar():
    html = page(made(("a", "b", "c"), (0.4, 0.1, 0.38)))
    assert html.count('class="bar both"') == 2
    assert "corrected for 2 comparisons" in html
    assert "<h3>" in html


def test_recipes_show_seeds_and_the_spread_between_them():
    html = page(made(seeds=3))
    assert "between seeds" in html
    assert re.search(r"[0-3] of 3 seeds right", html)


def test_runs_that_never_differ_have_a_page_too():
    html = page(made(wrong=(0.0, 0.0)))
    assert "No picture is answered differently." in html
    assert "In no class the difference is beyond chance." in html


def test_of_very_many_classes_not_all_are_shown():
    html = page(made(classes=tuple(f"c{i}" for i in range(110)) + tuple(f"d{i}" for i in range(10))))
    assert html.count('<th scope="row"><bdi>c') == 110


def test_names_from_outside_stay_names():
    for name in Hostile().all():
        html = page(made(names=(name, "other"), classes=(name, "dog", "emu")))
        tags = {tag for tag, _ in Tags(html).all}
        assert not tags & {"script", "b1", "iframe"}
        assert "onerror" not in {key for _, attributes in Tags(html).all for key in attributes}


def test_a_bar_lies_where_the_numbers_do():
    bar = DifferenceBar.of(made().pairs[0])
    assert 50 < bar.low < bar.point < bar.high <= 100
    turned = DifferenceBar.of(made(wrong=(0.1, 0.4)).pairs[0])
    assert 0 <= turned.low < turned.point < turned.high < 50
