"""Keras at work: a plan becomes a file that Keras wrote, and the file is opened again. The one place that imports Keras."""

import contextlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Floats
from olhar.graph.keras_writer import KerasPlan

FORMS = ("keras", "h5", "json")
_BATCH = 32


def save(plan: KerasPlan, target: Path) -> tuple[Path, ...]:
    """Write a model as today's Keras writes it: ``.keras``, ``.h5``, or ``.json`` with ``NAME.weights.h5`` beside it.

    Returns:
        What was written.
    """
    with _quiet_keras() as keras:
        model = _keras_model(keras, plan, target.stem)
        if target.suffix != ".json":
            model.save(target)
            return (target,)
        weights = weights_beside(target)
        model.save_weights(weights)
        target.write_text(model.to_json(indent=1), encoding="utf-8")
        return target, weights


def weights_beside(target: Path) -> Path:
    """Where the weights of an architecture lie; Keras wants the name to end so."""
    return target.with_name(f"{target.stem}.weights.h5")


def predictions(target: Path, inputs: list[Floats]) -> list[Floats]:
    """What Keras itself answers once it has opened a file that ``save`` wrote.

    Args:
        target: the file.
        inputs: float32 (N, ...), one array an input.

    Returns:
        float32 (N, ...), one array an output.
    """
    with _quiet_keras() as keras:
        if target.suffix == ".json":
            model = keras.models.model_from_json(target.read_text(encoding="utf-8"))
            model.load_weights(weights_beside(target))
        else:
            model = keras.models.load_model(target, compile=False)
        starts = range(0, len(inputs[0]), _BATCH)
        batches: list[list[Floats]] = [
            _as_list(model.predict_on_batch(_one_or_all([x[i : i + _BATCH] for x in inputs]))) for i in starts
        ]
    return [np.concatenate(parts).astype(np.float32) for parts in zip(*batches, strict=True)]


@contextlib.contextmanager
def _quiet_keras() -> Generator[Any]:
    """Keras, quiet, channels last; on torch, unless the person's program has imported it on something else already.

    Raises:
        ModelError: Keras fails; its own words are in the sentence.
    """
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            keras = _imported()
            data_format = keras.config.image_data_format()
            keras.config.set_image_data_format("channels_last")
            try:
                yield keras
            except OSError:
                raise
            except Exception as error:
                reason = " ".join(str(error).split())[:200]
                raise ModelError("export.keras_failed", reason=reason) from error
            finally:
                keras.config.set_image_data_format(data_format)
    finally:
        logging.disable(logging.NOTSET)


def _imported() -> Any:
    """Keras reads its settings from the person's home folder, and writes them there: it is shown an empty one."""
    if "keras" not in sys.modules:
        with tempfile.TemporaryDirectory() as home, _environment(KERAS_BACKEND="torch", KERAS_HOME=home):
            import_module("keras")
    return sys.modules["keras"]


@contextlib.contextmanager
def _environment(**settings: str) -> Generator[None]:
    previous = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in previous.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _keras_model(keras: Any, plan: KerasPlan, name: str) -> Any:
    tensors: dict[str, Any] = {
        tensor: keras.Input(shape, name=f"input_{i}", dtype="float32")
        for i, (tensor, shape) in enumerate(zip(plan.inputs, plan.shapes, strict=True))
    }
    for planned in plan.layers:
        layer = getattr(keras.layers, planned.class_name)(dtype="float32", **planned.options)
        tensors[planned.output] = layer(_one_or_all([tensors[tensor] for tensor in planned.inputs]))
        if planned.weights:
            layer.set_weights(list(planned.weights))
    ends = [[tensors[tensor] for tensor in names] for names in (plan.inputs, plan.outputs)]
    return keras.Model(*map(_one_or_all, ends), name="".join(c if c.isalnum() else "_" for c in name) or "model")


def _one_or_all(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
