"""A folder of archives goes through the verbs as one archive does."""

import pytest

import olhar
from olhar.base.errors import Stopped
from tests.conftest import COLOURS, encoded, noisy
from tests.data.packing import pack
from tests.trained import QUICK, Said, StopAtOnce


@pytest.fixture
def samples(tmp_path):
    """Two zips, a class each, as Teachable Machine saves them."""
    for place, name in enumerate(("blue", "red")):
        members = {f"{i}.png": encoded(noisy(COLOURS[name], 1000 * place + i)) for i in range(24)}
        pack(tmp_path / "set" / f"{name}-samples.zip", members)
    return tmp_path / "set"


def test_a_training_on_archives_is_told_goes_on_alike_and_is_asked(samples, tmp_path):
    said = Said()
    whole = olhar.train(samples, into=tmp_path / "whole", progress=said, **QUICK)
    assert any("2 archives read as folders (blue-samples.zip, red-samples.zip)" in line for line in said.lines)
    with pytest.raises(Stopped):
        olhar.train(samples, into=tmp_path / "broken", progress=StopAtOnce(), **QUICK)
    resumed = olhar.train(into=tmp_path / "broken", resume=True)
    assert [row["val_loss"] for row in whole.history] == [row["val_loss"] for row in resumed.history]
    answers = olhar.predict(whole.path, samples).predictions
    assert set(answers.pictures) == {f"{name}/{i}.png" for name in ("blue", "red") for i in range(24)}
    assert olhar.evaluate(whole.path, samples).accuracy.n == 48


def test_archives_are_checked_with_a_page(samples, tmp_path):
    members = {f"{i}.png": encoded(noisy(COLOURS["green"], 2000 + i)) for i in range(24)}
    data = bytearray(pack(samples / "green-samples.zip", members).read_bytes())
    data[100] ^= 1
    (samples / "green-samples.zip").write_bytes(data)
    audit = olhar.check(samples, page=tmp_path / "page.html")
    (unreadable,) = (finding for finding in audit.findings if finding.code == "CHK001")
    assert unreadable.values["n"] == 1
    assert "green/0.png" in (tmp_path / "page.html").read_text(encoding="utf-8")
