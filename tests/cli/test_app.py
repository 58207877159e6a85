import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from olhar.base.texts import LANGUAGES
from olhar.cli.app import main
from olhar.cli.commands import _TABLE
from olhar.cli.printing import print_serving
from olhar.training import recipe_files
from olhar.training.recipe import FIELDS, Recipe
from tests.conftest import COLOURS, encoded, noisy
from tests.trained import QUICK

COMMANDS = tuple(_TABLE)
FLAGS = [f"--{name.replace('_', '-')}={value}" for name, value in QUICK.items()]
OLHAR = [sys.executable, "-c", "import sys; from olhar.cli.app import main; sys.exit(main())"]


@pytest.fixture
def say(capsys):
    """Run a command; its exit code, what it printed, and what it said on standard error."""

    def run(*arguments):
        code = main([str(word) for word in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_bare_command_shows_what_there_is(say):
    code, out, _ = say()
    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)
    assert say("--help")[1] == out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(say, command, language):
    code, out, _ = say(command, "--help", "--language", language)
    assert code == 0
    assert f"olhar {command}" in out
    assert ("Options" in out) == (language == "en")
    assert "--json" in out
    for english in ("Show this message", "Usage:" if language != "en" else "Uso:"):
        assert english not in out


def test_every_field_of_a_recipe_is_a_flag_of_train(say):
    out = say("train", "--help")[1]
    assert all(f"--{name.replace('_', '-')}" in out for name in FIELDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian"], ["trian", "Did you mean train?"]),
        (["train", "digits", "--epohcs", "3"], ["--epohcs", "--epochs"]),
        (["train", "digits", "--minuts", "3"], ["--minuts", "Did you mean --minutes?"]),
        (["train", "digits", "--epochs"], ["--epochs", "value"]),
        (["train", "digits", "--epochs", "abc"], ["abc", "whole number"]),
        (["train", "digits", "--epochs", "0"], ["epochs", "0"]),
        (["train", "digits", "--model", "resnt"], ["resnt", "resnet"]),
        (["train", "digits", "--recipe", "bst"], ["bst", "best", "cifar10-1"]),
        (["train", "digits", "--stop-at", "accuracy"], ["--stop-at accuracy=0.95"]),
        (["recipes", "bst"], ["bst", "best"]),
        (["train", "digits", "more"], ["more"]),
        (["train", "nowhere/"], ["nowhere"]),
        (["train"], ["olhar train digits"]),
        (["train", "digits", "--split", "90/20"], ["80/10/10"]),
        (["predict"], ["MODEL"]),
        (["predict", "nowhere"], ["nowhere"]),
        (["report", "nowhere"], ["nowhere"]),
        (["serve", "nowhere", "--port", "abc"], ["--port", "whole number"]),
        (["serve", "nowhere", "--max-megabytes", "abc"], ["--max-megabytes", "such as 2.5"]),
        (["serve", "nowhere", "--max-megabytes", "2,5"], ["nowhere"]),
        (["check", "digits", "--deep", "--minutes", "abc"], ["--minutes", "such as 2.5"]),
        (["check", "digits", "--minutes", "5"], ["--minutes", "--deep"]),
        (["train", "digits", "--minutes", "5", "--epochs", "3"], ["--minutes", "--epochs"]),
        (["train", "digits", "--model", "cnn", "--lambda", "scale=x/255"], ["--lambda scale", "--model FILE.h5"]),
        (["train", "digits", "--model", "cnn", "--architecture", "m.json"], ["--architecture m.json", "--model FILE.h5"]),
        (["--language", "xx"], ["xx", "pt-BR"]),
    ],
)
def test_a_wrong_word_gets_one_line_and_exit_code_2(say, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"olhar OLH\d{3}  [^\n]+\n", err), err
    assert all(word in err for word in words), err
    assert list(tmp_path.iterdir()) == []
    portuguese = say(*[word for word in arguments if word not in ("--language", "xx")], "--language", "pt")[2]
    assert portuguese != err


