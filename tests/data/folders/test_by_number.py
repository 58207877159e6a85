"""Which names of pictures are running numbers, and their order."""

import pytest

from olhar.data.folders.by_number import by_number


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["a/10.jpg", "a/2.jpg", *(f"a/{i}.jpg" for i in (1, 3, 4, 5, 6, 7, 8, 9))], [f"a/{i}.jpg" for i in range(1, 11)]),
        (["x_001.png", "x_000.png"], ["x_000.png", "x_001.png"]),
        (["2.jpg", "3.jpg"], []),
        (["1.jpg", "3.jpg"], []),
        (["1.jpg", "01.jpg", "2.jpg"], []),
        (["a1.jpg", "b2.jpg"], []),
        (["a/1.jpg", "b/2.jpg"], []),
        (["1.jpg", "2.jpg", "cover.jpg"], []),
        (["cover.jpg", "1.jpg"], []),
        ([], []),
    ],
)
def test_numbers_run_in_one_folder_from_0_or_1_without_a_gap(names, order):
    assert [*by_number(names)] == order
