import json
import re
import subprocess
import sys

import pytest


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


def test_an_error_can_be_had_as_json(say):
    code, out, err = say("train", "nowhere", "--json")
    found = json.loads(out)
    assert (code, err, found["olhar"], found["error"]["code"]) == (2, "", 1, "OLH101")


def test_debug_shows_the_traceback(say):
    assert "Traceback" in say("train", "nowhere", "--debug")[2]
    assert "Traceback" not in say("train", "nowhere")[2]


def test_results_as_json_open_with_their_version(say, run, coloured):
    for arguments in (
        ["evaluate", run.path],
        ["evaluate", run.path, coloured],
        ["predict", run.path, coloured / "test"],
        ["models", "--no-speed"],
    ):
        code, out, _ = say(*arguments, "--json")
        assert (code, next(iter(json.loads(out)))) == (0, "olhar")


def test_the_package_is_the_command_too():
    done = subprocess.run([sys.executable, "-m", "olhar", "recipes", "nosuch"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("olhar OLH")
    assert "nosuch" in done.stderr
