"""Layers whose numbers are easily got wrong, against the same in plain NumPy; both emitters each time."""

import numpy as np
import pytest
import torch

from olhar.base.errors import ModelError
from olhar.keras_files.layers.table import LAYERS, NOT_PICTURES
from olhar.keras_files.model import open_keras
from tests.keras_files import keras_reference as ref
from tests.keras_files.keras_crafting import conv, dense, h5, keras_zip, layer, numbers, sequential

LAST = {"data_format": "channels_last"}


def agree(model, x, expected):
    """Both emitters give ``expected``."""
    expected = np.asarray(expected, np.float64)
    for found in (model.predict(x), model.module.eval()(torch.from_numpy(x)).detach().numpy()):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("side", [7, 8])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("same", [True, False])
def test_convolution_pads_more_below_and_right(tmp_path, side, stride, same):
    kernel, bias, x = numbers(3, 2, 3, 4), numbers(4), numbers(2, side, side + 2, 3)
    padding = "same" if same else "valid"
    config = sequential((side, side + 2, 3), conv("c", 4, (3, 2), strides=[stride] * 2, padding=padding))
    model = open_keras(h5(tmp_path / "m", config, {"c": {"kernel": kernel, "bias": bias}}))
    agree(model, x, ref.conv(x, kernel, bias, stride, same))


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 1)])
@pytest.mark.parametrize("same", [True, False])
def test_pooling_does_not_count_the_padding(tmp_path, kind, size, stride, same):
    x = numbers(2, 7, 8, 3) - 2
    name = "MaxPooling2D" if kind == "max" else "AveragePooling2D"
    pool = layer(name, "p", pool_size=[size] * 2, strides=[stride] * 2, padding="same" if same else "valid", **LAST)
    model = open_keras(h5(tmp_path / "m", sequential((7, 8, 3), pool), {"p": {}}))
    agree(model, x, ref.pool(x, size, stride, kind, same))


def test_batch_normalisation_with_its_own_epsilon_after_a_convolution_and_alone(tmp_path):
    x, kernel = numbers(2, 5, 5, 3), numbers(1, 1, 3, 4)
    first, second = (
        {"gamma": numbers(n), "beta": numbers(n), "moving_mean": numbers(n), "moving_variance": numbers(n, low=0.1, high=2)}
        for n in (3, 4)
    )
    norm = {"axis": [3], "epsilon": 0.01, "momentum": 0.9, "scale": True, "center": True}
    layers = [
        layer("BatchNormalization", "a", **norm),
        conv("c", 4, (1, 1), use_bias=False),
        layer("BatchNormalization", "b", **norm),
    ]
    model = open_keras(h5(tmp_path / "m", sequential((5, 5, 3), *layers), {"a": first, "c": {"kernel": kernel}, "b": second}))

    def normal(x, w):
        return (x - w["moving_mean"]) / np.sqrt(w["moving_variance"] + 0.01) * w["gamma"] + w["beta"]

    agree(model, x, normal(ref.conv(normal(x, first), kernel), second))
    assert [row.parameters for row in model.layers] == [12, 12, 16]


