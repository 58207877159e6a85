"""A bundle written as a TFLite file of eight bits, measured beside its floats; kept only if it does not answer much worse."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import ModelError
from olhar.base.extras import need
from olhar.base.images import Pixels
from olhar.base.progress import Advance, Progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.bundle.parity import golden_of
from olhar.bundle.predictor import Predictor
from olhar.exports.tflite.boards import least_arena, missing_on_boards, resolver_calls
from olhar.exports.tflite.export import contract, keep, plain_signature, told
from olhar.exports.tflite.int8.calibration import observed
from olhar.exports.tflite.int8.cost import Int8Cost
from olhar.exports.tflite.int8.kernels import refuse_unknown
from olhar.exports.tflite.int8.quantised import quantised
from olhar.exports.tflite.int8.rewriting import rewritten
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.plan import OperatorPlan
from olhar.exports.tflite.schema import written

_STEPS = 4
"""Other kernels round elsewhere: an answer of theirs may be so many steps off, or as many as those of LiteRT are apart."""


@dataclass(frozen=True)
class Int8Pictures:
    """The pictures that settle the ranges of a network, and those on which its cost is measured.

    Attributes:
        calibrating: uint8 (M, height, width, channels), prepared.
        measuring: uint8 (N, height, width, channels), prepared.
        labels: int64 (N,), the true class of each of these, -1 where it is not known.
        by: what measures: validation pictures, pictures that taught too, or a person's.
    """

    calibrating: Pixels
    measuring: Pixels
    labels: NDArray[np.int64]
    by: Literal["validation", "taught", "given"]


def export_int8(
    bundle: bytes, name: str, target: Path, pictures: Int8Pictures, *, as_c: bool, force: bool, progress: Progress
) -> Path:
    """Write a bundle as a TFLite file of int8, with ``NAME.labels.txt`` and ``NAME.tflite.json`` beside it.

    Args:
        bundle: the file of a model.onnx.
        name: what to call it in errors.
        target: the file.
        pictures: settle the ranges, and measure.
        as_c: write ``NAME.cc`` and ``NAME.h`` too, its bytes for a program in C.
        force: replace what is there, and keep the file however it answers.
        progress: where to tell what it costs.

    Raises:
        UsageError: something else is there already.
        ExtraError: LiteRT is not installed.
        ModelError: an operation that has no kernel of eight bits, or the file answers much worse than the floats.
        RunError: it cannot be written.
    """
    need("tflite", "export --to tflite")
    predictor = Predictor.from_bytes(bundle, name)
    signature = _signature(predictor.signature)
    with progress.stage(sentence("predict.asking"), len(pictures.calibrating) + 2 * len(pictures.measuring)) as advance:
        plan = int8_plan(bundle, name, _counted(pictures.calibrating, advance))
        model = written(plan, contract(signature))
        cost, answers, apart = _measured(model, predictor, pictures, target.name, advance)
    _tell_cost(cost, pictures, target.name, progress)
    if cost.too_much and not force:
        raise ModelError("tflite.int8_worse", where=target.name, lost=cost.lost - cost.won, n=cost.labelled or cost.n)
    about = {"int8": _about(plan, cost, pictures)} | _golden(signature, pictures.measuring, answers, apart)
    keep(model, target, signature, about, plan=plan, as_c=as_c, force=force)
    _tell_how(predictor.signature, plan, target, as_c, progress)
    return target


def int8_plan(bundle: bytes, name: str, calibrating: Iterable[Pixels]) -> OperatorPlan:
    """What has to be computed for one picture, in whole numbers of eight bits.

    Args:
        bundle: the file of a model.onnx.
        name: of the file, for errors.
        calibrating: prepared pictures that settle the ranges, uint8 (height, width, channels) each.

    Raises:
        ModelError: an operation that TFLite does not have, or not in eight bits.
    """
    plan = rewritten(planned(bundle, name))
    refuse_unknown(plan, name)
    return quantised(plan, observed(plan, calibrating))


def _signature(signature: Signature) -> Signature:
    """The contract of the file: what was promised was shown for floats; where the model does not know stays as it is."""
    return replace(plain_signature(signature), at_least=0.0, prediction_sets=0.0, set_threshold=0.0)


def _counted(pixels: Pixels, advance: Advance) -> Iterator[Pixels]:
    """Pictures one by one, each counted once it was looked at."""
    for picture in pixels:
        yield picture
        advance(1)


def _measured(
    model: bytes, predictor: Predictor, pictures: Int8Pictures, where: str, advance: Advance
) -> tuple[Int8Cost, NDArray[np.float32], float]:
    """The dearer of the costs by phones' kernels and by the plain ones, the latter's answers, and how far the two are apart."""
    before = predictor.probabilities(pictures.measuring)
    fast, plain = (told(model, _counted(pictures.measuring, advance), where, plain=kernels) for kernels in (False, True))
    costs = [Int8Cost.of(before, after, pictures.labels) for after in (plain, fast)]
    dearer = max(costs, key=lambda cost: (cost.lost - cost.won, cost.other, cost.difference))
    return dearer, plain, float(np.abs(fast - plain).max())


def _golden(signature: Signature, pixels: Pixels, answers: NDArray[np.float32], apart: float) -> dict[str, Any]:
    """Three pictures and what the plain kernels say, which programs for small boards are to match."""
    proof = golden_of(signature.classes, pixels[:3], answers[:3])
    return proof | {"tolerance": max(_STEPS / 256, apart)}


def _about(plan: OperatorPlan, cost: Int8Cost, pictures: Int8Pictures) -> dict[str, Any]:
    """What stands beside the file."""
    given, answer = plan.picture.quantization, plan.answer.quantization
    assert given is not None
    assert answer is not None
    accuracy = dict(zip(("accuracy_before", "accuracy_after"), cost.accuracy, strict=True)) if cost.labelled else {}
    return {
        "input": {"scale": given.scale, "zero": given.zero, "from_level": -128},
        "output": {"scale": answer.scale, "zero": answer.zero},
        "calibrated_on": len(pictures.calibrating),
        "measured_on": cost.n,
        "measured_by": pictures.by,
        "agreement": cost.agreement,
        "largest_difference": cost.difference,
        **accuracy,
        "operators": resolver_calls(plan),
        "arena_at_least": least_arena(plan),
    }


def _tell_cost(cost: Int8Cost, pictures: Int8Pictures, name: str, progress: Progress) -> None:
    progress.line(sentence("tflite.int8_calibrated", name=name, n=len(pictures.calibrating)))
    if cost.labelled:
        before, after = cost.accuracy
        progress.line(sentence(f"tflite.int8_accuracy_{pictures.by}", before=before, after=after, n=cost.labelled))
    progress.line(sentence("tflite.int8_changes", agreement=cost.agreement, n=cost.n, difference=cost.difference))


def _tell_how(signature: Signature, plan: OperatorPlan, target: Path, as_c: bool, progress: Progress) -> None:
    """What the program that uses the file has to do, and what the file does not promise."""
    answer = plan.answer.quantization
    assert answer is not None
    about = {"width": signature.width, "height": signature.height, "channels": signature.channels, "fit": signature.fit}
    colours = "gray" if signature.channels == 1 else "rgb"
    progress.line(sentence(f"tflite.int8_takes_{colours}", name=target.name, **about))
    shift = f"{'-' if answer.zero > 0 else '+'} {abs(answer.zero)}"
    progress.line(sentence("tflite.int8_gives", scale=f"{answer.scale:.6g}", shift=shift))
    if signature.threshold:
        progress.line(sentence("tflite.int8_threshold", threshold=signature.threshold))
    if signature.prediction_sets:
        progress.line(sentence("tflite.int8_no_sets"))
    if signature.false_alarms:
        progress.line(sentence("tflite.no_strangers"))
    if as_c:
        progress.line(sentence("tflite.int8_board", operators=", ".join(resolver_calls(plan)), bytes=least_arena(plan)))
        if missing := missing_on_boards(plan):
            progress.line(sentence("tflite.int8_not_on_boards", operators=", ".join(missing)))
