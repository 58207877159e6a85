"""A bundle for pictures of any size written to a file, kept only if it answers as the bundle does that it was made from."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from olhar.base.files import write_error, write_whole
from olhar.base.images import Pixels
from olhar.base.progress import Progress
from olhar.base.resizing import fitted
from olhar.base.texts import sentence
from olhar.bundle.parity import compared, golden
from olhar.bundle.predictor import Predictor
from olhar.exports.any_size import with_any_size
from olhar.exports.run_file import refuse_taken

_SIDES = ((1.0, 1.0), (2.3, 1.7), (1.0, 3.1), (0.4, 0.7), (5.0, 2.0), (0.9, 4.3))
"""Height and width of the pictures of a proof, as shares of the network's."""


def export_any_size(bundle: bytes, name: str, target: Path, *, force: bool, progress: Progress) -> Path:
    """Write the bundle, and ``NAME.golden.json`` beside it.

    Args:
        bundle: the file of a model.onnx.
        name: what to call it in errors.
        target: the file, ``.onnx``.
        force: replace what is there.
        progress: where to tell what was compared.

    Raises:
        UsageError: a file is there already.
        ModelError: it answers otherwise.
        RunError: it cannot be written.
    """
    refuse_taken(target, force)
    plain = Predictor.from_bytes(bundle, name)
    made = with_any_size(bundle, plain.signature)
    predictor = Predictor.from_bytes(made, target.name)
    pairs = [_pair(plain, number, shares) for number, shares in enumerate(_SIDES)]
    prepared = np.stack([pixels for _, pixels in pairs])
    answers = np.concatenate([predictor.probabilities(picture[np.newaxis]) for picture, _ in pairs])
    difference = compared(plain.probabilities(prepared), answers, target.name)
    proof = {"olhar": 1} | golden(predictor, prepared[:3]) | {"agreement": difference, "pictures_compared": len(pairs)}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, made)
        write_whole(target.with_suffix(".golden.json"), (json.dumps(proof, ensure_ascii=False) + "\n").encode("utf-8"))
    except OSError as error:
        raise write_error(target, error, len(made)) from error
    progress.line(sentence("export.any_size", name=target.name, difference=difference, n=len(pairs)))
    return target


def _pair(predictor: Predictor, number: int, shares: tuple[float, float]) -> tuple[Pixels, Pixels]:
    """A picture of another size, RGB (H, W, 3), and what the rule makes of it: coarse noise with fine noise on it."""
    signature, rng = predictor.signature, np.random.default_rng(number)
    height, width = (max(1, round(side * share)) for side, share in zip(signature.shape, shares, strict=False))
    coarse = Image.fromarray(rng.integers(0, 256, (7, 9, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    noisy = np.asarray(coarse).astype(np.int64) + rng.integers(-20, 21, (height, width, 3))
    image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    plain = image if signature.channels == 3 else image.convert("L")
    pixels = np.asarray(fitted(plain, (signature.height, signature.width), signature.fit)).reshape(signature.shape)
    return np.asarray(image), pixels
