"""The token of a cluster, where Ray itself looks for it; one of our own is for this person alone."""

import os
import stat

import pytest

from olhar.scale.token import token, write_token


def test_the_first_place_that_says_one_wins(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    assert token({}) == ""
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("of home\n", encoding="utf-8")
    (tmp_path / "other").write_text("of a file", encoding="utf-8")
    assert token({}) == "of home"
    assert token({"RAY_AUTH_TOKEN_PATH": str(tmp_path / "other")}) == "of a file"
    assert token({"RAY_AUTH_TOKEN": "said", "RAY_AUTH_TOKEN_PATH": str(tmp_path / "other")}) == "said"
    assert token({"RAY_AUTH_TOKEN_PATH": str(tmp_path / "none")}) == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_token_of_our_own(tmp_path):
    path = write_token(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(token({"RAY_AUTH_TOKEN_PATH": str(path)})) == 64
    with pytest.raises(FileExistsError):
        write_token(tmp_path)
