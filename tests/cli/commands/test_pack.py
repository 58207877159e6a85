import json

import pytest

from tests.data.folders.grown import grow


def test_packing_answers_as_json(say, pictures, tmp_path):
    code, out, _ = say("pack", pictures, "--to", tmp_path / "c.parquet", "--json")
    found = json.loads(out)
    assert (code, found["written"], found["shape"]) == (0, str(tmp_path / "c.parquet"), [72, 16, 16, 3])


def test_what_is_said_of_the_layout_is_obeyed(say, tmp_path):
    grow(tmp_path / "fruit", *(f"{top}/{state} 12" for top in ("apple", "pear") for state in ("fresh", "rotten")))
    said = ("pack", tmp_path / "fruit", "--to", tmp_path / "f.npz", "--size", "16", "--layout", "*/class", "--json")
    code, out, err = say(*said)
    assert code == 0, err
    assert sorted(json.loads(out)["counts"]["train"]) == ["fresh", "rotten"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pack", "digits"], ["--to"]),
        (["pack", "digits", "--to", "x.csv"], ["x.csv", ".parquet"]),
        (["pack", "digits", "--to", "x.npz", "--size", "many"], ["many"]),
    ],
)
def test_a_slip_is_one_line_that_says_what_to_do(say, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = say(*arguments)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert all(word in err for word in words)
