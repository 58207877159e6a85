import json

import pytest

from olhar.base.texts import file_size
from olhar.cli.app import main


@pytest.fixture
def say(capsys, tmp_path, monkeypatch):
    """Run a command with a cache of its own; its exit code, what it printed, and what it said on standard error."""
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "own-cache"))

    def run(*arguments):
        code = main([str(word) for word in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_sets_are_listed_with_licence_and_size(say):
    code, out, _ = say("datasets")
    assert code == 0
    for word in ("cifar10 ", "170 MB", "bring your own", "CC BY 4.0", "olhar train cifar10"):
        assert word in out
    rows = json.loads(say("datasets", "--json")[1])["datasets"]
    assert [row["name"] for row in rows][:2] == ["digits", "cifar10"]
    assert rows[-1]["bring"].endswith("fer2013.csv")


def test_pictures_are_packed_listed_and_taken_away(say, pictures, tmp_path):
    code, out, _ = say("pack", pictures, "--to", tmp_path / "c.npz", "--size", "12")
    assert code == 0
    assert "72 pictures, 12 x 12, colour" in out
    assert f"olhar train {tmp_path / 'c.npz'} --size 12" in out
    code, out, _ = say("cache")
    assert code == 0
    assert "72 pictures, 12 x 12, colour, stretch" in out
    assert "20.0 GB" in out
    kept = json.loads(say("cache", "colours", "--json")[1])["kept"]
    assert [72, 12, 12, 3] in [one["shape"] for one in kept]
    code, out, _ = say("cache", "--empty")
    assert (code, f"{len(kept)} things taken away" in out) == (0, True)
    assert json.loads(say("cache", "--json")[1])["kept"] == []


def test_packing_answers_as_json(say, pictures, tmp_path):
    code, out, _ = say("pack", pictures, "--to", tmp_path / "c.parquet", "--json")
    found = json.loads(out)
    assert (code, found["written"], found["shape"]) == (0, str(tmp_path / "c.parquet"), [72, 16, 16, 3])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pack", "digits"], ["--to"]),
        (["pack", "digits", "--to", "x.csv"], ["x.csv", ".parquet"]),
        (["cache", "nothing", "--empty"], ["nothing", "olhar cache"]),
        (["pack", "digits", "--to", "x.npz", "--size", "many"], ["many"]),
    ],
)
def test_a_slip_is_one_line_that_says_what_to_do(say, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = say(*arguments)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert all(word in err for word in words)


def test_sizes_read_well():
    assert [file_size(count) for count in (0, 1500, 2_400_000, 825e6, 1.26e9)] == ["0 kB", "2 kB", "2 MB", "825 MB", "1.3 GB"]
