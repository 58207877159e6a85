"""A .pth, a .pt or a .safetensors in hand: what it is, and what can be done with it."""

import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

import olhar
from olhar.base.errors import ModelError, OlharError
from olhar.cli.app import main
from olhar.verbs.inspect import inspect
from tests.conftest import assert_says

SMALL = OrderedDict(a=torch.zeros(3, 2), b=torch.ones(4, dtype=torch.float16), c=torch.tensor(5))
LISTED = [("a", (3, 2), "float32", 6), ("b", (4,), "float16", 4), ("c", (), "int64", 1)]


def listed(path):
    """Name, shape, type and count of every tensor."""
    return [(row.name, row.shape, row.kind, row.parameters) for row in inspect(path).layers]


@pytest.mark.parametrize("new", [True, False], ids=["zip", "before 1.6"])
def test_tensors_are_listed_as_torch_wrote_them(tmp_path, new):
    torch.save(SMALL, tmp_path / "m.pth", _use_new_zipfile_serialization=new)
    assert listed(tmp_path / "m.pth") == LISTED
    safe = torch.load(tmp_path / "m.pth", weights_only=True)
    assert [(name, tuple(tensor.shape)) for name, tensor in safe.items()] == [(row[0], row[1]) for row in LISTED]


@pytest.mark.parametrize("new", [True, False], ids=["zip", "before 1.6"])
def test_a_checkpoint_is_opened_up(tmp_path, new, capsys):
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 7))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    state = {f"module.{name}": tensor for name, tensor in network.state_dict().items()}
    whole = {
        "epoch": 12,
        "best": np.float64(0.93),
        "model_state_dict": state,
        "optimizer_state_dict": optimizer.state_dict(),
        "class_to_idx": {"rose": 1, "daisy": 0, "tulip": 2},
        "device": torch.device("cpu"),
    }
    torch.save(whole, tmp_path / "m.pt", _use_new_zipfile_serialization=new)
    assert main(["inspect", str(tmp_path / "m.pt")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for words in (
        "under model_state_dict",
        "epoch",
        "optimizer_state_dict",
        "module.",
        "7 numbers",
        "daisy, rose, tulip",
        "--model",
    ):
        assert words in out
    assert inspect(tmp_path / "m.pt").parameters == sum(tensor.numel() for tensor in network.state_dict().values())
    assert main(["inspect", str(tmp_path / "m.pt"), "--lang", "pt"]) == 0
    assert "Um checkpoint inteiro" in capsys.readouterr().out
    assert main(["inspect", str(tmp_path / "m.pt"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "weights"


def test_safetensors_are_listed_with_nothing_but_python(tmp_path):
    save_file({name: tensor.clone() for name, tensor in SMALL.items()}, tmp_path / "m.safetensors")
    assert sorted(listed(tmp_path / "m.safetensors")) == LISTED


def test_no_torch_is_needed(tmp_path):
    torch.save(SMALL, tmp_path / "m.pth")
    program = "import sys, olhar; olhar.inspect(sys.argv[1]); assert not {'torch', 'safetensors'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "m.pth")], check=True, env=dict(os.environ))


def resnet(blocks, deep=False, classes=1000):
    """The names and shapes of torchvision's ResNet, as far as they tell it."""
    found = {"conv1.weight": (64, 3, 7, 7)}
    for stage, count in enumerate(blocks, 1):
        for block in range(count):
            for layer in range(1, 4 if deep else 3):
                found[f"layer{stage}.{block}.conv{layer}.weight"] = (64, 64, 3, 3)
    return found | {"fc.weight": (classes, 512)}


def stacked(convolutions, norm=False):
    found = {f"features.{3 * i}.weight": (64, 3, 3, 3) for i in range(convolutions)}
    found |= {"features.1.running_mean": (64,)} if norm else {}
    return found | {f"classifier.{i}.weight": (10, 10) for i in (0, 3, 6)}


NETWORKS = {
    "ResNet-18": resnet((2, 2, 2, 2)),
    "ResNet-34": resnet((3, 4, 6, 3)),
    "ResNet-50": resnet((3, 4, 6, 3), deep=True),
    "ResNet-152": resnet((3, 8, 36, 3), deep=True),
    "VGG-16": stacked(13),
    "VGG-19 (BN)": stacked(16, norm=True),
    "MobileNetV2": {"features.1.conv.0.0.weight": (32, 1, 3, 3), "features.18.0.weight": (1280, 320, 1, 1)},
    "MobileNetV3-Small": {
        "features.1.block.0.0.weight": (16, 1, 3, 3),
        "classifier.0.weight": (1024, 576),
        "classifier.3.weight": (9, 1024),
    },
    "EfficientNet-B0": {
        "features.0.0.weight": (32, 3, 3, 3),
        "features.1.0.block.0.0.weight": (32, 1, 3, 3),
        "features.1.0.block.1.fc1.weight": (8, 32, 1, 1),
        "features.2.0.weight": (1280, 320, 1, 1),
    },
    "ViT-B/16": {"class_token": (1, 1, 768), "conv_proj.weight": (768, 3, 16, 16)},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_usual_networks_are_known_by_their_names_and_shapes(tmp_path, name):
    tensors = {key: torch.zeros(1).expand(shape) for key, shape in NETWORKS[name].items()}
    torch.save(tensors, tmp_path / "w.pth")
    assert any(f"of {name}." in str(notice) for notice in inspect(tmp_path / "w.pth").notices)


def test_unknown_weights_are_not_called_anything(tmp_path):
    torch.save(SMALL, tmp_path / "w.pth")
    assert any("no network that Olhar knows" in str(notice) for notice in inspect(tmp_path / "w.pth").notices)


def test_the_weights_of_a_run_name_the_run(run, tmp_path):
    found = inspect(run.path / "best.safetensors")
    assert found.classes == run.signature.classes
    assert any(f"olhar predict {run.path}" in str(notice) for notice in found.notices)
    exported = inspect(run.export(tmp_path / "m.safetensors"))
    assert exported.classes == run.signature.classes


class Marker:
    """Writes a file if it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.mark.parametrize("way", ["zip", "before 1.6", "plain"])
def test_a_pickle_that_wants_more_is_refused_by_name_and_runs_nothing(tmp_path, way):
    path, marker = tmp_path / "evil.pt", tmp_path / "marker"
    content = {"a": torch.zeros(2), "b": Marker(marker)} if way != "plain" else {"b": Marker(marker)}
    if way == "plain":
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=way == "zip")
    for verb in (inspect, olhar.load):
        with pytest.raises(ModelError) as error:
            verb(path)
    with pytest.raises(ModelError) as error:
        inspect(path)
    assert_says(error, "evil.pt", f"{os.system.__module__}.system", "state_dict")
    assert not marker.exists()


@pytest.mark.parametrize("new", [True, False], ids=["zip", "before 1.6"])
def test_a_whole_network_in_a_pickle_is_refused_with_the_way_out(tmp_path, new):
    torch.save(nn.Linear(2, 2), tmp_path / "m.pt", _use_new_zipfile_serialization=new)
    with pytest.raises(ModelError) as error:
        inspect(tmp_path / "m.pt")
    assert_says(error, "m.pt", "torch.nn.modules.linear.Linear", "state_dict")


def test_torchscript_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.pt", "w") as file:
        file.writestr("m/data.pkl", b"\x80\x02}.")
        file.writestr("m/code/__torch__.py", "class A: pass")
    with pytest.raises(ModelError) as error:
        inspect(tmp_path / "m.pt")
    assert_says(error, "m.pt", "TorchScript")


def test_a_zip_that_unpacks_without_end_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.pt", "w", zipfile.ZIP_DEFLATED) as file, file.open("m/data.pkl", "w") as member:
        for _ in range(320):
            member.write(bytes(2**20))
    with pytest.raises(ModelError) as error:
        inspect(tmp_path / "m.pt")
    assert_says(error, "m.pt", "unpack")


def test_tuples_within_tuples_end_soon(tmp_path):
    doubled = ()
    for _ in range(60):
        doubled = (doubled, doubled)
    (tmp_path / "m.pt").write_bytes(b"\x80\x02}" + pickle.dumps(doubled, 2)[2:-1] + b"K\x01s.")
    with pytest.raises(ModelError) as error:
        inspect(tmp_path / "m.pt")
    assert_says(error, "m.pt", "dict[tuple]")


@pytest.mark.parametrize("form", ["zip", "before 1.6", "safetensors"])
@given(data=st.data())
@settings(max_examples=40)
def test_damaged_weights_are_told_or_read(tmp_path_factory, form, data):
    path = tmp_path_factory.mktemp("w") / ("m.safetensors" if form == "safetensors" else "m.pth")
    if form == "safetensors":
        save_file({name: tensor.clone() for name, tensor in SMALL.items()}, path)
    else:
        torch.save(SMALL, path, _use_new_zipfile_serialization=form == "zip")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    try:
        inspect(path)
    except OlharError as error:
        assert path.name in str(error)  # noqa: PT017


def test_a_safetensors_that_promises_more_than_it_holds_is_refused(tmp_path):
    table = json.dumps({"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}}).encode()
    (tmp_path / "m.safetensors").write_bytes(struct.pack("<Q", len(table)) + table)
    with pytest.raises(ModelError) as error:
        inspect(tmp_path / "m.safetensors")
    assert_says(error, "m.safetensors")


def test_where_a_model_is_needed_weights_say_what_they_are(tmp_path, run):
    torch.save(SMALL, tmp_path / "w.pth")
    verbs = (
        lambda path: olhar.predict(path, "x.jpg"),
        lambda path: olhar.evaluate(path, tmp_path),
        olhar.serve,
        lambda path: olhar.export(path, tmp_path / "m.onnx"),
        lambda path: olhar.train(tmp_path, model=str(path), into=tmp_path / "run"),
        lambda path: inspect(path, save=True),
    )
    for verb in verbs:
        for path in (tmp_path / "w.pth", run.path / "best.safetensors"):
            with pytest.raises(ModelError) as error:
                verb(path)
            assert_says(error, path.name, "olhar inspect")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"classes": 3}', b"\xff\xfe"], ids=["cut", "list", "other", "no text"])
@pytest.mark.parametrize("of_run", [True, False], ids=["in a run", "beside an export"])
def test_a_damaged_signature_beside_weights_does_not_hide_what_is_in_them(tmp_path, damage, of_run):
    save_file(dict(SMALL), tmp_path / "m.safetensors")
    if of_run:
        (tmp_path / "request.json").write_text("{}")
    (tmp_path / ("signature.json" if of_run else "m.signature.json")).write_bytes(damage)
    found = inspect(tmp_path / "m.safetensors")
    assert (found.signature, found.source, found.parameters) == (None, "nothing", 11)
