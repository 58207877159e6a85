import pytest

from olhar.training.stopping import Best, Stopping, reaches, watched


def numbers(value: float) -> dict[str, float]:
    return {"loss": value, "accuracy": value, "f1": value}


@pytest.mark.parametrize(("watch", "best"), [("loss", 2), ("accuracy", 3), ("f1", 3)])
def test_less_loss_and_more_accuracy_are_better(watch, best):
    found = Best(watch)
    for epoch, value in enumerate([0.5, 0.2, 0.9, 0.9, 0.2], 1):
        found.better(numbers(value), epoch)
    assert (found.epoch, found.waited) == (best, 5 - best)


def test_patience_is_used_up_by_epochs_with_nothing_better():
    stopping = Stopping(Best("f1"), patience=2)
    overs = []
    for epoch, value in enumerate([0.1, 0.05, 0.2, 0.2, 0.1], 1):
        stopping.note(numbers(value), epoch)
        overs.append(stopping.over)
    assert overs == [False, False, False, False, True]


def test_a_goal_is_about_the_numbers_that_are_told():
    stopping = Stopping(Best("loss"), patience=0, goal="loss<=0.2")
    stopping.note(numbers(0.6), 1, numbers(0.1))
    assert (stopping.reached, stopping.best.value) == (True, -0.6)


@pytest.mark.parametrize(
    ("goal", "value", "there"),
    [
        ("accuracy>=0.95", 0.95, True),
        ("accuracy=0.95", 0.949, False),
        ("f1>=.5", 0.6, True),
        ("loss<=0.2", 0.21, False),
        ("loss=0.2", 0.1, True),
        ("", 1.0, False),
    ],
)
def test_a_goal_is_reached_or_not(goal, value, there):
    assert reaches(goal, numbers(value)) is there
    assert watched(goal) == goal.rstrip(".0123456789").rstrip("<>=")
