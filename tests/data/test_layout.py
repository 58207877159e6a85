import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.data.layout import hidden, is_picture, part_of, sorted_out

STEPS = st.sampled_from(["a", "b.c", ".d", "Thumbs.db", "desktop.ini", "__MACOSX", "lost+found", "x.thumbs.db", "e.JPG"])
NAMES = st.sampled_from(
    ["1.jpg", "2.PNG", ".3.jpg", "._1.jpg", "notes.txt", "Thumbs.db", "thumbs.db.jpg", "desktop.ini", ".jpg", "4"]
)
PATHS = st.builds(lambda steps, name: "/".join([*steps, name]), st.lists(STEPS, max_size=2), NAMES)


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        *(
            (name, "train")
            for name in ("train", "Training", "treino", "treinamento", "train_set", "treinos", "entrenamiento", "trainning")
        ),
        *(
            (name, "validation")
            for name in ("val", "valid", "validation", "validate", "validacao", "validação", "Validação", "validações")
        ),
        *(
            (name, "test")
            for name in ("test", "TEST", "teste", "test_data", "test-data", "testing", "tests", "testes", "pruebas")
        ),
        *(
            (name, None)
            for name in ("trains", "tester", "contest", "data", "validity", "validade", "train_cats", "treinador", "texte")
        ),
    ],
)
def test_parts_are_known_by_their_many_spellings(folder, part):
    assert part_of(folder) == part
    assert part_of(unicodedata.normalize("NFD", folder)) == part


def test_what_systems_leave_behind_is_passed_over_in_silence():
    junk = (".DS_Store", "cat/Thumbs.db", "cat/desktop.ini", "__MACOSX/cat/._1.jpg", "cat/.hidden.jpg", ".git/x.png")
    assert all(map(hidden, junk))
    assert not hidden("cat/notes.txt")


@given(st.lists(PATHS, max_size=8, unique=True))
def test_a_listing_is_sorted_out_as_each_name_by_itself(names):
    listing = sorted_out(names)
    seen = [i for i, name in enumerate(names) if not hidden(name)]
    assert listing.pictures == [i for i in seen if is_picture(names[i])]
    assert listing.others == [i for i in seen if not is_picture(names[i])]
    assert listing.folders == {names[i].rpartition("/")[0] for i in listing.pictures}
