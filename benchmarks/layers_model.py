"""The peer of ``benchmarks/teachable.py``: a ``.h5`` as Teachable Machine's web export has it, and a page by its library."""

import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np

TFJS = "@tensorflow/tfjs/dist/tf.min.js"
WASM = "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js"
WASM_MODULE = "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"
LIBRARY = "@teachablemachine/image/dist/teachablemachine-image.min.js"
BACKENDS = {"wasm": (TFJS, WASM, LIBRARY), "webgl": (TFJS, LIBRARY), "cpu": (TFJS, LIBRARY)}
"""The scripts of each."""
PAGE = Path(__file__).parent / "peers" / "teachable.html"


def write_peer(path: Path, classes: list[str], packages: Path, into: Path) -> None:
    """Write ``BACKEND.html`` for each, with the scripts, the network and its labels beside them."""
    into.mkdir()
    for name in (TFJS, WASM, WASM_MODULE, LIBRARY):
        shutil.copy(packages / name, into)
    for backend, scripts in BACKENDS.items():
        tags = "\n".join(f'<script src="{Path(name).name}"></script>' for name in scripts)
        page = PAGE.read_text(encoding="utf-8").replace("SCRIPTS", tags).replace("BACKEND", backend)
        (into / f"{backend}.html").write_text(page, encoding="utf-8")
    model, weights = layers_model(path)
    (into / "model.json").write_text(json.dumps(model), encoding="utf-8")
    (into / "weights.bin").write_bytes(weights)
    (into / "metadata.json").write_text(json.dumps({"labels": classes}), encoding="utf-8")


def layers_model(path: Path) -> tuple[dict[str, Any], bytes]:
    """The file's configuration as it stands there, and its weights one after another."""
    arrays = dict[str, Any]()
    with h5py.File(path) as opened:
        file: Any = opened
        topology = {"keras_version": _text(file.attrs["keras_version"]), "model_config": json.loads(file.attrs["model_config"])}
        layers = file["model_weights"]
        for layer in layers.attrs["layer_names"]:
            for name in layers[layer].attrs["weight_names"]:
                arrays[_text(name).removesuffix(":0")] = np.asarray(layers[layer][name], np.float32)
    weights = [{"name": name, "shape": array.shape, "dtype": "float32"} for name, array in arrays.items()]
    manifest = [{"paths": ["weights.bin"], "weights": weights}]
    model = {"format": "layers-model", "modelTopology": topology, "weightsManifest": manifest}
    return model, b"".join(array.tobytes() for array in arrays.values())


def _text(word: Any) -> str:
    return word.decode() if isinstance(word, bytes) else str(word)
