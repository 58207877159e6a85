"""What a model is asked to promise of its answers: a threshold below which it does not know, and sets that hold the truth."""

from dataclasses import dataclass, replace

from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.evaluation.abstention import Threshold
from olhar.evaluation.prediction_sets import SetThreshold
from olhar.evaluation.predictions import Predictions
from olhar.jobs.at_least import settle_threshold
from olhar.jobs.prediction_sets import settle_sets
from olhar.runs.folder import RunFolder
from olhar.training.recipe import Recipe


@dataclass(frozen=True)
class Promises:
    """What a model promises.

    Attributes:
        threshold: from which confidence on it answers; None: always.
        sets: from which probability on a class is in the set beside the answer; None: there are no sets.
    """

    threshold: Threshold | None = None
    sets: SetThreshold | None = None

    def __bool__(self) -> bool:
        return self.threshold is not None or self.sets is not None

    def signed(self, signature: Signature) -> Signature:
        """A contract that says them."""
        if self.threshold is not None:
            signature = replace(signature, at_least=self.threshold.asked, threshold=self.threshold.confidence)
        if self.sets is not None:
            signature = replace(signature, prediction_sets=self.sets.asked, set_threshold=self.sets.probability)
        return signature


def settle_promises(recipe: Recipe, predictions: Predictions | None, progress: Progress, design: float = 1.0) -> Promises:
    """What a recipe asks for, as far as pictures show it; told, as is what they do not show.

    Args:
        recipe: of the training.
        predictions: of pictures that taught nothing and do not judge: out of fold, or of validation; None: there are none.
        progress: who is told.
        design: so many of the answers say as much as one (``measure``).
    """
    return Promises(
        settle_threshold(recipe.at_least, predictions, progress, design) if recipe.at_least else None,
        settle_sets(recipe.prediction_sets, predictions, progress, design) if recipe.prediction_sets else None,
    )


def with_promises(run: RunFolder, predictor: Predictor, bundle: bytes, promises: Promises) -> Predictor:
    """The same model with its promises in its contract, which is written into the run.

    ``signature.json`` is of every form of the model, so it does not say what the ONNX alone has (``false_alarms``).
    """
    signature = promises.signed(predictor.signature)
    changed = with_signature(bundle, signature)
    run.write("signature.json", replace(signature, false_alarms=0.0).to_json())
    return Predictor.from_bytes(changed, "model.onnx")
