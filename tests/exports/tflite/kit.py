"""What LiteRT says of tiny bundles, beside ONNX Runtime."""

import numpy as np

from olhar.base.images import Pixels
from olhar.bundle.predictor import Predictor
from olhar.exports.tflite.int8.export import int8_plan
from olhar.exports.tflite.interpreter import answers
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.plan import OperatorPlan
from olhar.exports.tflite.schema import written
from tests.exports.web.kit import SIDE


def difference(model: bytes, least: float = 0.01) -> float:
    """How far a TFLite file is from ONNX Runtime on three pictures, by phones' kernels and by the plain ones."""
    pixels = pictures()
    expected = Predictor.from_bytes(model, "tiny").probabilities(pixels)
    assert np.ptp(expected) >= least
    file = written(planned(model, "tiny"), {})
    return max(float(np.abs(answers(file, pixels, plain=plain) - expected).max()) for plain in (False, True))


def pictures(seed: int = 1, channels: int = 3) -> Pixels:
    """Three pictures of noise, a darker, a brighter and a flatter one."""
    lows = np.array([5, 60, 120])[:, None, None, None]
    return np.random.default_rng(seed).integers(lows, 256 - lows // 2, (3, SIDE, SIDE, channels)).astype(np.uint8)


def eight(model: bytes, channels: int = 3) -> OperatorPlan:
    """A tiny bundle in whole numbers of eight bits, its ranges settled by noise of the same kind."""
    return int8_plan(model, "tiny", np.concatenate([pictures(seed, channels) for seed in (1, 2, 3)]))


def int8_difference(model: bytes, channels: int = 3) -> float:
    """How far the same in int8 is from ONNX Runtime, by phones' kernels and by the plain ones; all of it is whole numbers.

    What a logit that is two steps off explains is taken away: these tiny networks have large ones.
    """
    pixels = pictures(1, channels)
    expected = Predictor.from_bytes(model, "tiny").probabilities(pixels)
    plan = eight(model, channels)
    computed = {operator.output.kind for operator in plan.operators} | {plan.picture.kind, plan.answer.kind}
    assert computed == {"INT8"}
    logits = next(operator for operator in plan.operators if operator.output is plan.answer).inputs[0].quantization
    assert logits is not None
    file = written(plan, {})
    far = max(float(np.abs(answers(file, pixels, plain=plain) - expected).max()) for plain in (False, True))
    return far - logits.scale / 2


def kinds(model: bytes) -> list[str]:
    """The operators of a file in their order."""
    return [operator.kind for operator in planned(model, "tiny").operators]
