import pytest
import torch
from torch import nn

from olhar.training.optimizer import add_l2, decay, momentum, optimizer, peak_rate, set_rate
from olhar.training.recipe import Recipe


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))


def recipe(**changes) -> Recipe:
    return Recipe().with_({"batch": 256, "learning_rate": 0.01} | changes)


def moved(one: nn.Module, by: torch.optim.Optimizer, l2: float = 0.0) -> list[torch.Tensor]:
    """The weights after three steps on one toy problem."""
    pictures = torch.linspace(-1, 1, 30).reshape(10, 3)
    for _ in range(3):
        by.zero_grad()
        one(pictures).square().sum().backward()
        add_l2(by, l2)
        by.step()
    return [p.detach() for p in one.parameters()]


@pytest.mark.parametrize(
    ("changes", "theirs"),
    [
        ({"optimizer": "adam"}, lambda p: torch.optim.Adam(p, 0.01)),
        ({"optimizer": "adam", "amsgrad": True}, lambda p: torch.optim.Adam(p, 0.01, amsgrad=True)),
        ({"optimizer": "adamw", "weight_decay": 0.0}, lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0)),
        ({"optimizer": "sgd", "weight_decay": 0.0}, lambda p: torch.optim.SGD(p, 0.01, momentum=0.9, nesterov=True)),
        ({"optimizer": "sgd", "weight_decay": 0.0, "momentum": 0.0}, lambda p: torch.optim.SGD(p, 0.01)),
    ],
)
def test_weights_move_as_torch_s_own_optimiser_moves_them(changes, theirs):
    one, other = network(), network()
    found, expected = moved(one, optimizer(one, recipe(**changes))), moved(other, theirs(other.parameters()))
    assert all(torch.allclose(mine, its, atol=1e-6) for mine, its in zip(found, expected, strict=True))


def test_l2_is_the_gradient_of_the_squares_of_kernels_as_keras_adds_them():
    one, other = network(), network()
    found = moved(one, optimizer(one, recipe(optimizer="sgd", weight_decay=0.0, momentum=0.0)), l2=0.03)
    plain = torch.optim.SGD(other.parameters(), 0.01)
    pictures = torch.linspace(-1, 1, 30).reshape(10, 3)
    for _ in range(3):
        plain.zero_grad()
        kernels = sum(layer.weight.square().sum() for layer in (other[0], other[2]))
        (other(pictures).square().sum() + 0.03 * kernels).backward()
        plain.step()
    assert all(torch.allclose(mine, its, atol=1e-6) for mine, its in zip(found, other.parameters(), strict=True))


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "muon"])
def test_biases_are_never_drawn_to_zero(name):
    one = network()
    for group in optimizer(one, recipe(optimizer=name, weight_decay=0.3)).param_groups:
        assert all((p.ndim > 1) == (group["weight_decay"] == 0.3) for p in group["params"])


def test_frozen_weights_stay():
    one = network()
    one[0].requires_grad_(False)
    before = one[0].weight.clone()
    moved(one, optimizer(one, recipe(optimizer="muon")), l2=0.1)
    assert torch.equal(before, one[0].weight)


def test_each_optimiser_has_choices_of_its_own_and_the_recipe_wins():
    assert peak_rate(Recipe().with_({"optimizer": "adam", "batch": 64})) == pytest.approx(0.0005)
    assert peak_rate(Recipe().with_({"optimizer": "sgd", "batch": 128})) == pytest.approx(0.05)
    assert peak_rate(recipe()) == 0.01
    assert [decay(Recipe().with_({"optimizer": name})) for name in ("adam", "adamw")] == [0.0, 0.05]
    assert [momentum(Recipe().with_({"optimizer": name})) for name in ("sgd", "muon", "adamw")] == [0.9, 0.6, 0.0]
    assert momentum(recipe(optimizer="muon", momentum=0.7)) == 0.7


def test_what_stands_beside_muon_learns_at_a_share_of_its_rate():
    by = optimizer(network(), recipe(optimizer="muon"))
    set_rate(by, 0.2)
    assert [round(group["lr"], 6) for group in by.param_groups] == [0.2, 0.03, 0.03]
