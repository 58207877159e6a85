"""The temperature of a trained network lies in its last layer."""

import json

import numpy as np
import pytest
import torch
from torch import nn

import olhar
from olhar.training.calibrate import calibrate
from tests.trained import QUICK


def test_the_temperature_of_a_run_is_kept_and_every_export_has_it(run):
    stored = json.loads((run.path / "metrics.json").read_text())
    assert stored["temperature"] > 0
    assert stored["agreement"] < 1e-4


class Ended:
    """A training that has ended, as far as calibration looks at it."""

    def __init__(self, network, pictures, labels):
        self.network, self.validation, self.forward = network, self, self
        self.pictures, self.labels = pictures, labels.numpy()

    def __call__(self, network, pictures):
        return network(pictures)

    def scaled(self, pictures):
        return pictures

    def in_order(self):
        return iter([(self.pictures, torch.from_numpy(self.labels))])


def far_too_sure(last: nn.Module) -> Ended:
    """A network whose logits are five times too large."""
    torch.manual_seed(0)
    pictures = torch.randn(2000, 3)
    network = nn.Sequential(nn.Linear(3, 3, bias=False), last)
    with torch.no_grad():
        network[0].weight.copy_(10 * torch.eye(3))
        labels = torch.distributions.Categorical(logits=network(pictures) / 5).sample()
    return Ended(network, pictures, labels)


def test_logits_are_divided_in_the_last_layer_s_weights():
    last = nn.Linear(3, 3)
    with torch.no_grad():
        last.weight.copy_(torch.eye(3))
        last.bias.zero_()
    training = far_too_sure(last)
    before = training.network(training.pictures).detach()
    found = calibrate(training)
    assert found == pytest.approx(5, rel=0.1)
    assert torch.allclose(training.network(training.pictures) * found, before, atol=1e-3)


class Doubled(nn.Module):
    """Logits that are no multiple of its weights."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, logits):
        return logits + self.weight


def test_a_network_whose_last_weights_do_not_give_its_logits_stays_as_it_was():
    training = far_too_sure(Doubled())
    before = training.network(training.pictures).detach()
    assert calibrate(training) == 1.0
    assert torch.equal(training.network(training.pictures), before)


def test_the_likeliest_class_is_never_another(coloured, tmp_path):
    trained = olhar.train(coloured, into=tmp_path / "run", **QUICK)
    answers = olhar.predict(trained.path, coloured / "test")
    assert np.isfinite(answers.probabilities).all()
