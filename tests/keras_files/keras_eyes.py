"""Tiny Keras files that tell three colours apart if they are asked as they want to be, and pictures of those colours."""

from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import encoded, noisy
from tests.keras_files.keras_crafting import conv, dense, h5, layer, sequential

EYES = {"blue": (30, 40, 200), "green": (40, 170, 30), "red": (120, 30, 40)}
"""No two classes change places when red and blue do."""
ORDER = ("red", "blue", "green")
_CHANNELS = {"red": 0, "green": 1, "blue": 2}
_WIDTH = 0.06


def write_eyes(root: Path, per_class: int = 30, side: int = 16, start: int = 0) -> Path:
    """A folder a class."""
    for number, (name, colour) in enumerate(EYES.items()):
        (root / name).mkdir(parents=True, exist_ok=True)
        for i in range(per_class):
            (root / name / f"{i:03}.png").write_bytes(encoded(noisy(colour, start + 1000 * number + i, side)))
    return root


def colours(
    path: Path, low: float = -1.0, high: float = 1.0, activation: str = "softmax", first: dict[str, Any] | None = None
) -> Path:
    """A file whose outputs are red, blue, green, right for pictures scaled to ``low..high`` in RGB and for nothing else.

    A class speaks where the mean of its channel is near its colour's: max(0, 1 - |mean - colour| / width), as three ReLUs.
    """
    return _written(path, *_colour_weights(low, high), activation, first)


def teachable(path: Path) -> Path:
    """The same for -1..1, built as Teachable Machine builds: a MobileNet's names, pooling, and a head of two dense layers."""
    names = ("conv1", "conv_dw_1", "conv_pw_1")
    same = [conv(name, 3, (1, 1), use_bias=False) for name in names]
    pool = layer("GlobalAveragePooling2D", "pool", data_format="channels_last")
    body, head = sequential((16, 16, 3), *same, pool), sequential((3,), dense("d1", 9, "relu"), dense("d2", 3, "softmax"))
    body["config"]["name"], head["config"]["name"] = "sequential_1", "sequential_3"
    hidden, bias, last = _colour_weights(-1.0, 1.0)
    kernels = {f"{name}/kernel": np.eye(3, dtype=np.float32).reshape(1, 1, 3, 3) for name in names}
    dense_weights = {"d1/kernel": hidden, "d1/bias": bias, "d2/kernel": last, "d2/bias": np.zeros(3, np.float32)}
    return h5(path, sequential((16, 16, 3), body, head), {"sequential_1": kernels, "sequential_3": dense_weights})


def _colour_weights(low: float, high: float) -> tuple[Any, Any, Any]:
    hidden, bias, last = np.zeros((3, 9), np.float32), np.zeros(9, np.float32), np.zeros((9, 3), np.float32)
    for output, name in enumerate(ORDER):
        channel = _CHANNELS[name]
        target = EYES[name][channel] / 255
        for i, (shift, weight) in enumerate(((1, 1), (0, -2), (-1, 1))):
            hidden[channel, 3 * channel + i] = 1 / (high - low) / _WIDTH
            bias[3 * channel + i] = (-low / (high - low) - target) / _WIDTH + shift
            last[3 * channel + i, output] = 9 * weight
    return hidden, bias, last


def one_sigmoid(path: Path) -> Path:
    """A file of one sigmoid unit for pictures in 0..1: likely where red is stronger than green, which is its second class."""
    hidden = np.array([[1, -1], [-1, 1], [0, 0]], np.float32)
    last = np.array([[20], [-20]], np.float32)
    return _written(path, hidden, np.zeros(2, np.float32), last, "sigmoid", None)


def indifferent(path: Path, first: dict[str, Any] | None = None) -> Path:
    """A file to which every scale is the same: the strongest channel wins; it ends in logits, red, green, blue."""
    hidden = np.eye(3, dtype=np.float32)
    return _written(path, hidden, np.full(3, 300, np.float32), 2 * hidden, "linear", first)


def strongest(path: Path, outputs: int = 3) -> Path:
    """A file for pictures in 0..1 in which the strongest channel wins: red, green, blue, and outputs that never do.

    Of 0..255 it gives the same classes, and is far too sure of them.
    """
    kernel, bias = np.zeros((3, outputs), np.float32), np.full(outputs, -9, np.float32)
    kernel[:, :3], bias[:3] = 24 * np.eye(3), 0
    pool = layer("GlobalAveragePooling2D", "pool", data_format="channels_last")
    plan = sequential((16, 16, 3), pool, dense("last", outputs, "softmax"))
    return h5(path, plan, {"pool": {}, "last": {"kernel": kernel, "bias": bias}})


def _written(path: Path, hidden: Any, bias: Any, last: Any, activation: str, first: dict[str, Any] | None) -> Path:
    layers = [
        *([first] if first else []),
        layer("GlobalAveragePooling2D", "pool", data_format="channels_last"),
        dense("hidden", hidden.shape[1], "relu"),
        dense("last", last.shape[1], activation),
    ]
    weights = {
        **({first["config"]["name"]: {}} if first else {}),
        "pool": {},
        "hidden": {"kernel": hidden, "bias": bias},
        "last": {"kernel": last, "bias": np.zeros(last.shape[1], np.float32)},
    }
    return h5(path, sequential((16, 16, 3), *layers), weights)
