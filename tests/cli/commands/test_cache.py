import json

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "own-cache"))


def test_pictures_are_packed_listed_and_taken_away(say, pictures, tmp_path):
    code, out, _ = say("pack", pictures, "--to", tmp_path / "c.npz", "--size", "12")
    assert code == 0
    assert "72 pictures, 12 × 12, colour" in out
    assert f"olhar train {tmp_path / 'c.npz'} --size 12" in out
    code, out, _ = say("cache")
    assert code == 0
    assert "72 pictures, 12 × 12, colour, stretch" in out
    assert "20.0 GB" in out
    kept = json.loads(say("cache", "colours", "--json")[1])["kept"]
    assert [72, 12, 12, 3] in [one["shape"] for one in kept]
    code, out, _ = say("cache", "--empty")
    assert (code, f"{len(kept)} things taken away" in out) == (0, True)
    assert json.loads(say("cache", "--json")[1])["kept"] == []


def test_a_name_that_is_not_kept_is_told(say):
    code, _, err = say("cache", "nothing", "--empty")
    assert (code, len(err.strip().splitlines())) == (2, 1)
    assert "nothing" in err
    assert "olhar cache" in err
