import io
import warnings

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from olhar.base import runtime
from olhar.base.errors import ModelError, RecipeError
from olhar.bodies.features import feature_network
from olhar.bodies.onnx_file import file_body
from tests.conftest import assert_says


class Classifier(nn.Module):
    """A small network of the usual kind: maps, their mean, a dense layer."""

    def __init__(self, end="logits"):
        super().__init__()
        self.maps = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU())
        self.dense, self.end = nn.Linear(8, 5), end

    def forward(self, x):
        maps = self.maps(x)
        if self.end == "maps":
            return maps
        row = nn.functional.adaptive_avg_pool2d(maps, 1).flatten(1)
        if self.end == "features":
            return row
        return self.dense(row).softmax(1) if self.end == "probabilities" else self.dense(row)


def exported(network, path, side=32, **options):
    torch.manual_seed(0)
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network.eval(), torch.zeros(1, 3, side, side), out, dynamo=False, **options)
    path.write_bytes(out.getvalue())
    return path


FREE = {"input_names": ["logits"], "output_names": ["pictures"], "dynamic_axes": {"logits": {0: "n"}, "pictures": {0: "n"}}}
"""Names that are also ours, so that they would collide."""


def said_of(body, pixels):
    return runtime.session(feature_network(body, 3)).run(["pooled"], {"pictures": pixels})[0]


@pytest.mark.parametrize("options", [FREE, {}], ids=["any number", "one at a time"])
@pytest.mark.parametrize("end", ["logits", "probabilities", "features", "maps"])
def test_it_is_cut_where_its_features_are_however_it_ends(end, options, tmp_path):
    network = Classifier(end)
    body = file_body(exported(network, tmp_path / "net.onnx", **options), "imagenet")
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    mean, std = (torch.tensor(numbers).view(1, 3, 1, 1) for numbers in body.scaling)
    with torch.no_grad():
        maps = network.maps((torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - mean) / std)
    assert body.blocks == {"pooled": 8}
    assert np.allclose(said_of(body, pixels), maps.mean((2, 3)).numpy(), atol=1e-5)


def test_the_side_that_it_fixes_is_taken_and_another_told(tmp_path):
    path = exported(Classifier(), tmp_path / "net.onnx", side=48)
    assert file_body(path, "0..1").height == 48
    with pytest.raises(RecipeError) as error:
        file_body(path, "0..1", 64)
    assert_says(error, "net.onnx", "48", "--size 64")


def test_a_side_that_it_leaves_free_is_224_or_as_asked(tmp_path):
    axes = {"logits": {0: "n", 2: "h", 3: "w"}}
    path = exported(Classifier(), tmp_path / "net.onnx", input_names=["logits"], dynamic_axes=axes)
    assert file_body(path, "0..1").height == 224
    assert file_body(path, "0..1", 64).height == 64


def test_another_scaling_is_another_body(tmp_path):
    path = exported(Classifier(), tmp_path / "net.onnx")
    keys = {file_body(path, scaling).key for scaling in ("0..1", "imagenet", "-1..1")}
    assert len(keys) == 3


def spoilt(path, change):
    model = onnx.load(path)
    change(model)
    path.write_bytes(model.SerializeToString())
    return path


def outside(model):
    array = model.graph.initializer[0]
    array.ClearField("raw_data")
    array.data_location = onnx.TensorProto.EXTERNAL
    array.external_data.add(key="location", value="../secret")


def two_inputs(model):
    model.graph.input.append(model.graph.input[0])
    model.graph.input[1].name = "other"


def unknown(model):
    model.graph.node[0].op_type = "NoSuchOperation"


@pytest.mark.parametrize(
    ("change", "told"),
    [(outside, "another file"), (two_inputs, "no pictures"), (unknown, "cannot compute")],
    ids=["weights elsewhere", "two inputs", "unknown operation"],
)
def test_what_is_no_body_is_told(change, told, tmp_path):
    with pytest.raises(ModelError) as error:
        file_body(spoilt(exported(Classifier(), tmp_path / "net.onnx"), change), "0..1")
    assert_says(error, "net.onnx", told)


def test_a_file_that_is_no_onnx_or_not_there_is_told(tmp_path):
    (tmp_path / "net.onnx").write_bytes(b"hello")
    with pytest.raises(ModelError) as error:
        file_body(tmp_path / "net.onnx", "0..1")
    assert_says(error, "net.onnx", "not an ONNX model")
    with pytest.raises(ModelError):
        file_body(tmp_path / "nowhere.onnx", "0..1")


def test_a_scaling_that_it_cannot_have_is_told(tmp_path):
    with pytest.raises(RecipeError) as error:
        file_body(exported(Classifier(), tmp_path / "net.onnx"), "z-score")
    assert_says(error, "net.onnx", "--scaling z-score")
