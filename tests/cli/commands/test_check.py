import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace
from typing import cast

import pytest

from olhar.base.texts import LANGUAGES
from olhar.cli.commands.check import _pictures  # pyright: ignore[reportPrivateUsage]
from olhar.data.checks.audit import Audit
from olhar.data.checks.findings import Case, Finding
from tests.conftest import write_pictures


@pytest.fixture
def flawed(pictures):
    (pictures / "red" / "empty.jpg").write_bytes(b"")
    (pictures / "blue" / "copy.png").write_bytes((pictures / "red" / "003.png").read_bytes())
    return pictures


def test_good_pictures_are_told_so(say, pictures):
    code, out, _ = say("check", pictures)
    assert code == 0
    assert "72 pictures" in out
    assert "Nothing was found" in out
    assert f"olhar train {pictures}" in out


def test_what_is_wrong_is_told_with_names_and_what_to_do(say, flawed):
    code, out, _ = say("check", flawed)
    assert code == 0
    for words in ("2 to mend", "CHK001", "red/empty.jpg", "CHK022", "blue/copy.png, red/003.png", "Decide which class is right"):
        assert words in out
    assert all(len(line) < 400 for line in out.splitlines())


def copy_of(pictures, name="red/copy.png", source="red/003.png"):
    (pictures / name).write_bytes((pictures / source).read_bytes())


def test_where_pictures_wait_for_a_decision_the_page_and_its_list_are_the_next_steps(say, pictures, monkeypatch):
    copy_of(pictures)
    monkeypatch.chdir(pictures.parent)
    _, out, _ = say("check", pictures.name, "--layout", "class")
    following = out[out.index("Next:") :].splitlines()
    assert following[1:3] == [
        "  olhar check colours --page check.html --layout class",
        "  olhar train colours --keep keep.csv --layout class",
    ]
    assert "save the list keep.csv" in " ".join(following[3:])
    _, out, _ = say("check", pictures.name, "--page", "seen.html")
    assert out[out.index("Next:") :].splitlines()[1:3] == ["  seen.html", "  olhar train colours --keep keep.csv"]
    assert "olhar train colours --keep keep.csv" in (pictures.parent / "seen.html").read_text(encoding="utf-8")
    _, out, _ = say("check", pictures.name, "--write-keep", "mine.csv")
    assert out[out.index("Next:") :].splitlines()[1:] == ["  olhar train colours --keep mine.csv"]


