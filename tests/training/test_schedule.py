import pytest

from olhar.training.recipe import Recipe
from olhar.training.schedule import Plateau, factor

SCHEDULES = ("one-cycle", "cosine", "constant", "exponential", "plateau")


def rates(total: int = 200, **changes) -> list[float]:
    recipe = Recipe().with_(changes)
    return [factor(recipe, step, total) for step in range(total)]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("warmup", [-1.0, 0.0, 0.3, 1.0])
def test_a_schedule_stays_between_nothing_and_its_peak(schedule, warmup):
    found = rates(schedule=schedule, warmup=warmup)
    assert 0 <= min(found) <= max(found) <= 1
    assert max(found) > (0.99 if warmup < 0.5 or schedule in ("one-cycle", "constant", "plateau") else 0.2)
    if schedule in ("one-cycle", "cosine") and warmup < 1:
        assert found[-1] < 0.01
    if schedule in ("constant", "plateau"):
        assert found[-1] == 1


def test_without_a_warm_up_the_first_step_is_at_the_peak():
    assert rates(schedule="constant", warmup=0.0)[0] == 1
    assert rates(schedule="exponential", warmup=0.0)[0] == 1


def test_the_exponential_schedule_falls_by_its_factor_in_its_steps():
    found = rates(3000, schedule="exponential", warmup=0.0, decay_factor=0.96, decay_steps=1000)
    assert found[999] == 1
    assert found[1000] == pytest.approx(0.96)
    assert found[2000] == pytest.approx(0.96**2)


def test_the_rate_is_halved_after_so_many_epochs_with_nothing_better():
    recipe = Recipe().with_({"schedule": "plateau", "plateau_watch": "accuracy"})
    plateau, shares = Plateau.of(recipe), []
    for epoch, accuracy in enumerate([0.5, 0.6, 0.6, 0.60005, 0.59, 0.6, 0.6, 0.6, 0.7, 0.6], 1):
        plateau.note({"accuracy": accuracy, "loss": 0.0, "f1": 0.0}, epoch)
        shares.append(plateau.share)
    assert shares == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_other_schedules_know_no_plateau():
    plateau = Plateau.of(Recipe().with_({"plateau_watch": "loss", "plateau_patience": 1}))
    for epoch in range(1, 6):
        plateau.note({"loss": 1.0}, epoch)
    assert plateau.share == 1


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine", "constant", "exponential", "plateau"])
def test_a_training_of_one_step_teaches(schedule):
    assert factor(Recipe(schedule=schedule), 0, 1) == 1