@pytest.mark.parametrize("groups", [{}, {"groups": 1}])
def test_depthwise_with_a_multiplier_and_the_groups_that_teachable_machine_writes(tmp_path, groups):
    kernel, x = numbers(3, 3, 3, 2), numbers(2, 8, 7, 3)
    given = {"kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "depth_multiplier": 2, "use_bias": False, **LAST}
    config = sequential((8, 7, 3), layer("DepthwiseConv2D", "d", activation="linear", **given, **groups))
    model = open_keras(h5(tmp_path / "m", config, {"d": {"depthwise_kernel": kernel}}))
    agree(model, x, ref.depthwise(x, kernel, 2, True))


def test_separable_convolution(tmp_path):
    deep, point, bias, x = numbers(3, 3, 3, 2), numbers(1, 1, 6, 5), numbers(5), numbers(2, 6, 7, 3)
    given = {"filters": 5, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "depth_multiplier": 2, "use_bias": True}
    config = sequential((6, 7, 3), layer("SeparableConv2D", "s", activation="relu", **given, **LAST))
    arrays = {"depthwise_kernel": deep, "pointwise_kernel": point, "bias": bias}
    model = open_keras(h5(tmp_path / "m", config, {"s": arrays}))
    agree(model, x, ref.relu(ref.conv(ref.depthwise(x, deep, 1, True), point, bias)))


def test_flatten_feeds_height_width_channels(tmp_path):
    kernel, point, x = numbers(4 * 5 * 2, 3), numbers(1, 1, 3, 2), numbers(2, 4, 5, 3)
    config = sequential((4, 5, 3), conv("c", 2, (1, 1), use_bias=False), layer("Flatten", "f"), dense("d", 3, "softmax"))
    model = open_keras(h5(tmp_path / "m", config, {"c": {"kernel": point}, "d": {"kernel": kernel, "bias": numbers(3) * 0}}))
    agree(model, x, ref.softmax(ref.conv(x, point).reshape(2, -1) @ kernel))
    assert model.task == "classes"


@pytest.mark.parametrize(("version", "slope"), [("2.4.0", 0.2), ("3.3.3", 1 / 6)])
def test_hard_sigmoid_changed_with_keras_3(tmp_path, version, slope):
    x = numbers(3, 4, low=-4, high=4)
    config = sequential((4,), layer("Activation", "a", activation="hard_sigmoid"))
    model = open_keras(h5(tmp_path / "m", config, {"a": {}}, version))
    agree(model, x, np.clip(slope * x + 0.5, 0, 1))


def test_relu_with_a_ceiling_a_slope_and_a_threshold(tmp_path):
    x = numbers(3, 4, low=-4, high=4)
    layers = [layer("ReLU", "a", max_value=2.0, negative_slope=0.25, threshold=0.5)]
    model = open_keras(h5(tmp_path / "m", sequential((4,), *layers), {"a": {}}))
    agree(model, x, np.where(x >= 2, 2, np.where(x >= 0.5, x, 0.25 * (x - 0.5))))


def test_relu_six(tmp_path):
    x = numbers(3, 4, low=-9, high=9)
    model = open_keras(h5(tmp_path / "m", sequential((4,), layer("ReLU", "a", max_value=6.0)), {"a": {}}))
    agree(model, x, np.clip(x, 0, 6))


def test_prelu_with_a_slope_for_every_number(tmp_path):
    alpha, x, kernel = numbers(4, 5, 2), numbers(2, 4, 5, 3), numbers(1, 1, 3, 2)
    config = sequential((4, 5, 3), conv("c", 2, (1, 1), use_bias=False), layer("PReLU", "p", shared_axes=None))
    model = open_keras(h5(tmp_path / "m", config, {"c": {"kernel": kernel}, "p": {"alpha": alpha}}))
    y = ref.conv(x, kernel)
    agree(model, x, np.where(y > 0, y, alpha * y))
    written = model.module.weights()
    assert all(np.array_equal(written[f"model_weights/{n}:0"], v) for n, v in (("c/c/kernel", kernel), ("p/p/alpha", alpha)))


def test_channels_first_takes_channels_first(tmp_path):
    kernel, x, weights = numbers(3, 3, 2, 4), numbers(2, 2, 6, 5), numbers(4 * 4 * 3, 2)
    first = {"data_format": "channels_first"}
    layers = [conv("c", 4, (3, 3), **first, use_bias=False), layer("Flatten", "f"), dense("d", 2)]
    model = open_keras(
        h5(
            tmp_path / "m",
            sequential((2, 6, 5), *layers),
            {"c": {"kernel": kernel}, "d": {"kernel": weights, "bias": numbers(2) * 0}},
        )
    )
    y = ref.conv(x.transpose(0, 2, 3, 1), kernel).transpose(0, 3, 1, 2)
    agree(model, x, y.reshape(2, -1) @ weights)
    assert model.input_shape == (None, 2, 6, 5)


def _keras_1(**more):
    """The words of Keras 1: channels first, a bare list of layers."""
    first = {
        "class_name": "Convolution2D",
        "config": {
            "name": "convolution2d_1",
            "batch_input_shape": [None, 2, 6, 5],
            "nb_filter": 3,
            "nb_row": 3,
            "nb_col": 2,
            "border_mode": "same",
            "subsample": [2, 2],
            "dim_ordering": "th",
            "activation": "relu",
            "bias": True,
            "trainable": True,
            **more,
        },
    }
    rest = [
        {"class_name": "Dropout", "config": {"name": "dropout_1", "p": 0.5, "trainable": True}},
        {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
        {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 2, "activation": "softmax", "bias": True}},
    ]
    return {"class_name": "Sequential", "config": [first, *rest]}


@pytest.mark.parametrize(
    ("backend", "suffix", "flipped"), [("theano", "", True), (None, "", True), (None, ":0", False), ("tensorflow", ":0", False)]
)
def test_keras_1_kernels_are_upside_down_only_where_theano_wrote_them(tmp_path, backend, suffix, flipped):
    kernel, bias, weights, x = numbers(3, 2, 3, 2), numbers(3), numbers(27, 2), numbers(2, 2, 6, 5)
    arrays = {
        "convolution2d_1": {"convolution2d_1_W": kernel, "convolution2d_1_b": bias},
        "dropout_1": {},
        "flatten_1": {},
        "dense_1": {"dense_1_W": weights, "dense_1_b": numbers(2) * 0},
    }
    model = open_keras(h5(tmp_path / "m", _keras_1(), arrays, "1.2.0", backend, suffix))
    seen = kernel.transpose(2, 3, 1, 0)
    seen = seen[::-1, ::-1] if flipped else seen
    y = ref.relu(ref.conv(x.transpose(0, 2, 3, 1), seen, bias, 2, True)).transpose(0, 3, 1, 2)
    agree(model, x, ref.softmax(y.reshape(2, -1) @ weights))
    assert bool(model.notices) == flipped
    back = model.module.weights()
    assert np.array_equal(next(v for k, v in back.items() if "_W" in k and "conv" in k), kernel)


def _joined(layers, outputs, inputs=("a",)):
    spec = {"name": "m", "layers": layers}
    spec["input_layers"] = [[name, 0, 0] for name in inputs]
    spec["output_layers"] = [[name, 0, 0] for name in outputs]
    return {"class_name": "Functional", "config": spec}


def _at(entry, *sources, **keywords):
    calls = [[[name, 0, 0, keywords] for name in sources]] if sources else []
    return {**entry, "name": entry["config"]["name"], "inbound_nodes": calls}


def _input(name, *shape):
    return _at(layer("InputLayer", name, batch_input_shape=[None, *shape]))


def test_branches_join_and_a_gate_of_one_number_a_channel_spreads(tmp_path):
    kernel, gate, x = numbers(3, 3, 3, 4), numbers(4, 4), numbers(2, 5, 6, 3)
    layers = [
        _input("a", 5, 6, 3),
        _at(conv("c", 4, (3, 3), padding="same", use_bias=False), "a"),
        _at(layer("GlobalAveragePooling2D", "g", **LAST), "c"),
        _at(layer("Dense", "d", units=4, activation="sigmoid", use_bias=False), "g"),
        _at(layer("Multiply", "m"), "c", "d"),
        _at(layer("Concatenate", "j", axis=-1), "m", "a"),
    ]
    model = open_keras(h5(tmp_path / "m", _joined(layers, ["j"]), {"c": {"kernel": kernel}, "d": {"kernel": gate}}))
    y = ref.conv(x, kernel, same=True)
    opened = 1 / (1 + np.exp(-(y.mean((1, 2)) @ gate)))
    agree(model, x, np.concatenate([y * opened[:, None, None], x], -1))
    assert model.task == "pictures"


def test_several_inputs_and_outputs_are_lists(tmp_path):
    layers = [_input("a", 3), _input("b", 3), _at(layer("Add", "s"), "a", "b"), _at(layer("Subtract", "t"), "a", "b")]
    model = open_keras(h5(tmp_path / "m", _joined(layers, ["s", "t"], ["a", "b"]), {"s": {}}))
    a, b = numbers(4, 3), numbers(4, 3)
    total, difference = model.predict([a, b])
    np.testing.assert_allclose(total, a + b, atol=1e-6)
    np.testing.assert_allclose(difference, a - b, atol=1e-6)
    assert "2" in str(model.notices[0])


def test_functions_used_as_layers(tmp_path):
    layers = [
        _input("a", 4, 3),
        _at(layer("TFOpLambda", "tf.math.truediv", function="math.truediv"), "a", y=127.5, name=None),
        _at(layer("TFOpLambda", "tf.math.subtract", function="math.subtract"), "tf.math.truediv", y=1.0),
        _at(
            layer("SlicingOpLambda", "tf.getitem", function="__operators__.getitem"),
            "tf.math.subtract",
            slice_spec=["...", {"start": None, "stop": None, "step": -1}],
        ),
    ]
    model = open_keras(h5(tmp_path / "m", _joined(layers, ["tf.getitem"]), {"a": {}}))
    x = numbers(2, 4, 3)
    agree(model, x, (x / 127.5 - 1)[..., ::-1])
    layers[1]["config"]["function"] = "io.read_file"
    with pytest.raises(ModelError, match="read_file"):
        open_keras(h5(tmp_path / "m2", _joined(layers, ["tf.getitem"]), {"a": {}}))


def test_a_shared_layer_is_one_set_of_weights(tmp_path):
    kernel, shared = numbers(3, 3), layer("Dense", "d", units=3, activation="linear", use_bias=False)
    used = {**shared, "name": "d", "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]}
    merged = {**layer("Add", "s"), "name": "s", "inbound_nodes": [[["d", 0, 0, {}], ["d", 1, 0, {}]]]}
    config = _joined([_input("a", 3), _input("b", 3), used, merged], ["s"], ["a", "b"])
    model = open_keras(h5(tmp_path / "m", config, {"d": {"kernel": kernel}}))
    a, b = numbers(2, 3), numbers(2, 3)
    np.testing.assert_allclose(model.predict([a, b]), (a + b) @ kernel, atol=1e-5)
    assert sum(p.numel() for p in model.module.parameters()) == 9


@pytest.mark.parametrize("windows", [False, True])
def test_the_keras_archive_also_as_windows_writes_it(tmp_path, windows):
    kernel, bias, weights, x = numbers(3, 3, 3, 4), numbers(4), numbers(4, 2), numbers(2, 5, 6, 3)
    config = sequential(
        (5, 6, 3), conv("first", 4, (3, 3)), layer("GlobalMaxPooling2D", "g", **LAST), dense("last", 2, "softmax")
    )
    arrays = {"conv2d/vars/0": kernel, "conv2d/vars/1": bias, "dense/vars/0": weights, "dense/vars/1": numbers(2) * 0}
    path = keras_zip(tmp_path / "m.keras", config, {f"layers/{k}": v for k, v in arrays.items()}, windows=windows)
    agree(open_keras(path), x, ref.softmax(ref.conv(x, kernel, bias).max((1, 2)) @ weights))


def test_nested_models_counted_from_another_number(tmp_path):
    inner = _joined([_input("i", 3), _at(layer("Dense", "d", units=2, activation="linear", use_bias=False), "i")], ["d"], ["i"])
    inner["config"]["name"] = "inner"
    nested = {**inner, "name": "inner", "inbound_nodes": [[["a", 0, 0, {}]]]}
    config = _joined([_input("a", 3), nested], ["inner"])
    config["config"]["output_layers"] = [["inner", 1, 0]]
    kernel, x = numbers(3, 2), numbers(4, 3)
    model = open_keras(h5(tmp_path / "m", config, {"inner": {"d/kernel": kernel}}))
    agree(model, x, x @ kernel)
    assert [row.path for row in model.layers] == ["inner/d"]


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ("x/255-0.5", lambda x: x / 255 - 0.5),
        ("1-(x+2)*3/x", lambda x: 1 - (x + 2) * 3 / x),
        ("-x*x + .5", lambda x: 0.5 - x * x),
    ],
)
def test_a_formula_stands_in_for_a_lambda(tmp_path, formula, function):
    config = sequential((3,), layer("Lambda", "code", function=["junk", None, None]))
    path, x = h5(tmp_path / "m", config, {"code": {}}), numbers(2, 3, low=1, high=5)
    agree(open_keras(path, lambdas={"code": formula}), x, function(x))


