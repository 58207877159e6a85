from tests.conftest import COLOURS
from tests.scenes import write_scenes


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


def test_a_run_that_could_not_be_judged_has_no_numbers_to_write_as_csv(say, tmp_path):
    write_scenes(tmp_path / "one-each", 1)
    assert say("train", tmp_path / "one-each", "--into", tmp_path / "run")[0] == 0
    code, out, err = say("evaluate", tmp_path / "run", "--csv")
    assert (code, out) == (2, "")
    assert "OLH652" in err
    assert "no picture could be held back" in err
    assert say("evaluate", tmp_path / "run")[0] == 0


def test_the_command_to_type_next_says_again_how_the_pictures_were_read(say, run, coloured):
    out = say("evaluate", run.path, coloured / "test", "--layout", "class", "--at-least", "0,5")[1]
    assert out.rstrip().endswith(f"{coloured / 'test'} --at-least 0.5 --layout class --page evaluation.html")
