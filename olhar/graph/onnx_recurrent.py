"""Keras's recurrent layers as ONNX's: gates in ONNX's order, time first."""

import numpy as np

from olhar.graph.graph import Floats, Recurrent
from olhar.graph.onnx_writer import OnnxWriter

_KINDS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
_ORDERS = {"lstm": (0, 3, 1, 2), "gru": (0, 1, 2), "rnn": (0,)}
"""ONNX's gates by their number in Keras: input, output, forget, cell of input, forget, cell, output."""
_FUNCTIONS = {"tanh": "Tanh", "sigmoid": "Sigmoid", "relu": "Relu", "hard_sigmoid": "HardSigmoid"}


def _gates(value: Floats, kind: str) -> Floats:
    parts = np.split(value, len(_ORDERS[kind]), axis=-1)
    return np.concatenate([parts[i] for i in _ORDERS[kind]], axis=-1)


def lower_recurrent(writer: OnnxWriter, op: Recurrent, source: str, output: str) -> None:
    """Write the nodes of a recurrent layer; ``backwards`` gives its sequence in the order in which it was read, as Keras does."""
    steps = writer.add("Transpose", [source], perm=[1, 0, 2])
    if op.backwards:
        steps = writer.add("Slice", [steps, writer.whole(-1), writer.whole(-(2**31)), writer.whole(0), writer.whole(-1)])
    units = op.recurrent.value.shape[0]
    bias = op.bias.value
    biases = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
    arrays = [
        writer.array(_gates(op.kernel.value, op.kind).T[None]),
        writer.array(_gates(op.recurrent.value, op.kind).T[None]),
        writer.array(_gates(biases, op.kind).reshape(1, -1)),
    ]
    every, last = f"{output}_every", f"{output}_last"
    node = writer.add(_KINDS[op.kind], [steps, *arrays], every, hidden_size=units, **_attributes(op))
    writer.nodes[-1].output.append(last)
    if op.sequences:
        flat = writer.add("Squeeze", [node, writer.whole(1)])
        writer.add("Transpose", [flat], output, perm=[1, 0, 2])
    else:
        writer.add("Squeeze", [last, writer.whole(0)], output)


def _attributes(op: Recurrent) -> dict[str, object]:
    gate, cell = _FUNCTIONS[op.gate], _FUNCTIONS[op.activation]
    functions = {"lstm": [gate, cell, cell], "gru": [gate, cell], "rnn": [cell]}[op.kind]
    slopes = {"activation_alpha": [0.2] * len(functions), "activation_beta": [0.5] * len(functions)}
    hard = {key: value for key, value in slopes.items() if "HardSigmoid" in functions}
    return {"activations": functions, **hard, **({"linear_before_reset": int(op.reset_after)} if op.kind == "gru" else {})}
