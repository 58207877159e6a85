from tests.conftest import COLOURS


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
