"""Body and head of a classifier, and a module that learns on: on tiny files, and on every real file that tells classes apart."""

from pathlib import Path

import numpy as np
import pytest
import torch

from olhar.base.errors import ModelError
from olhar.foreign.classifier import as_classifier, open_model
from olhar.foreign.opening import Opening
from olhar.graph import heads
from olhar.graph.to_onnx import to_onnx
from olhar.keras_files.model import open_keras
from olhar.models.fine_tuned import FineTuned, with_learnt_weights
from tests.keras_files.golden import ANSWERED, paths
from tests.keras_files.keras_crafting import conv, dense, h5, layer, numbers, sequential


def small(path: Path, *end: dict, shape=(8, 8, 3)) -> Path:
    """Two convolutions with batch normalisation, and what is given."""
    named = [conv("c1", 4, (3, 3)), layer("BatchNormalization", "bn", axis=[3]), conv("c2", 6, (3, 3)), *end]
    sizes = {"c1": {"kernel": numbers(3, 3, 3, 4), "bias": numbers(4)}, "c2": {"kernel": numbers(3, 3, 4, 6), "bias": numbers(6)}}
    sizes["bn"] = {name: numbers(4, low=0.5) for name in ("gamma", "beta", "moving_mean", "moving_variance")}
    units = {"hidden": (6, 5), "last": (5 if any(one["config"]["name"] == "hidden" for one in end) else 6, 3)}
    for name, (inner, outer) in units.items():
        if any(one["config"]["name"] == name for one in end):
            sizes[name] = {"kernel": numbers(inner, outer), "bias": numbers(outer)}
    order = {one["config"]["name"]: sizes.get(one["config"]["name"], {}) for one in named}
    return h5(path, sequential(shape, *named), order)


POOL = layer("GlobalAveragePooling2D", "pool", data_format="channels_last")
HEAD = (POOL, dense("hidden", 5, "relu"), layer("Dropout", "drop", rate=0.5), dense("last", 3, "softmax"))


def test_the_head_is_the_dense_layers_after_the_last_pooling(tmp_path):
    graph = open_keras(small(tmp_path / "m.h5", *HEAD)).graph
    assert heads.head_layers(graph) == ("hidden", "last")
    assert heads.last_layers(graph, 3) == ("hidden", "drop", "last")
    assert heads.learning_layers(graph, heads.last_layers(graph, 2)) == ("last",)
    assert heads.learning_layers(graph, ("drop", "pool")) == ()


def test_where_a_convolution_gives_the_classes_it_is_the_head(tmp_path):
    graph = open_keras(small(tmp_path / "m.h5", POOL, layer("Activation", "a", activation="softmax"))).graph
    assert heads.head_layers(graph) == ("c2",)
    new = heads.with_new_head(graph, 4)
    assert new.shapes[new.outputs[0]] == (None, 4)
    assert new.layers[-1].parameters == 4 * 4 + 4


def test_a_new_head_says_nothing_until_it_has_learnt(tmp_path):
    graph = heads.with_new_head(open_keras(small(tmp_path / "m.h5", *HEAD)).graph, 7, dropout=0.2)
    module = FineTuned(heads.to_logits(graph), (heads.NEW_HEAD,), bgr=False, channels_first=False).eval()
    assert module(torch.rand(2, 3, 8, 8)).abs().max() == 0
    assert [row.path for row in graph.layers][-2:] == ["pool", heads.NEW_HEAD]


def test_an_activation_that_cannot_be_taken_off_is_known(tmp_path):
    graph = open_keras(small(tmp_path / "m.h5", POOL, dense("last", 3, "hard_sigmoid"))).graph
    assert heads.to_logits(graph) is None


def test_only_what_shall_learn_learns(tmp_path):
    model = open_keras(small(tmp_path / "m.h5", *HEAD))
    module = FineTuned(heads.to_logits(model.graph), ("hidden", "last"), bgr=False, channels_first=False).train()
    before = {name: value.copy() for name, value in module.keras.weights().items()}
    optimizer = torch.optim.SGD([p for p in module.parameters() if p.requires_grad], lr=0.5)
    for _ in range(3):
        torch.nn.functional.cross_entropy(module(torch.rand(8, 3, 8, 8)), torch.randint(0, 3, (8,))).backward()
        optimizer.step()
    changed = {name.split("/")[1] for name, value in module.keras.weights().items() if (value != before[name]).any()}
    assert changed <= {"hidden", "last"}
    assert "last" in changed


def test_batch_normalisation_of_a_part_that_learns_follows_the_pictures(tmp_path):
    model = open_keras(small(tmp_path / "m.h5", *HEAD))
    module = FineTuned(heads.to_logits(model.graph), ("bn",), bgr=False, channels_first=False).train()
    before = module.keras.weights()
    module(torch.rand(8, 3, 8, 8))
    after = module.keras.weights()
    assert {name.rpartition("/")[2] for name in before if (before[name] != after[name]).any()} == {
        "moving_mean:0",
        "moving_variance:0",
    }


@pytest.mark.parametrize(("folder", "name"), [each[:2] for each in ANSWERED])
def test_real_files_learn_on_from_what_they_know(folder, name):
    path, architecture = paths(folder, name)
    file = open_model(path, Opening.of(architecture, None))
    model = file.model
    try:
        found = as_classifier(file)
    except ModelError:
        pytest.skip("no classifier of pictures")
    form = found.picture_shape
    logits = heads.to_logits(model.graph)
    assert logits is not None
    assert heads.learning_layers(model.graph, heads.head_layers(model.graph))
    module = FineTuned(logits, heads.head_layers(model.graph), bgr=False, channels_first=form.channels_first).eval()
    x = (np.random.RandomState(7).randint(0, 256, (2, form.height, form.width, form.channels)) / 127.5 - 1).astype(np.float32)
    expected = found.outputs(x)
    with torch.no_grad():
        given = module(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()))
    shares = given.numpy() if found.ending == "logits" else given.softmax(1).numpy()
    if found.ending != "labels":
        assert np.abs(shares - expected).max() <= 1e-5 * max(1.0, np.abs(expected).max())
    new = heads.with_new_head(model.graph, 5)
    other = FineTuned(heads.to_logits(new), (heads.NEW_HEAD,), bgr=False, channels_first=form.channels_first).eval()
    assert other(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).shape == (2, 5)
    assert to_onnx(with_learnt_weights(new, other.keras)).graph.output[0].name == "output_0"
