"""Lists that are named after a folder beside them, in which their names are looked for where several pictures bear them."""

import pytest

from tests.data.tables.made import counts, pictures, read, table

KINDS = ("ClientRaw", "ImposterRaw")


def faces(root, shared, words=("client", "imposter")):
    """Ten pictures of each kind, of which some bear the same names; lists with back slashes deal each kind out."""
    named = {kind: [f"00{i // 5}/{i}_{0 if i < shared else kind[:1]}.jpg" for i in range(10)] for kind in KINDS}
    pictures(root, [f"raw/{kind}/{name}" for kind, names in named.items() for name in names])
    for names, word in zip(named.values(), words, strict=True):
        for part, own in (("train", names[:3] + names[5:8]), ("test", names[3:5] + names[8:])):
            table(root, f"raw/{word}_{part}_raw.txt", [(name.replace("/", "\\"),) for name in own])
    return root


@pytest.mark.parametrize("shared", [0, 1, 10])
def test_names_of_two_pictures_are_meant_in_the_folder_that_the_list_is_named_after(tmp_path, shared):
    assert counts(read(faces(tmp_path, shared))) == {"train": dict.fromkeys(KINDS, 6), "test": dict.fromkeys(KINDS, 4)}


def test_lists_of_other_names_decide_nothing(tmp_path):
    found = counts(read(faces(tmp_path, 10, ("first", "second"))))
    assert sum(sum(part.values()) for part in found.values()) == 20
    assert set(found) == {""}
