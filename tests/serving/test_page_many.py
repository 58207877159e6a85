"""Many pictures on the page, in a real browser."""

import re

import numpy as np

from olhar.base.texts import LANGUAGES, speaking
from olhar.evaluation.excel import excel
from olhar.evaluation.predictions import Predictions
from tests.serving.kit import picture
from tests.serving.test_page import browser, expect, one, page, pytestmark  # noqa: F401 (fixtures)


def test_sixty_pictures_are_counted_filtered_and_saved_as_python_saves_them(page, predictor):  # noqa: F811 (fixture)
    sent = [(f"={i}.png", picture(("blue", "red", (120, 100, 90))[i % 3])) for i in range(60)]
    page.set_input_files("#choose", [one(data, name) for name, data in sent])
    expect(page.locator("#filter [data-group=null] b")).to_have_text("60")
    expect(page.locator("#filter [data-group='0'] b")).to_have_text("20")
    expect(page.locator("#filter [data-group='2'] b")).to_have_text("40")
    with page.expect_download() as saved:
        page.click("#csv")
    rows = predictor.probabilities(np.stack([predictor.prepare(data) for _, data in sent]))
    told = Predictions.join([name for name, _ in sent], predictor.classes, np.full(60, -1), rows)
    assert saved.value.path().read_bytes().decode() == excel(told, predictor.signature.names)
    page.click("#filter [data-group='0']")
    expect(page.locator(".tile")).to_have_count(20)
    page.click("#filter [data-group=null]")
    page.select_option("#sort", "doubtful")
    expect(page.locator(".tile .file").first).to_have_text("=2.png")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_table_of_the_page_is_that_of_python_in_both_languages_with_pictures_that_cannot_be_read(page, predictor):  # noqa: F811 (fixture)
    sent = [("à;1.png", picture("blue")), ("=bad.png", b"nothing"), ('b"2.png', picture((120, 100, 90)))]
    page.set_input_files("#choose", [one(data, name) for name, data in sent])
    expect(page.locator(".tile .told:visible")).to_have_count(2)
    rows = predictor.probabilities(np.stack([predictor.prepare(sent[i][1]) for i in (0, 2)]))
    told = Predictions.join([sent[0][0], sent[2][0]], predictor.classes, np.full(2, -1), rows)
    for tongue in LANGUAGES:
        page.click(f"[data-language={tongue}]")
        expect(page.locator(".tile .wrong").nth(1)).to_contain_text("=bad.png: not" if tongue == "en" else "=bad.png: não")
        expect(page.locator(".tile .told:visible")).to_have_count(2)
        with page.expect_download() as saved:
            page.click("#csv")
        why = page.locator(".tile .wrong").nth(1).inner_text()
        with speaking(tongue):
            expected = excel(told, predictor.signature.names, [("=bad.png", why)])
        assert saved.value.path().read_bytes().decode() == expected


def test_a_tile_names_its_file_where_it_cannot_be_read_and_its_form_where_the_browser_cannot_show_it(page):  # noqa: F811 (fixture)
    sent = {"IMG_7.heic": b"nothing", "scan.tif": picture("blue", kind="TIFF"), "c.png": picture("red"), "d.jpg": b""}
    page.set_input_files("#choose", [one(data, name) for name, data in sent.items()])
    tiles = [page.locator(".tile").nth(i) for i in range(4)]
    expect(tiles[0].locator(".wrong")).to_contain_text("IMG_7.heic: not a picture that can be read")
    expect(tiles[1].locator(".best")).to_have_text("Blue")
    for tile, form in zip(tiles, ("HEIC", "TIF", "", "JPG"), strict=True):
        expect(tile.locator(".thumb")).to_have_text(form, use_inner_text=True)
    expect(tiles[3].locator(".wrong")).to_contain_text("d.jpg: an empty file")
    assert [tile.locator(".file").is_visible() for tile in tiles] == [False, True, True, False]  # a name stands there once
    expect(tiles[2].locator("img")).to_have_attribute("src", re.compile("^blob:"))
    page.click("[data-language=pt-BR]")
    expect(tiles[0].locator(".wrong")).to_contain_text("IMG_7.heic: não é uma imagem")


def test_the_names_of_classes_are_whole_in_tiles_on_a_phone(page):  # noqa: F811 (fixture)
    page.set_input_files("#choose", [one(picture(colour), f"{colour}.png") for colour in ("blue", "red")])
    expect(page.locator(".tile .best")).to_have_text(["Blue", re.compile("^Vermelho")])
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1).length"
    assert page.locator(".tile .best").evaluate_all(cut) == 0


def test_a_name_of_nine_letters_stands_in_one_line_of_a_tile_on_a_phone(page):  # noqa: F811 (fixture)
    page.set_input_files("#choose", [one(picture("blue"), f"{i}.png") for i in range(3)])
    expect(page.locator(".tile .told:visible")).to_have_count(3)
    lines = "one => { one.textContent = 'quadrados'; return one.clientHeight / parseFloat(getComputedStyle(one).lineHeight); }"
    assert page.locator(".tile .best").first.evaluate(lines) < 1.5


def test_a_tile_shows_the_whole_of_a_tall_and_of_a_wide_picture(page):  # noqa: F811 (fixture)
    page.set_input_files("#choose", [one(picture("blue", (60, 200))), one(picture("red", (200, 60)), "b.png")])
    expect(page.locator(".tile .told:visible")).to_have_count(2)
    for tile in page.locator(".thumb").all():
        expect(tile.locator("img")).to_have_attribute("src", re.compile("^blob:"))
        frame, image = tile.bounding_box(), tile.locator("img").bounding_box()
        assert image["y"] + image["height"] <= frame["y"] + frame["height"] + 1
        assert image["x"] + image["width"] <= frame["x"] + frame["width"] + 1
