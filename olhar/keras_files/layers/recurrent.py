"""LSTM, GRU and SimpleRNN, lowered: few pictures need them, but a model that holds one should open all the same."""

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Recurrent, Weight
from olhar.keras_files.layers.call import LayerCall, Value

_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
_KINDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
_FUNCTIONS = ("tanh", "sigmoid", "relu", "hard_sigmoid")


def lower_recurrent(call: LayerCall) -> Value:
    """LSTM, GRU, SimpleRNN."""
    if call.x.rank != 3:
        raise ModelError("keras.rank", layer=call.spec.name, expected=2, found=call.x.rank - 1)
    name, options = call.spec.class_name, call.options
    units = options.whole("units")
    width = units * _GATES[name]
    reset_after = name == "GRU" and options.flag("reset_after", False)
    features = call.x.shape[-1]
    op = Recurrent(
        _KINDS[name],  # pyright: ignore[reportArgumentType]
        call.weight("kernel", features, width),
        call.weight("recurrent_kernel", units, width),
        _bias(call, width, reset_after),
        _function(call, "activation", "tanh"),
        _function(
            call, "recurrent_activation", "sigmoid" if call.writer.facts.major >= 3 or name == "SimpleRNN" else "hard_sigmoid"
        ),
        reset_after,
        options.flag("go_backwards", False),
        options.flag("return_sequences", False),
    )
    if options.flag("return_state", False):
        raise call.wrong("return_state")
    return call.emit(op, call.x)


def _bias(call: LayerCall, width: int, reset_after: bool) -> Weight:
    if not call.has("bias"):
        return Weight(np.zeros((2, width) if reset_after else (width,), np.float32), learns=False)
    return call.weight("bias", 2, width) if reset_after else call.weight("bias", width)


def _function(call: LayerCall, option: str, default: str) -> str:
    stated = call.options.raw(option)
    activation = str(stated["config"] if isinstance(stated, dict) else stated or default)
    if activation not in _FUNCTIONS or (activation == "hard_sigmoid" and call.writer.facts.major >= 3):
        raise ModelError("keras.activation", layer=call.spec.name, activation=activation[:60])
    return activation