def test_a_page_does_not_tell_where_the_data_lies(say, pictures, tmp_path):
    copy_of(pictures)
    say("check", pictures, "--page", tmp_path / "seen.html")
    page = (tmp_path / "seen.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in page
    assert "olhar train DATA --keep keep.csv" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_more_pictures_than_the_page_can_list_the_check_writes_the_list(say, pictures, monkeypatch, language):
    monkeypatch.setattr("olhar.reporting.check_story.MOST_LISTED", 70)
    copy_of(pictures)
    monkeypatch.chdir(pictures.parent)
    told = {"en": "73 pictures are more than the page can list", "pt-BR": "73 imagens são mais do que a página pode listar"}
    train = "  olhar train colours --keep keep.csv"
    _, out, _ = say("check", "colours", "--language", language)
    following = out.splitlines()
    assert following[following.index(train) - 1] == "  olhar check colours --page check.html --write-keep keep.csv"
    assert told[language] in " ".join(out.split())
    _, out, _ = say("check", "colours", "--page", "seen.html", "--language", language)
    following = out.splitlines()
    assert following[following.index(train) - 2 : following.index(train)] == [
        "  seen.html",
        "  olhar check colours --write-keep keep.csv",
    ]
    assert "--write-keep keep.csv" in (pictures.parent / "seen.html").read_text(encoding="utf-8")
    say("check", "colours", "--write-keep", "keep.csv")
    assert (pictures.parent / "keep.csv").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_a_part_that_lies_apart_as_it_was_typed_and_not_where_it_lies(say, pictures, monkeypatch, language):
    copy_of(pictures)
    shutil.copytree(pictures, pictures.parent / "held")
    monkeypatch.chdir(pictures.parent)
    word = {"en": "VALIDATION", "pt-BR": "VALIDAÇÃO"}[language]
    for typed, named in (("held", "held"), (pictures.parent / "held", word)):
        _, out, _ = say("check", "colours", "--validation", typed, "--page", "seen.html", "--language", language)
        page = (pictures.parent / "seen.html").read_text(encoding="utf-8")
        assert f"olhar train colours --validation {named} --keep keep.csv" in page
        assert f"--validation {typed}" in " ".join(out.split())


def test_checks_that_found_nothing_are_a_count(say, pictures):
    _, out, _ = say("check", pictures)
    assert "found nothing or do not apply; --page F.html names them" in out
    for words in ("Passed:", "Not applicable:", "Tiny pictures", "compared by pixels"):
        assert words not in out


def test_pictures_that_belong_together_stand_in_a_line_each_group():
    dataset = SimpleNamespace(where=[f"{i}.png" for i in range(12)])
    finding = Finding("CHK026", "tip", {}, (Case((0, 1)), Case((2, 3, 4, 5)), Case((6, 7)), Case((8, 9)), Case((10, 11))))
    assert _pictures(cast("Audit", SimpleNamespace(dataset=dataset)), finding) == [
        "0.png, 1.png",
        "2.png, 3.png, 4.png, and 1 more",
        "6.png, 7.png",
        "and 2 groups more",
    ]


def test_twenty_unreadable_pictures_are_named_and_all_stand_in_the_json(say, pictures):
    for i in range(25):
        (pictures / "red" / f"empty-{i:02}.jpg").write_bytes(b"")
    _, out, _ = say("check", pictures)
    assert [f"red/empty-{i:02}.jpg" in out for i in range(25)] == [True] * 20 + [False] * 5
    assert "and 5 more" in out
    found = json.loads(say("check", pictures, "--json")[1])["findings"]
    unreadable = next(one for one in found if one["code"] == "CHK001")
    assert len(unreadable["cases"]) == 25
    assert all(case["pictures"][0] in case["reason"] for case in unreadable["cases"])


def test_strict_ends_with_1_only_where_something_is_to_be_mended(say, flawed):
    assert say("check", flawed, "--strict")[0] == 1
    assert say("check", flawed, "--strict", "--ignore", "CHK001", "--ignore", "chk022")[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_tells_all_in_the_language_asked_for(say, flawed, language):
    code, out, err = say("check", flawed, "--json", "--language", language)
    found = json.loads(out)
    assert (code, found["olhar"], found["pictures"]) == (0, 1, 74)
    assert err == f"{found['read_as']['line']}\n"
    assert found["read_as"]["classes"] == 3
    twice = next(one for one in found["findings"] if one["code"] == "CHK022")
    assert twice["cases"] == [{"pictures": ["blue/copy.png", "red/003.png"]}]
    assert ("byte a byte" in twice["found"]) == (language == "pt-BR")
    assert twice["do"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fit", "squeeze"], "squeeze"),
        (["--ignore", "CHK999"], "CHK999"),
        (["--size", "abc"], "--size"),
        (["--size", "-3"], "-3"),
    ],
)
def test_flags_that_cannot_be_are_refused(say, pictures, arguments, words):
    code, _, err = say("check", pictures, *arguments)
    assert code == 2
    assert words in err
    assert err.splitlines()[-1].startswith("olhar OLH")


def test_what_is_not_there_is_told(say):
    code, _, err = say("check", "nowhere")
    assert (code, "nowhere" in err) == (2, True)


def test_in_a_narrow_terminal_without_colour_no_line_is_too_long(flawed):
    write_pictures(flawed, per_class=2, prefix="blue/a-folder-with-a-name-that-is-long", start=90)
    code = (
        "import sys; from rich import console; sys.stdout.isatty = lambda: True; from olhar.cli.app import main; sys.exit(main())"
    )
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(flawed)], check=False, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    told = [line for line in done.stdout.splitlines() if not line.startswith("  olhar ")]
    assert max(map(len, told)) <= 80


def test_the_person_s_files_stay_as_they_are(say, flawed):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(flawed.rglob("*")) if path.is_file()}
    say("check", flawed)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(flawed.rglob("*")) if path.is_file()}


def keep_red_alone(root):
    for name in ("blue", "green", "white"):
        shutil.rmtree(root / name, ignore_errors=True)


def take_out_of_folders(root):
    for number, place in enumerate(sorted(root.glob("*/*.png"))):
        place.rename(root / f"{number}.png")


@pytest.mark.parametrize(
    ("spoil", "said"), [(keep_red_alone, "only one class, red"), (take_out_of_folders, "lie in no class folders")]
)
def test_what_a_training_refuses_is_to_be_mended_and_is_no_next_step(say, pictures, spoil, said):
    spoil(pictures)
    code, out, _ = say("check", pictures, "--strict")
    assert code == 1
    assert "CHK036" in out
    assert said in out
    assert "Nothing was found" not in out
    assert "found nothing" not in out
    assert "look  " not in out
    assert "olhar train pictures" not in out
    assert "Next" not in out
