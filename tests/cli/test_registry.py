import re
import subprocess
import sys
from pathlib import Path

import pytest

from olhar.base.spellings import in_portuguese, plain_name, spelled
from olhar.base.texts import LANGUAGES
from olhar.cli import commands
from olhar.cli.registry import COMMANDS


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


def test_portuguese_help_shows_portuguese_words_and_english_help_none(say):
    out = say("--help", "--language", "pt")[1]
    for words in ("train, treinar", "report, relatório", "Ou --idioma."):
        assert words in out
    out = " ".join(say("prever", "--help", "--language", "pt")[1].split())
    for words in ("Ou --mapa-de-calor.", "Exemplo: olhar prever", "Ou --níveis."):
        assert words in out
    english = say("--help", "--language", "en")[1]
    assert "treinar" not in english
    assert "Or --" not in english


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_help_names_options_of_its_own_language(say, command):
    words = [word for word in (command, "--help", "--language") if word]
    english, portuguese = (" ".join(say(*words, language)[1].split()) for language in ("en", "pt"))
    assert not [name for name in re.findall(r"--([\w-]+)", english) if name == plain_name(in_portuguese(spelled(name)))]
    assert ("--épocas" if command else "--ajuda") in portuguese


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_says_that_a_head_start_makes_no_use_of_epochs_and_what_does(say, language):
    told = " ".join(say("train", "--help", "--language", language)[1].split())
    assert told.index("--epochs") < told.index("--learn last:48") < told.index("--model quick")


@pytest.mark.parametrize("topic", ["variação", "variacao", "augmentation", "Variação"])
def test_a_topic_of_the_help_is_known_with_and_without_accents(say, topic):
    assert "--girar" in say("treinar", "--help", topic, "--language", "pt")[1]


@pytest.mark.parametrize("word", ["relatório", "relatorio", "RELATÓRIO"])
def test_a_command_is_known_with_and_without_accents(say, word):
    assert "--pdf" in say(word, "--help")[1]


def test_every_file_of_a_command_is_in_the_table():
    files = {path.stem for path in Path(commands.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == set(COMMANDS)


def test_help_imports_nothing_heavy():
    heavy = ["torch", "numpy", "onnxruntime", "onnx", "h5py", "PIL", "sklearn", "matplotlib", "polars"]
    code = (
        "import sys; from olhar.cli.app import main\n"
        f"for words in {[[], *([name] for name in COMMANDS)]!r}:\n"
        "    assert main([*words, '--help']) == 0\n"
        f"    heavy = [name for name in {heavy!r} if name in sys.modules]\n"
        "    assert not heavy, (words, heavy)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
