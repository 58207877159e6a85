import pytest

from olhar.data.mirror import mirrorable


@pytest.mark.parametrize(
    "names",
    [
        "0123456789",
        ["zero", "um", "dois", "três"],
        ["digit_3", "digit_8"],
        ["letter_a", "letter_b", "space"],
        [*"ABCDEF", "space", "del"],
        ["Letra A", "Letra B"],
        ["numero7", "numero8"],
        ["turnLeft", "turnRight", "ahead"],
        ["thumb up", "seta-direita"],
        ["hand_left", "hand_right"],
    ],
)
def test_digits_letters_and_sides_are_not_mirrored(names):
    assert not mirrorable(list(names))


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["cat", "dog"],
        ["bright", "dark"],
        ["upright", "lying"],
        ["angry", "happy", "sad"],
        ["grade A", "grade B"],
        ["a", "cat", "dog"],
    ],
)
def test_other_classes_are(names):
    assert mirrorable(names)


def test_names_to_show_tell_what_numbers_stand_for_and_hide_no_side():
    assert mirrorable(["angry", "happy"], ["0", "1"])
    assert not mirrorable(["zero", "one"], ["a", "b"])
    assert not mirrorable(["gauche", "droite"], ["left", "right"])
