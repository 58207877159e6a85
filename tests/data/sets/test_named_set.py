import hashlib
import io
import zipfile

import pytest

import olhar
from olhar.base.errors import DataError, Stopped
from olhar.base.texts import LANGUAGES, speaking
from olhar.data.cache.store import pack
from olhar.data.sets import named_set
from olhar.data.sets.catalogue import SETS
from olhar.data.sets.named_set import NamedSet
from olhar.data.sets.remote import Remote
from olhar.data.sources import read
from tests.conftest import COLOURS, assert_says, encoded, noisy, write_pictures
from tests.data.lending import lending
from tests.data.sets.test_download import Told
from tests.trained import QUICK, StopAtOnce

FOLDERS = {"Cat": COLOURS["red"], "Dog": COLOURS["blue"]}


def pets(per_class=12) -> bytes:
    """A zip as the one of cats and dogs is: a folder of folders, broken pictures and a file of Windows among them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (folder, colour) in enumerate(FOLDERS.items()):
            for i in range(per_class):
                archive.writestr(f"PetImages/{folder}/{i}.jpg", encoded(noisy(colour, 100 * number + i), "JPEG"))
            archive.writestr(f"PetImages/{folder}/666.jpg", b"")
            archive.writestr(f"PetImages/{folder}/Thumbs.db", b"\xd0\xcf\x11\xe0")
        archive.writestr("readme[1].txt", b"hello")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "own-cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OLHAR_MIRROR", raising=False)


@pytest.fixture
def library(monkeypatch):
    """The cats and dogs, as a library lends them."""
    content = pets()
    with lending(pets_zip=content) as found:
        remote = Remote(f"{found.url}/pets.zip", len(content), hashlib.sha256(content).hexdigest())
        like = SETS["cats-dogs"]
        monkeypatch.setitem(
            SETS, "cats-dogs", NamedSet("cats-dogs", 26, like.classes, remote, like.page, like.aliases, like.flip)
        )
        yield found


def test_a_set_comes_by_its_name_with_names_and_licence(library):
    told = Told()
    found = read("cats-dogs", progress=told)
    assert len(library.asked) == 1
    assert any("research" in line and "Licence" in line for line in told.lines)
    assert any("127.0.0.1" in line for line in told.lines)
    assert (found.origin, found.classes, found.shown, found.flip) == ("cats-dogs", ("cat", "dog"), ("cat", "dog"), True)
    assert "research" in found.licence
    assert found.counts() == {"cat": 13, "dog": 13}
    packed = pack(found, (8, 8), 3, "stretch")
    assert [one.where for one in packed.bad] == ["PetImages/Cat/666.jpg", "PetImages/Dog/666.jpg"]
    red, blue = (packed.pixels[found.labels[packed.rows] == label].mean((0, 1, 2)) for label in (0, 1))
    assert red[0] > red[2]
    assert blue[2] > blue[0]


def test_the_second_time_neither_network_nor_licence_comes_up(library):
    read("cats-dogs", progress=Told())
    told = Told()
    read("cats-dogs", progress=told)
    assert told.lines == []
    assert len(library.asked) == 1


@pytest.mark.usefixtures("library")
def test_the_names_are_in_the_language_in_use():
    with speaking("pt"):
        found = olhar.read("cats-dogs")
    assert (found.classes, found.shown) == (("cat", "dog"), ("gato", "cachorro"))


def test_another_archive_in_its_place_is_told(tmp_path):
    wrong = tmp_path / "own-cache" / "downloads" / "fer2013"
    wrong.mkdir(parents=True)
    (wrong / "fer2013.zip").write_bytes(pets())
    with pytest.raises(DataError) as error:
        read("fer2013")
    assert_says(error, "fer2013.zip", "Cat, Dog", "kaggle")


def test_a_set_that_the_person_must_bring_says_whence_and_whither(tmp_path):
    with pytest.raises(DataError) as error:
        read("fer2013")
    assert_says(error, "kaggle.com", str(tmp_path / "own-cache" / "downloads" / "fer2013" / "fer2013.csv"))


def test_a_copy_that_the_person_has_put_there_is_read(tmp_path):
    place = tmp_path / "own-cache" / "downloads" / "fer2013" / "my faces"
    for number, name in enumerate(("Angry", "happiness", "3", "neutral")):
        (place / name).mkdir(parents=True)
        (place / name / f"{number}.png").write_bytes(encoded(noisy((90, 90, 90), number)[:, :, 0]))
    found = read("fer2013")
    assert found.classes == SETS["fer2013"].classes
    assert {name: count for name, count in found.counts().items() if count} == {"angry": 1, "happy": 2, "neutral": 1}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_set_says_what_it_is_in_both_languages(name, language):
    one = SETS[name]
    with speaking(language):
        assert one.about
        assert one.licence
        names = one.names()
    assert len(set(names)) == len(one.classes) == len(set(one.classes))
    assert all(named_set._text(name, f"class.{key}") for key in one.classes)
    assert sorted(one.classes) == list(one.classes)
    assert set(one.aliases.values()) <= set(one.classes)
    if one.remote:
        assert one.remote.url.startswith("https://")
        assert one.remote.size > 10**8
        assert len(one.remote.sha256) == 64


def test_a_misspelt_set_is_guessed():
    with pytest.raises(DataError) as error:
        read("cifar-10")
    assert_says(error, "Did you mean cifar10?")


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
        olhar.train("fer2013", into=tmp_path / "run", progress=StopAtOnce(), **QUICK | {"epochs": 2})
    with speaking("en"):
        run = olhar.train(into=tmp_path / "run", resume=True)
    assert run.signature.classes == ("angry", "happy", "sad")
    assert run.signature.names == ("raiva", "alegria", "tristeza")
    assert olhar.load(run.path).signature.names == ("raiva", "alegria", "tristeza")
