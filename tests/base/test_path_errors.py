import inspect

import pytest

import olhar
from olhar.base.errors import UsageError
from olhar.cli.app import main
from tests.conftest import assert_says, write_pictures

LONG = "x" * 300


@pytest.mark.parametrize(
    "door",
    [
        lambda _: olhar.load(LONG),
        lambda _: olhar.read(LONG),
        lambda _: olhar.read(f"{LONG}/test"),
        lambda _: olhar.train(LONG),
        lambda data: olhar.train(data, into=LONG),
        lambda data: olhar.train(data, recipe=LONG),
        lambda _: olhar.tune(LONG),
        lambda _: olhar.check(LONG),
        lambda _: olhar.evaluate(LONG, LONG),
        lambda _: olhar.compare(LONG, LONG),
        lambda _: olhar.report(LONG),
        lambda _: olhar.inspect(LONG),
        lambda _: olhar.open_keras(LONG),
        lambda data: olhar.predict(LONG, data),
        lambda data: olhar.heat_map(LONG, data),
        lambda _: olhar.export(LONG, "model.onnx"),
        lambda _: olhar.pack(LONG, "pack.npz"),
        lambda _: olhar.Run(LONG),
        lambda _: olhar.app(LONG),
        lambda _: olhar.serve(LONG),
    ],
    ids=lambda door: inspect.getsource(door).partition("olhar.")[2].split("(")[0],
)
def test_a_path_that_no_system_takes_is_told_in_python_as_by_the_command(door, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as error:
        door(write_pictures(tmp_path / "data", 2))
    assert_says(error, "xxx...xxx", "File name too long")
    assert error.value.code == "OLH974"
    assert main(["report", LONG]) == 2
    assert "OLH974" in capsys.readouterr().err
