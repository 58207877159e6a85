"""LSTM, GRU and SimpleRNN, lowered: few pictures need them, but a model that holds one should open all the same."""

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Recurrent, Weight
from olhar.keras_files.layers.call import Call, Value

_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
_KINDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
_FUNCTIONS = ("tanh", "sigmoid", "relu", "hard_sigmoid")


def lower_recurrent(call: Call) -> Value:
    """LSTM, GRU, SimpleRNN."""
    if call.x.rank != 3:
        raise ModelError("keras.rank", layer=call.spec.name, expected=2, found=call.x.rank - 1)
    name, options = call.spec.class_name, call.options
    units = options.whole("units")
    width = units * _GATES[name]
    after = name == "GRU" and options.flag("reset_after", False)
    features = call.x.shape[-1]
    op = Recurrent(
        _KINDS[name],  # pyright: ignore[reportArgumentType]
        call.weight("kernel", features, width),
        call.weight("recurrent_kernel", units, width),
        _bias(call, width, after),
        _function(call, "activation", "tanh"),
        _function(
            call, "recurrent_activation", "sigmoid" if call.pen.facts.major >= 3 or name == "SimpleRNN" else "hard_sigmoid"
        ),
        after,
        options.flag("go_backwards", False),
        options.flag("return_sequences", False),
    )
    if options.flag("return_state", False):
        raise call.wrong("return_state")
    return call.emit(op, call.x)


def _bias(call: Call, width: int, after: bool) -> Weight:
    if not call.has("bias"):
        return Weight(np.zeros((2, width) if after else (width,), np.float32), learns=False)
    return call.weight("bias", 2, width) if after else call.weight("bias", width)


def _function(call: Call, option: str, default: str) -> str:
    given = call.options.raw(option)
    found = str(given["config"] if isinstance(given, dict) else given or default)
    if found not in _FUNCTIONS or (found == "hard_sigmoid" and call.pen.facts.major >= 3):
        raise ModelError("keras.activation", layer=call.spec.name, activation=found[:60])
    return found