def test_recipes_are_listed_and_one_is_printed_as_a_file_that_train_takes(say, tmp_path):
    code, out, _ = say("recipes")
    assert code == 0
    assert all(name in out for name in ("best", "fast", "emotions-1", "emotions-2", "cifar10-1", "cifar10-2", "cats-dogs"))
    (tmp_path / "mine.toml").write_text(say("recipes", "best")[1], encoding="utf-8")
    assert Recipe.from_toml((tmp_path / "mine.toml").read_text(encoding="utf-8"), "mine.toml") == recipe_files.read("best")


def test_the_help_of_train_groups_its_options(say):
    out = say("train", "--help")[1]
    places = [out.index(f"\n{heading}\n") for heading in ("Options", "Pictures", "Network", "Learning", "Machine")]
    assert places == sorted(places)
    assert places[3] < out.index("--optimizer") < places[4]


def test_an_error_can_be_had_as_json(say):
    code, out, err = say("train", "nowhere", "--json")
    found = json.loads(out)
    assert (code, err, found["olhar"], found["error"]["code"]) == (2, "", 1, "OLH101")


def test_debug_shows_the_traceback(say):
    assert "Traceback" in say("train", "nowhere", "--debug")[2]
    assert "Traceback" not in say("train", "nowhere")[2]


def test_people_s_own_spellings_are_understood(say, coloured, tmp_path):
    words = ["--imgsz", "12", "-b", "8", "--lr0", "0,02", "--epochs", "1", "--model", "cnn", "--width", "4"]
    assert say("train", coloured, "--into", tmp_path / "run", *words)[0] == 0
    recipe = (tmp_path / "run" / "recipe.toml").read_text()
    assert all(line in recipe for line in ("size = 12", "batch = 8", "learning_rate = 0.02"))
    assert say("val", tmp_path / "run")[0] == 0


def test_the_way_from_pictures_to_an_answer(say, coloured, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = say("train", coloured, *FLAGS)
    assert code == 0
    assert "on 36 test pictures" in out
    assert err.count("epoch ") == 4
    assert "72" not in out.splitlines()[0]
    for line in (line.strip() for line in out.splitlines()):
        if line.startswith("olhar predict"):
            (tmp_path / "picture.jpg").write_bytes(encoded(noisy(COLOURS["green"], 9), "JPEG"))
            code, out, _ = say(*line.split()[1:])
            assert code == 0
            assert "green" in out
            return
    pytest.fail("the next command was not shown")


def test_results_as_json_open_with_their_version(say, run, coloured):
    for arguments in (
        ["evaluate", run.path],
        ["evaluate", run.path, coloured],
        ["predict", run.path, coloured / "test"],
        ["models", "--no-speed"],
    ):
        code, out, _ = say(*arguments, "--json")
        assert (code, next(iter(json.loads(out)))) == (0, "olhar")


def test_the_numbers_of_a_run_are_shown_class_by_class(say, run):
    code, out, _ = say("evaluate", run.path)
    assert code == 0
    assert "95% interval" in out
    assert all(name in out for name in COLOURS)
    assert "intervalo de 95%" in say("evaluate", run.path, "--lang", "pt")[1]


def test_numbers_on_pictures_that_taught_the_model_are_said_to_flatter(say, run, coloured):
    for command in ("evaluate", "predict"):
        assert "72 of these pictures taught this model" in say(command, run.path, coloured / "train")[2]
        assert "taught" not in say(command, run.path, coloured / "test")[2]


def test_answers_as_csv_go_to_standard_output(say, run, coloured):
    out = say("predict", run.path, coloured / "test", "--csv")[1]
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0]) == ["picture", "predicted", "confidence", "p:blue", "p:green", "p:red"]
    assert len(rows) == 36


def test_a_grid_and_sorted_copies_are_written_where_asked(say, run, coloured, tmp_path):
    code, _, err = say(
        "predict", run.path, coloured / "test", "--grid", tmp_path / "grid.png", "--sort-into", tmp_path / "sorted"
    )
    assert code == 0
    assert "grid.png" in err
    assert (tmp_path / "grid.png").stat().st_size > 1000
    assert len(list((tmp_path / "sorted").rglob("*.png"))) == 36


