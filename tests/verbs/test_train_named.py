import pytest

import olhar
from olhar.base.errors import Stopped
from olhar.base.progress import Quiet
from olhar.base.texts import speaking
from olhar.data.sets.catalogue import SETS
from tests.conftest import write_pictures
from tests.trained import QUICK


class _StopAtOnce(Quiet):
    def line(self, text):
        text = str(text)
        if "1/" in text:
            raise Stopped("train.stopped", where="", step=0, total=0)


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """A named set of which a copy lies where the person should put it."""
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "own-cache"))
    place = write_pictures(tmp_path / "own-cache" / "downloads" / "fer2013" / "faces", 12)
    for colour, emotion in zip(("blue", "green", "red"), ("sad", "happy", "angry"), strict=True):
        (place / colour).rename(place / emotion)
    monkeypatch.setitem(SETS, "fer2013", type(SETS["fer2013"])(**{**vars(SETS["fer2013"]), "classes": ("angry", "happy", "sad")}))


@pytest.mark.usefixtures("faces")
def test_a_run_keeps_the_names_of_the_language_that_it_began_in(tmp_path):
    with speaking("pt"), pytest.raises(Stopped):
        olhar.train("fer2013", into=tmp_path / "run", progress=_StopAtOnce(), **QUICK | {"epochs": 2})
    with speaking("en"):
        run = olhar.train(into=tmp_path / "run", resume=True)
    assert run.signature.classes == ("angry", "happy", "sad")
    assert run.signature.names == ("raiva", "alegria", "tristeza")
    assert olhar.load(run.path).signature.names == ("raiva", "alegria", "tristeza")
