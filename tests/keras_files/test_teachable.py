"""Teachable Machine's models are known by their graph: a small one of the same build, under any name."""

import numpy as np
import pytest

from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from tests.keras_files.keras_crafting import conv, dense, h5, layer, numbers, sequential
from tests.keras_files.keras_reference import conv as convolve
from tests.keras_files.keras_reference import depthwise, relu, softmax

LAST = {"data_format": "channels_last"}


def _at(entry, *sources):
    return {
        **entry,
        "name": entry["config"]["name"],
        "inbound_nodes": [[[name, 0, 0, {}] for name in sources]] if sources else [],
    }


def _config(head="softmax", body="Conv1"):
    """Two rows of layers, the first of which holds a row that holds a joined model."""
    deep = {
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "same",
        "depth_multiplier": 1,
        "use_bias": False,
        "groups": 1,
        **LAST,
    }
    layers = [
        _at(layer("InputLayer", "input_1", batch_input_shape=[None, 8, 8, 3])),
        _at(layer("ZeroPadding2D", "Conv1_pad", padding=[[0, 1], [0, 1]], **LAST), "input_1"),
        _at(conv(body, 4, (3, 3), strides=[2, 2], use_bias=False), "Conv1_pad"),
        _at(layer("ReLU", "Conv1_relu", max_value=6.0, negative_slope=0.0, threshold=0.0), body),
        _at(layer("DepthwiseConv2D", "expanded_conv_depthwise", activation="linear", **deep), "Conv1_relu"),
        _at(conv("block_16_project", 5, (1, 1), use_bias=False), "expanded_conv_depthwise"),
    ]
    spec = {
        "name": "model1",
        "layers": layers,
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["block_16_project", 0, 0]],
    }
    functional = {"class_name": "Functional", "config": spec}
    first = sequential((8, 8, 3), functional, layer("GlobalAveragePooling2D", "global_average_pooling2d", **LAST))
    second = sequential(
        (5,), dense("dense_Dense1", 6, "relu"), layer("Dense", "dense_Dense2", units=2, activation=head, use_bias=False)
    )
    first["config"]["name"], second["config"]["name"] = "sequential_1", "sequential_3"
    return sequential((8, 8, 3), first, second)


def _weights(names=True):
    """The weights; without ``names`` only their order says whose they are, as in some old files."""
    body = {
        "Conv1/kernel": numbers(3, 3, 3, 4),
        "expanded_conv_depthwise/depthwise_kernel": numbers(3, 3, 4, 1),
        "block_16_project/kernel": numbers(1, 1, 4, 5),
    }
    head = {"dense_Dense1/kernel": numbers(5, 6), "dense_Dense1/bias": numbers(6), "dense_Dense2/kernel": numbers(6, 2)}
    if not names:
        body = {f"w_{i}_1/w": value for i, value in enumerate(body.values())}
    return {"sequential_1": body, "sequential_3": head}


@pytest.mark.parametrize("names", [True, False])
def test_it_opens_answers_and_is_known_by_its_graph(tmp_path, names):
    weights, x = _weights(names), numbers(2, 8, 8, 3)
    model = open_keras(h5(tmp_path / "renamed.bin", _config(), weights))
    first, deep, last = weights["sequential_1"].values()
    y = np.minimum(relu(convolve(np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0))), first, stride=2)), 6)
    y = convolve(depthwise(y, deep, same=True), last).mean((1, 2))
    one, bias, two = weights["sequential_3"].values()
    np.testing.assert_allclose(model.predict(x), softmax(relu(y @ one + bias) @ two), atol=1e-5)
    assert model.teachable_machine
    assert model.layers[-1].path == "sequential_3/dense_Dense2"


def test_a_model_of_another_build_is_not_taken_for_one(tmp_path):
    for config, old in ((_config(head="sigmoid"), "Conv1"), (_config(body="first"), "first")):
        weights = _weights()
        weights["sequential_1"] = {k.replace("Conv1", old): v for k, v in weights["sequential_1"].items()}
        assert not open_keras(h5(tmp_path / "keras_model.h5", config, weights)).teachable_machine


@pytest.mark.parametrize(
    ("shape", "first", "key"), [((14739,), dense("d", 100), "keras.pose"), ((43, 232, 1), conv("c", 8, (2, 8)), "keras.sound")]
)
def test_poses_and_sounds_are_known_by_what_they_take(tmp_path, shape, first, key):
    with pytest.raises(ModelError) as caught:
        open_keras(h5(tmp_path / "m.h5", sequential(shape, first, dense("e", 2, "softmax")), {}))
    assert caught.value.key == key