def test_a_bad_picture_is_named_and_alone_is_an_error(say, run, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    code, out, err = say("predict", run.path, tmp_path / "bad.jpg")
    assert (code, out) == (2, "")
    assert "bad.jpg" in err


def test_a_hostile_class_name_cannot_command_the_terminal(say, run, tmp_path):
    folder = tmp_path / "\x1b[31mred\u202e"
    folder.mkdir()
    (folder / "1.png").write_bytes(encoded(noisy(COLOURS["red"], 3)))
    out = say("predict", run.path, tmp_path)[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_report_and_a_model_are_written_where_asked(say, run, tmp_path):
    assert say("report", run.path, "--into", tmp_path / "r.html", "--lang", "pt")[0] == 0
    assert 'lang="pt-BR"' in (tmp_path / "r.html").read_text(encoding="utf-8")
    code, out, _ = say("export", run.path, "--into", tmp_path / "m.onnx", "--json")
    assert (code, json.loads(out)["written"]) == (0, str(tmp_path / "m.onnx"))
    assert say("export", run.path, "--to", "pt")[0] == 2


def test_the_package_is_the_command_too():
    done = subprocess.run([sys.executable, "-m", "olhar", "recipes", "nosuch"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("olhar OLH")
    assert "nosuch" in done.stderr


def test_predict_needs_no_torch(run, coloured):
    picture = next((coloured / "test" / "red").iterdir())
    code = f"import sys; from olhar.cli.app import main; main(['predict', {str(run.path)!r}, {str(picture)!r}])"
    code += "; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_other_libraries_warnings_never_reach_the_person(coloured, tmp_path):
    done = subprocess.run(
        [*OLHAR, "train", coloured, *FLAGS, "--into", tmp_path / "run"], capture_output=True, text=True, check=True
    )
    assert "arning" not in done.stderr
    assert all(line.startswith(("epoch", "colours:", "Network", "Computing", "Writing")) for line in done.stderr.splitlines()), (
        done.stderr
    )


def test_ctrl_c_saves_and_exits_with_130(coloured, tmp_path):
    flags = [*FLAGS, "--epochs=100000", "--patience=0", "--into", tmp_path / "run"]
    child = subprocess.Popen([*OLHAR, "train", coloured, *flags], stderr=subprocess.PIPE, text=True)
    assert child.stderr
    for line in child.stderr:
        if line.startswith("epoch"):
            break
    child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    rest = child.stderr.read()
    assert (child.wait(), time.monotonic() - begun < 10) == (130, True)
    child.stderr.close()
    assert "olhar train --resume --into" in rest
    assert (tmp_path / "run" / "checkpoints" / "last.safetensors").is_file()


def test_a_model_is_served_and_the_server_ends_well(run):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(
        [*OLHAR, "serve", run.path, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout
    assert child.stderr
    url = re.search(r"http://127\.0\.0\.1:\d+/", child.stdout.readline())
    assert url
    answer = httpx.post(f"{url[0]}predict", files={"file": ("x.png", encoded(noisy(COLOURS["blue"], 1)))}).json()
    assert (answer["class"], answer["model"]["name"] if isinstance(answer["model"], dict) else answer["model"]) == (
        "blue",
        "colours",
    )
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    assert "/predict" in child.stderr.read()
    child.stdout.close()
    child.stderr.close()


def test_how_to_ask_a_server_tells_of_its_token_and_never_shows_it(monkeypatch, capsys):
    for token in ("", "secret"):
        monkeypatch.setenv("OLHAR_TOKEN", token)
        print_serving("http://127.0.0.1:8000/", as_json=False)
        out = capsys.readouterr().out
        assert ('curl -H "Authorization: Bearer $OLHAR_TOKEN" -F' in out) == bool(token)
        assert "secret" not in out


def test_a_port_that_is_taken_is_told(say, run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = say("serve", run.path, "--port", taken.getsockname()[1])
    assert code == 2
    assert "--port" in err


def test_names_to_show_are_a_flag_of_train(say, coloured, tmp_path):
    (tmp_path / "names.toml").write_text('rd = "Vermelho"\n')
    code, _, err = say("train", coloured, "--names", tmp_path / "names.toml", "--into", tmp_path / "run", *FLAGS)
    assert (code, (tmp_path / "run").exists()) == (2, False)
    assert "names.toml" in err
    assert "Did you mean red?" in err
