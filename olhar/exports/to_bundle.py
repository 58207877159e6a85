"""A Keras file -> a bundle: model.onnx with its signature inside, kept only if it answers as the file does."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.files import write_error, write_whole
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.bundle.parity import agreement, golden
from olhar.bundle.predictor import Predictor
from olhar.foreign.classifier import open_classifier, scaled
from olhar.foreign.opening import Opening
from olhar.foreign.preprocessing import required_preprocessing

_PROVED_ON = 32


def export_keras(path: Path, target: Path, opening: Opening) -> Path:
    """Write the bundle, and ``NAME.golden.json`` beside it.

    Raises:
        ModelError: the file cannot be opened, does not say how it wants its pictures, or the bundle answers otherwise.
        RunError: the bundle cannot be written.
    """
    bundle, proof = keras_bundle(path, target.name, opening)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, bundle)
        write_whole(target.with_suffix(".golden.json"), (json.dumps(proof, ensure_ascii=False) + "\n").encode("utf-8"))
    except OSError as error:
        raise write_error(target, error, len(bundle)) from error
    return target


def keras_bundle(path: Path, name: str, opening: Opening) -> tuple[bytes, dict[str, Any]]:
    """The bundle of a Keras file, and the proof that it answers as that does; ``name`` is the bundle's in errors.

    Raises:
        ModelError: the file cannot be opened, does not say how it wants its pictures, or the bundle answers otherwise.
    """
    keras_classifier = open_classifier(path, opening)
    signature = required_preprocessing(keras_classifier, opening).signature
    bundle = keras_classifier.bundle(signature)
    predictor = Predictor.from_bytes(bundle, name)
    pixels = noise(signature)
    expected = keras_classifier.probabilities(keras_classifier.outputs(scaled(pixels, signature)))
    difference = agreement(expected, predictor, pixels)
    return bundle, {"olhar": 1} | golden(predictor, pixels[:3]) | {"agreement": difference, "pictures_compared": len(pixels)}


def noise(signature: Signature) -> Pixels:
    """Pictures of coarse noise, the same every time: blocks of colour tell more than single pixels do."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 256, (_PROVED_ON, 8, 8, signature.channels), dtype=np.uint8)
    rows, columns = (np.arange(side) * 8 // side for side in (signature.height, signature.width))
    return np.ascontiguousarray(coarse[:, rows][:, :, columns])
