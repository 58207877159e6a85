"""``--at-least``: the threshold below which a finished model says that it does not know."""

from dataclasses import replace

from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.evaluation.abstention import Threshold, choose_threshold, needed
from olhar.evaluation.predictions import Predictions
from olhar.runs.folder import RunFolder


def settle_threshold(asked: float, predictions: Predictions | None, progress: Progress, design: float = 1.0) -> Threshold | None:
    """The threshold that keeps what is asked, told; None, told too, where none does, or pictures are too few to show it.

    Args:
        asked: so many of the answers are to be right, 0 to 1.
        predictions: of pictures that taught nothing and do not judge: out of fold, or of validation; None: there are none.
        progress: who is told.
        design: so many of the answers say as much as one (``measure``).
    """
    n, fewest = len(predictions) if predictions is not None else 0, needed(asked, design)
    if predictions is None or n < fewest:
        progress.line(sentence("abstention.too_few", asked=asked, n=n, needed=fewest, missing=fewest - n))
        return None
    found = choose_threshold(predictions.confidence, predictions.predicted == predictions.labels, asked, design)
    if found is None:
        progress.line(sentence("abstention.not_kept", asked=asked, n=n))
        return None
    about = {"right": found.right, "answered": found.answered, "n": n}
    progress.line(sentence("abstention.chosen", asked=asked, confidence=found.confidence, **about))
    return found


def with_threshold(run: RunFolder, predictor: Predictor, bundle: bytes, threshold: Threshold) -> Predictor:
    """The same model with its threshold in its contract, in the run's files too.

    ``signature.json`` is of every form of the model, so it does not say what the ONNX alone has (``false_alarms``).
    """
    signature = replace(predictor.signature, at_least=threshold.asked, threshold=threshold.confidence)
    changed = with_signature(bundle, signature)
    run.write("model.onnx", changed)
    run.write("signature.json", replace(signature, false_alarms=0.0).to_json())
    return Predictor.from_bytes(changed, "model.onnx")