@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_a_model_that_is_no_plain_classifier_says_so(tmp_path, activation):
    config = sequential((4,), dense("d", 3, activation))
    model = open_keras(h5(tmp_path / "m", config, {"d": {"kernel": numbers(4, 3), "bias": numbers(3)}}))
    assert len(model.notices) == 2
    picture = sequential((2, 2, 1), layer("Flatten", "f"), dense("d", 3, activation))
    model = open_keras(h5(tmp_path / "n", picture, {"d": {"kernel": numbers(4, 3), "bias": numbers(3)}}))
    assert model.task == ("labels" if activation == "sigmoid" else "logits")
    assert len(model.notices) == 1


def test_a_model_for_pictures_of_any_size(tmp_path):
    kernel, bias, x = numbers(3, 3, 3, 4), numbers(4), numbers(2, 7, 10, 3)
    layers = [
        conv("c", 4, (3, 3), strides=[2, 2], padding="same"),
        layer("MaxPooling2D", "p", pool_size=[2, 2], strides=[2, 2], padding="same", **LAST),
        layer("AveragePooling2D", "q", pool_size=[2, 2], strides=[1, 1], padding="same", **LAST),
        layer("GlobalAveragePooling2D", "g", **LAST),
    ]
    model = open_keras(h5(tmp_path / "m", sequential((None, None, 3), *layers), {"c": {"kernel": kernel, "bias": bias}}))
    y = ref.pool(ref.pool(ref.conv(x, kernel, bias, 2, True), 2, 2, "max", True), 2, 1, "mean", True)
    agree(model, x, y.mean((1, 2)))
    assert model.input_shape == (None, None, None, 3)


