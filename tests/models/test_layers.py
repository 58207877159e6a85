"""A network as a person draws it."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from olhar.models.layers import layers
from olhar.models.zoo import MODELS, build


class Drawn(nn.Module):
    """Functions between its layers, a layer used twice, weights of its own, and one that nothing uses."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3)
        self.twice = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8))
        self.scale = nn.Parameter(torch.ones(8, 1, 1))
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.unused = nn.Linear(2, 2)
        self.head = nn.Linear(8, 3)

    def forward(self, pictures):
        maps = functional.max_pool2d(functional.relu(self.first(pictures)), 2)
        maps = torch.relu(self.twice(self.twice(maps)) * self.scale)
        row = maps.mean((2, 3))[:, None]
        return self.head(torch.flatten(self.attention(row, row, row)[0], 1))


def parameters(network):
    return sum(each.numel() for each in network.parameters())


def test_functions_between_layers_are_drawn_and_every_parameter_counts_once():
    network = Drawn()
    rows = layers(network, (3, 16, 16))
    assert [(row.name, row.shape) for row in rows] == [
        ("first", (8, 14, 14)),
        ("relu", (8, 14, 14)),
        ("max_pool2d", (8, 7, 7)),
        ("twice.0", (8, 7, 7)),
        ("twice.1", (8, 7, 7)),
        ("relu_1", (8, 7, 7)),
        ("mean", (8,)),
        ("attention", (1, 8)),
        ("flatten", (8,)),
        ("head", (3,)),
        ("scale", (8, 1, 1)),
        ("unused.weight", (2, 2)),
        ("unused.bias", (2,)),
    ]
    assert sum(row.parameters for row in rows) == parameters(network)
    assert network.training


def test_weights_that_two_layers_share_are_counted_at_the_first():
    one, other = nn.Linear(4, 4), nn.Linear(4, 4)
    other.weight = one.weight
    rows = layers(nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), one, other), (1, 8, 8))
    assert [row.parameters for row in rows] == [0, 0, 20, 4]


def test_a_network_that_is_one_layer_bears_the_name_of_its_kind():
    class Alone(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2, 3))

        def forward(self, pictures):
            return pictures.mean((2, 3)) @ self.weight.T

    assert [(row.name, row.parameters) for row in layers(Alone(), (3, 8, 8))] == [("Alone", 6)]


def test_a_network_that_cannot_be_watched_still_has_its_parameters_counted():
    class Shy(nn.Module):
        def __init__(self):
            super().__init__()
            self.head = nn.Linear(3, 2)

        def forward(self, pictures):
            assert not self.head._forward_hooks
            return self.head(pictures.mean((2, 3)))

    network = Shy()
    assert [(row.name, row.kind) for row in layers(network, (3, 8, 8))] == [
        ("head.weight", "Parameter"),
        ("head.bias", "Parameter"),
    ]
    network(torch.zeros(1, 3, 8, 8))


@pytest.mark.parametrize("name", MODELS)
def test_networks_of_ours_are_drawn_whole(name):
    network = build(name, 3, 5, (32, 32))
    rows = layers(network, (3, 32, 32))
    kinds = [row.kind for row in rows]
    assert sum(row.parameters for row in rows) == parameters(network)
    assert kinds.count("ReLU") + kinds.count("GELU") == sum(isinstance(each, nn.ReLU | nn.GELU) for each in network.modules())
    assert "Parameter" not in kinds
    assert [kind.lower() for kind in kinds].count("flatten") == 1
    assert rows[-1].shape == (5,)
