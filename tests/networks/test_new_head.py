"""Where a new head is put: behind the hidden layers of a file, or in their place."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import olhar
from olhar.graph import heads
from olhar.keras_files.model import open_keras
from tests.keras_files import keras_eyes
from tests.keras_files.keras_crafting import dense, h5, layer, sequential
from tests.trained import Said

TUNE = {"scaling": "0..1", "epochs": 1, "batch": 16, "precision": "fp32", "threads": 1, "folds": 0, "new_head": True}


def of_dense_layers(path, hidden):
    """Flatten, a hidden layer with this kernel (768, n), and a softmax of three."""
    width = hidden.shape[1]
    flatten = layer("Flatten", "flat", data_format="channels_last")
    plan = sequential((16, 16, 3), flatten, dense("middle", width, "relu"), dense("last", 3, "softmax"))
    kernels = {"kernel": hidden.astype(np.float32), "bias": np.zeros(width, np.float32)}
    last = {"kernel": np.ones((width, 3), np.float32), "bias": np.zeros(3, np.float32)}
    return h5(path, plan, {"flat": {}, "middle": kernels, "last": last})


@pytest.fixture
def eyes(tmp_path):
    return keras_eyes.write_eyes(tmp_path / "eyes", 30)


def test_hidden_layers_that_know_as_much_stay_and_it_is_said(eyes, tmp_path):
    means = np.tile(np.eye(3), (256, 1)) / 256
    file, said = of_dense_layers(tmp_path / "m.h5", means), Said()
    run = olhar.train(eyes, model=str(file), into=tmp_path / "run", progress=said, **TUNE)
    assert any("middle before it stays" in line for line in said.lines)
    layers = {row.name: row.parameters for row in olhar.inspect(run.path).layers}
    assert layers["middle"] == 768 * 3 + 3
    assert layers["olhar_head"] == 12
    assert "middle before it stays" in Path(run.report()).read_text(encoding="utf-8")
    learnt = load_file(run.path / "best.safetensors")
    assert not np.allclose(learnt["keras.leaves.1.kernel"], means)
    assert json.loads((run.path / "request.json").read_text())["base"]["last_only"] is True


def test_hidden_layers_that_see_nothing_of_it_are_replaced_too_and_it_is_said(eyes, tmp_path):
    blind = np.zeros((768, 3))
    file, said = of_dense_layers(tmp_path / "m.h5", blind), Said()
    run = olhar.train(eyes, model=str(file), into=tmp_path / "run", progress=said, **TUNE)
    assert any("All dense layers" in line and "middle" in line for line in said.lines)
    assert "middle too" in Path(run.report()).read_text(encoding="utf-8")
    assert [row.name for row in olhar.inspect(run.path).layers][-1] == "olhar_head"
    assert "middle" not in [row.name for row in olhar.inspect(run.path).layers]
    for name in ("metrics.json", "best.safetensors", "model.onnx"):
        (run.path / name).unlink()
    assert olhar.train(into=run.path, resume=True).signature.classes == run.signature.classes


def test_a_head_of_one_layer_leaves_no_choice(tmp_path):
    graph = open_keras(keras_eyes.strongest(tmp_path / "m.h5")).graph
    inputs = heads.head_inputs(graph)
    assert len(inputs.outputs) == 1
    assert inputs.shapes[inputs.outputs[0]] == (None, 3)