def test_series_open_answer_and_are_called_series(tmp_path):
    kernel, inner, bias, x = numbers(2, 12), numbers(3, 12), numbers(12), numbers(4, 5, 2)
    given = {"units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True, "return_sequences": False}
    config = sequential((5, 2), layer("LSTM", "l", **given))
    model = open_keras(h5(tmp_path / "m", config, {"l": {"kernel": kernel, "recurrent_kernel": inner, "bias": bias}}))
    state, memory = np.zeros((4, 3)), np.zeros((4, 3))
    for step in x.transpose(1, 0, 2):
        i, f, c, o = np.split(step @ kernel + state @ inner + bias, 4, 1)
        memory = memory / (1 + np.exp(-f)) + np.tanh(c) / (1 + np.exp(-i))
        state = np.tanh(memory) / (1 + np.exp(-o))
    agree(model, x, state)
    assert model.task == "series"


def test_the_table_of_layers(tmp_path):
    config = sequential((6, 5, 3), conv("c", 4, (3, 3)), layer("Flatten", "f"), dense("d", 2))
    arrays = {"c": {"kernel": numbers(3, 3, 3, 4), "bias": numbers(4)}, "d": {"kernel": numbers(48, 2), "bias": numbers(2)}}
    rows = open_keras(h5(tmp_path / "m", config, arrays)).layers
    assert [(r.name, r.class_name, r.shape, r.parameters) for r in rows] == [
        ("c", "Conv2D", (None, 4, 3, 4), 112),
        ("f", "Flatten", (None, 48), 0),
        ("d", "Dense", (None, 2), 98),
    ]


def test_the_torch_module_can_be_trained_and_its_leaves_carry_keras_names(tmp_path):
    config = sequential((6, 5, 3), conv("c", 4, (3, 3)), layer("Flatten", "f"), layer("Dropout", "o", rate=0.5), dense("d", 2))
    arrays = {"c": {"kernel": numbers(3, 3, 3, 4), "bias": numbers(4)}, "d": {"kernel": numbers(48, 2), "bias": numbers(2)}}
    module = open_keras(h5(tmp_path / "m", config, arrays)).module
    assert [leaf.keras_name for leaf in module.leaves] == ["c", "f", "o", "d"]
    module.train()(torch.from_numpy(numbers(2, 6, 5, 3))).square().sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())
    for leaf in list(module.leaves)[:-1]:
        leaf.requires_grad_(False)
    assert sum(p.numel() for p in module.parameters() if p.requires_grad) == 98


