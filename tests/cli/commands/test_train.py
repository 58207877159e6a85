import re
import signal
import subprocess

import pytest

from olhar.cli.commands.train import COMMON
from olhar.cli.registry import COMMANDS
from olhar.training.recipe import FIELDS
from tests.cli.conftest import FLAGS, OLHAR
from tests.conftest import COLOURS, encoded, noisy


def test_every_field_of_a_recipe_is_a_flag_of_train(say):
    out = say("train", "--help")[1]
    assert all(f"--{name.replace('_', '-')}" in out for name in FIELDS)


def test_the_help_of_train_opens_with_what_people_use_and_names_the_rest(say, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = say("train", "--help")[1]
    assert len(out.splitlines()) < 65
    first = out[: out.index("All options by")]
    assert [word for word in COMMON if f"--{word.replace('_', '-')}" not in first] == []
    assert "--momentum" not in first


@pytest.mark.parametrize(("language", "words"), [("en", ("--help", "learning")), ("pt-BR", ("--ajuda", "aprendizado"))])
def test_help_explains_one_group_when_it_is_named(say, language, words):
    out = say("train", *words, "--language", language)[1]
    assert "--momentum" in out
    assert "--learning-rate" in out
    assert "--cutmix" not in out


def test_help_all_explains_each_option_under_what_it_is_about(say):
    out = say("train", "--help", "all")[1]
    places = [out.index(f"\n{heading}\n") for heading in ("Options that most people use", "Pictures", "Network", "Machine")]
    assert places == sorted(places)
    assert out.index("\nLearning\n") < out.index("--optimizer") < out.index("\nMachine\n")
    assert "TEXT" not in out


def test_help_in_portuguese_has_portuguese_words_for_values(say):
    for command in COMMANDS:
        out = say(command, "--help", "tudo", "--language", "br")[1]
        english = re.findall(r"\b(NAME|FILE|FOLDER|NUMBER|ADDRESS|TEXT|DATA|MODEL|RUN|COLUMN|SHARE|DEGREES|MINUTES)\b", out)
        assert not english, (command, english)


def test_people_s_own_spellings_are_understood(say, coloured, tmp_path):
    words = ["--imgsz", "12", "-b", "8", "--lr0", "0,02", "--épocas=1", "--modelo", "CNN", "--largura", "4"]
    words += ["--optimizer", "Adam", "--loss", "sparse_categorical_crossentropy", "--weight_decay", "0"]
    assert say("train", coloured, "--into", tmp_path / "run", *words)[0] == 0
    recipe = (tmp_path / "run" / "recipe.toml").read_text()
    assert all(line in recipe for line in ("size = 12", "batch = 8", "learning_rate = 0.02", 'optimizer = "adam"', "epochs = 1"))
    assert say("val", tmp_path / "run")[0] == 0


def test_the_way_from_pictures_to_an_answer(say, coloured, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = say("train", coloured, *FLAGS)
    assert code == 0
    assert "on 36 pictures of the test part" in out
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


def test_names_to_show_are_a_flag_of_train(say, coloured, tmp_path):
    (tmp_path / "names.toml").write_text('rd = "Vermelho"\n')
    code, _, err = say("train", coloured, "--names", tmp_path / "names.toml", "--into", tmp_path / "run", *FLAGS)
    assert (code, (tmp_path / "run").exists()) == (2, False)
    assert "names.toml" in err
    assert "Did you mean red?" in err


def test_other_libraries_warnings_never_reach_the_person(coloured, tmp_path):
    done = subprocess.run(
        [*OLHAR, "train", coloured, *FLAGS, "--into", tmp_path / "run"], capture_output=True, text=True, check=True
    )
    assert "arning" not in done.stderr
    assert all(
        line.startswith(
            ("read as:", "epoch", "colours:", "Network", "Computing", "Writing", "“best”", "Which pictures are unlike")
        )
        for line in done.stderr.splitlines()
    ), done.stderr


def test_ctrl_c_saves_and_exits_with_130(coloured, tmp_path):
    flags = [*FLAGS, "--epochs=100000", "--patience=0", "--into", tmp_path / "run"]
    child = subprocess.Popen([*OLHAR, "train", coloured, *flags], stderr=subprocess.PIPE, text=True)
    assert child.stderr
    for line in child.stderr:
        if line.startswith("epoch"):
            break
    child.send_signal(signal.SIGINT)
    rest = child.stderr.read()
    assert child.wait(60) == 130
    child.stderr.close()
    assert "olhar train --resume --into" in rest
    assert (tmp_path / "run" / "checkpoints" / "last.safetensors").is_file()
