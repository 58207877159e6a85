"""Graphs in today's Keras's words: what the plan says, and, where Keras is installed, that Keras answers as the graph does."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch
from torch import nn

from olhar.base.errors import ModelError
from olhar.graph.from_torch import from_torch
from olhar.graph.to_keras import to_keras
from olhar.keras_files import keras_itself
from olhar.keras_files.model import KerasModel, open_keras
from tests.conftest import assert_says
from tests.keras_files.keras_crafting import conv, dense, h5, layer, numbers, sequential

needs_keras = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed (the extra [keras])")
MEAN, STD = (0.4, 0.5, 0.6), (0.2, 0.3, 0.25)


class Mixed(nn.Module):
    """Whatever networks of ours are made of."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
        self.apart = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Hardswish(), nn.Conv2d(8, 8, 1), nn.SiLU())
        self.grouped = nn.Conv2d(8, 8, 3, padding=1, groups=2)
        self.pools = nn.Sequential(nn.MaxPool2d(3, 2, padding=1), nn.AvgPool2d(2), nn.Dropout(0.3))
        self.head = nn.Sequential(nn.Linear(16 * 2 * 3, 10), nn.GELU(), nn.Linear(10, 4))

    def forward(self, pictures):
        maps = self.first(pictures)
        maps = (maps + self.apart(maps)) * 0.5
        maps = torch.cat([maps, self.grouped(maps)], 1).relu()
        return self.head(self.pools(maps).flatten(1))


def mixed() -> tuple[nn.Module, np.ndarray, np.ndarray]:
    """A network, pictures of 0..255, and its probabilities."""
    torch.manual_seed(3)
    network = Mixed()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -1, 1)
            nn.init.uniform_(module.running_var, 0.5, 2)
    pictures = np.random.default_rng(1).integers(0, 256, (5, 16, 24, 3)).astype(np.float32)
    scaled = (torch.from_numpy(pictures) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.no_grad():
        return network, pictures, network.eval()(scaled.permute(0, 3, 1, 2)).softmax(1).numpy()


def test_a_network_answers_alike_as_a_graph():
    network, pictures, expected = mixed()
    graph = from_torch(network, (16, 24, 3), MEAN, STD)
    np.testing.assert_allclose(KerasModel.of(graph, "m").predict(pictures), expected, atol=1e-6)


def test_a_flattened_picture_needs_no_permute():
    network, _, _ = mixed()
    classes = [each.class_name for each in to_keras(from_torch(network, (16, 24, 3), MEAN, STD)).layers]
    assert "Permute" not in classes
    assert classes[0] == "Normalization"
    assert classes[-1] == "Softmax"
    assert {"DepthwiseConv2D", "BatchNormalization", "Dropout", "Flatten"} <= set(classes)


def test_layers_keep_their_names(tmp_path):
    config = sequential(
        (6, 6, 3), conv("first", 4, (3, 3), activation="relu"), layer("Flatten", "flat"), dense("last", 2, "softmax")
    )
    weights = {
        "first": {"kernel": numbers(3, 3, 3, 4), "bias": numbers(4)},
        "last": {"kernel": numbers(64, 2), "bias": numbers(2)},
    }
    plan = to_keras(open_keras(h5(tmp_path / "m.h5", config, weights)).graph)
    named = [(each.class_name, each.options["name"]) for each in plan.layers]
    assert named == [
        ("Conv2D", "first"),
        ("Activation", "first_activation"),
        ("Flatten", "flat"),
        ("Dense", "last"),
        ("Softmax", "last_softmax"),
    ]


@pytest.mark.parametrize("odd", [nn.LocalResponseNorm(2), nn.MaxPool2d(2, ceil_mode=True)], ids=["unknown", "option"])
def test_what_no_keras_layer_does_is_named(odd):
    with pytest.raises(ModelError) as error:
        from_torch(nn.Sequential(odd, nn.Flatten(), nn.Linear(12, 2)), (4, 4, 3), MEAN, STD)
    assert_says(error, type(odd).__name__, "onnx")


def test_a_picture_too_small_for_a_layer_is_told_with_the_network_s_name():
    with pytest.raises(ModelError) as error:
        from_torch(nn.Sequential(nn.Conv2d(3, 4, 9), nn.Flatten(), nn.Linear(4, 2)), (4, 4, 3), MEAN, STD)
    assert_says(error, "Sequential", "Conv", "(3, 4, 4)")


def test_steps_that_depend_on_the_numbers_are_told():
    class Asking(nn.Module):
        def forward(self, pictures):
            return pictures if pictures.sum() > 0 else -pictures

    with pytest.raises(ModelError) as error:
        from_torch(Asking(), (4, 4, 3), MEAN, STD)
    assert_says(error, "Asking", "onnx")


@needs_keras
@pytest.mark.parametrize("form", keras_itself.FORMS)
def test_keras_answers_as_the_network_does(tmp_path, form):
    network, pictures, expected = mixed()
    target = tmp_path / f"m.{form}"
    keras_itself.save(to_keras(from_torch(network, (16, 24, 3), MEAN, STD)), target)
    np.testing.assert_allclose(keras_itself.predictions(target, [pictures])[0], expected, atol=1e-5)
    again = open_keras(keras_itself.weights_beside(target), target) if form == "json" else open_keras(target)
    np.testing.assert_allclose(again.predict(pictures), expected, atol=1e-5)
