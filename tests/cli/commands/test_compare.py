import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from olhar.base.texts import LANGUAGES
from tests.judged_runs import answers, write_judged_run

GOOD, POOR = [i % 10 > 0 for i in range(200)], [i % 10 > 3 for i in range(200)]


@pytest.fixture
def two(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_judged_run(tmp_path / "poor", answers(POOR))
    write_judged_run(tmp_path / "good", answers(GOOD))
    return "poor", "good"


def test_the_first_line_says_who_is_better_and_by_how_much(say, two):
    code, out, _ = say("compare", *two)
    assert code == 0
    first, *rest = out.splitlines()
    assert first == "good is better by 30.0 points (24.1 to 36.7)."
    assert rest[0] == "All answered the same 200 test pictures, from which none of them has learnt."
    assert "only good on 60" in rest[1]
    assert "three seeds of each" in rest[2]
    assert any(line.startswith("cat ") and "100" in line for line in rest)
    assert "60 pictures are answered differently" in out
    assert "✓ " in out
    assert out.rstrip().endswith("olhar compare poor good --page compare.html")


@pytest.mark.parametrize(
    ("language", "better", "open_"), [("en", "is better by", "cannot tell"), ("pt-BR", "é melhor por", "não dá")]
)
def test_it_speaks_both_languages(say, two, tmp_path, language, better, open_):
    assert better in say("compare", *two, "--language", language)[1].splitlines()[0]
    write_judged_run(tmp_path / "like", answers([i % 10 > 0 or i == 0 for i in range(200)]))
    assert open_ in say("compare", "good", "like", "--language", language)[1].splitlines()[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_tells_all(say, two, language):
    code, out, _ = say("compare", *two, "--json", "--language", language)
    told = json.loads(out)
    assert (code, told["olhar"], told["pictures"], told["judged"]) == (0, 1, 200, "test")
    assert told["pairs"][0]["better"] == "good"
    assert len(told["differing"]) == 60


def test_csv_is_the_pictures_that_differ_and_nothing_else(say, two):
    out = say("compare", *two, "--csv")[1]
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 60
    assert set(rows[0]) == {"picture", "label", *(f"{what}:{name}" for what in ("answer", "right", "confidence") for name in two)}


def test_a_page_is_written_and_named(say, two, tmp_path):
    code, out, _ = say("compare", *two, "--page", "page.html")
    assert (code, out.rstrip().splitlines()[-1].strip()) == (0, "page.html")
    assert "good" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_of_many_classes_those_that_differ_most_are_shown(say, tmp_path):
    classes = tuple(f"c{i:02}" for i in range(30))
    said = [{f"{i}.png": (classes[i % 30], classes[(i + (i % 30 == 7) * (k and 1)) % 30]) for i in range(300)} for k in (0, 1)]
    runs = [write_judged_run(tmp_path / name, one, classes=classes) for name, one in zip("ab", said, strict=True)]
    out = say("compare", *runs)[1]
    assert "... and 10 more classes; --json gives all." in out
    assert "c07 " in out


@pytest.mark.usefixtures("two")
def test_runs_that_answer_alike_say_so(say, tmp_path):
    write_judged_run(tmp_path / "same", answers(GOOD))
    assert "No picture is answered differently." in say("compare", "good", "same")[1]


def test_recipes_show_their_seeds(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [f"{model}-{seed}" for model in ("lite0", "lite1") for seed in range(3)]
    for place, name in enumerate(names):
        write_judged_run(
            tmp_path / name, answers([(i + place) % (5 + place) > 0 for i in range(300)]), model=name[:5], seed=place
        )
    code, out, err = say("compare", *names, "--by-recipe")
    assert code == 0
    assert "3 runs whose recipes differ in the seed alone" in err
    assert "between seeds" in out
    assert "about the recipes" in out


def test_the_command_to_type_next_says_all_again(say, run, coloured, tmp_path):
    other = shutil.copytree(run.path, tmp_path / "other")
    words = [run.path, other, "--data", coloured / "test", "--against", "best", "--layout", "class"]
    out = say("compare", *words)[1]
    assert out.splitlines()[-1].strip() == f"olhar compare {' '.join(map(str, words))} --page compare.html"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["poor"], "OLH930", "two or more"),
        ([], "OLH904", "RUN"),
        (["poor", "poor"], "OLH931", "twice"),
        (["poor", "good", "--against", "all"], "OLH938", "first, best"),
        (["poor", "good", "--layout", "class"], "OLH350", "--data"),
        (["poor", "nowhere"], "OLH303", "no such run"),
        (["poor", "good", "--lambda", "x"], "OLH", "x"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(say, words, code, told):
    status, out, err = say("compare", *words)
    assert (status, out) == (2, "")
    assert code in err
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("page", ["compare.md", "compare.pt-BR.md"])
def test_every_option_on_its_page_is_there(say, page):
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    known = set(re.findall(r"--[a-z-]+", say("compare", "--help")[1])) | set(re.findall(r"--[a-z-]+", say("train", "--help")[1]))
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known
