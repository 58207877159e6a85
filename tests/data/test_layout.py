import unicodedata

import pytest

from olhar.data.layout import hidden, part_of


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        *((name, "train") for name in ("train", "Training", "treino", "treinamento", "train_set")),
        *((name, "validation") for name in ("val", "valid", "validation", "validate", "validacao", "validação", "Validação")),
        *((name, "test") for name in ("test", "TEST", "teste", "test_data", "test-data", "testing")),
        *((name, None) for name in ("trains", "tester", "contest", "data", "validity", "train_cats")),
    ],
)
def test_parts_are_known_by_their_many_spellings(folder, part):
    assert part_of(folder) == part
    assert part_of(unicodedata.normalize("NFD", folder)) == part


def test_what_systems_leave_behind_is_passed_over_in_silence():
    junk = (".DS_Store", "cat/Thumbs.db", "cat/desktop.ini", "__MACOSX/cat/._1.jpg", "cat/.hidden.jpg", ".git/x.png")
    assert all(map(hidden, junk))
    assert not hidden("cat/notes.txt")
