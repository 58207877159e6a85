import pytest

from olhar.base.texts import speaking
from olhar.reporting.class_epochs import HEIGHT, MOST, WIDTH, class_epochs
from olhar.reporting.page import render
from tests.reporting.stories import make_history, make_story


def history(epochs: int, classes: int) -> list[dict]:
    def scores(k: int, epoch: int) -> dict[str, float]:
        return {"precision": 0.5, "recall": 1.0, "f1": min(1.0, 0.01 * k + 0.1 * epoch)}

    return [row | {"by_class": {f"class {k}": scores(k, row["epoch"]) for k in range(classes)}} for row in make_history(epochs)]


def test_each_class_has_three_lines_and_its_numbers_at_the_kept_epoch():
    found = class_epochs(make_story(3, history=history(5, 3), kept=4))
    assert [one.index for one in found] == [0, 1, 2]
    assert found[1].values == pytest.approx((0.41, 0.5, 1.0))
    assert found[0].kept == WIDTH * 3 / 4
    assert found[0].lines[1] == f"M0 {HEIGHT / 2:.0f}" + "".join(f"L{WIDTH * e / 4:.0f} {HEIGHT / 2:.0f}" for e in range(1, 5))


def test_of_many_classes_the_weakest_are_drawn():
    found = class_epochs(make_story(60, history=history(3, 60)))
    assert [one.index for one in found] == list(range(MOST))


def test_a_single_epoch_is_seen():
    (one, *_) = class_epochs(make_story(2, history=history(1, 2), kept=1))
    assert all("h" in line for line in one.lines)


def test_a_history_without_classes_has_none():
    assert class_epochs(make_story(3)) == []
    assert class_epochs(make_story(3, history=[])) == []


@pytest.mark.parametrize(("tongue", "words"), [("en", "F1 41.0%, precision 50.0%"), ("pt-BR", "F1 41,0%, precisão 50,0%")])
def test_the_page_says_the_numbers_that_are_drawn(tongue, words):
    with speaking(tongue):
        assert words in render(make_story(3, history=history(5, 3), kept=4))