def test_pictures_of_another_shape_are_refused(tmp_path):
    config = sequential((6, 5, 3), layer("Flatten", "f"))
    model = open_keras(h5(tmp_path / "m.h5", config, {"f": {}}))
    for wrong in (numbers(6, 5, 3), numbers(1, 5, 6, 3), numbers(1, 6, 5, 1)):
        with pytest.raises(ModelError, match=r"m\.h5"):
            model.predict(wrong)
    assert model.predict(numbers(70, 6, 5, 3)).shape == (70, 90)
    assert model.predict(numbers(0, 6, 5, 3)).shape == (0, 90)


def test_zeros_round_a_pool_are_zeros(tmp_path):
    config = sequential(
        (5, 5, 2), layer("ZeroPadding2D", "z", padding=[[1, 1], [1, 1]]), layer("MaxPooling2D", "p", pool_size=[3, 3])
    )
    x = -np.ones((1, 5, 5, 2), np.float32)
    found = open_keras(h5(tmp_path / "m.h5", config, {})).predict(x)
    assert found[0, :, :, 0] == pytest.approx(np.array([[0, 0], [0, -1]]), abs=1e-6)


def test_a_class_that_is_read_is_not_also_refused():
    assert not LAYERS.keys() & NOT_PICTURES.keys()
