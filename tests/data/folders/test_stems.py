"""What names of pictures say by themselves."""

import pytest

from olhar.data.folders.stems import classes_in_names, named_after, running


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.12.png"), ["cat", "cat", "dog", "dog"]),
        (("x/dog_003.png", "x/dog_004.png", "x/big dog (1).png", "x/big dog (2).png"), ["dog", "dog", "big dog", "big dog"]),
        (("cão-1.jpg", "ca\u0303o-2.jpg", "猫-1.jpg", "猫-2.jpg"), ["cão", "cão", "猫", "猫"]),
        (("cat1.jpg", "cat2.jpg", "dog1.jpg", "dog2.jpg"), ["cat", "cat", "dog", "dog"]),
        (("1_sad.jpg", "2_sad.jpg", "3-very happy.jpg", "4-very happy.jpg"), ["sad", "sad", "very happy", "very happy"]),
        (
            ("Star_5b6d9a75-d1c3-ec46.png", "Star_0a1b2c3d-d1c3-ec46.png", "Circle_febcb904.png", "Circle_16ae2106.png"),
            ["Star", "Star", "Circle", "Circle"],
        ),
        (("IMG_5b6d9a75.png", "IMG_0a1b2c3d.png", "IMG_febcb904.png"), None),
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg"), None),
        (("cat.1.jpg", "cat.2.jpg"), None),
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.2.jpg", "new.jpg"), None),
        (("IMG_0001.jpg", "IMG_0002.jpg", "DSC_0001.jpg", "DSC_0002.jpg"), None),
        (("2020-01-01.jpg", "2020-01-02.jpg", "2021-01-01.jpg", "2021-01-02.jpg"), None),
        (("a1.jpg", "a2.jpg", "b1.jpg", "b2.jpg"), None),
        (("0001TP_01.png", "0001TP_02.png", "0006R0_01.png", "0006R0_02.png"), None),
        (("P01_sad_1.jpg", "P01_sad_2.jpg", "P02_sad_1.jpg", "P02_sad_2.jpg"), None),
        (tuple(f"{who}_{what}_{i}.jpg" for who in ("ana1", "bob7") for what in ("sad", "glad") for i in (1, 2)), None),
        (("train_1.jpg", "train_2.jpg", "test_1.jpg", "test_2.jpg"), None),
    ],
)
def test_a_name_carries_its_class_only_where_all_clearly_do(names, classes):
    assert classes_in_names(names) == classes


@pytest.mark.parametrize(
    ("stems", "by_chance"),
    [
        (["0", "1", "2"], True),
        (["img_1", "img_2", "img_33"], True),
        (["IM-0001", "IM-0002"], True),
        (["ISIC_0024306", "ISIC_0031633"], False),
        (["rose_1", "tulip_1", "daisy_1"], False),
        (["8863_x401_y1", "8863_x501_y1"], False),
        (["a3f9", "77be", "c0de"], False),
    ],
)
def test_running_numbers_agree_by_chance(stems, by_chance):
    assert running(stems) == by_chance


def test_a_name_may_open_or_end_with_a_class_that_is_known():
    assert named_after(["A_test.jpg", "nothing_test.jpg", "9-B.jpg"], ["A", "B", "nothing"]) == ["A", "nothing", "B"]
    assert named_after(["great_pyrenees_3.jpg", "great_3.jpg"], ["great", "great pyrenees"]) == ["great pyrenees", "great"]
    assert named_after(["A_test.jpg", "unknown.jpg"], ["A", "B"]) is None
