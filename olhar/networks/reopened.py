"""A fine-tuned run -> the very Keras file that it began from, with what it has learnt in it."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from olhar.base.errors import ModelError
from olhar.base.parsing import parsing
from olhar.keras_files.writer import write_back
from olhar.models.fine_tuned import FineTuned
from olhar.networks.base_file import kept_base
from olhar.networks.base_model import BaseModel
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.weights import sound_weights


def reopened(run: RunFolder) -> tuple[BaseModel, FineTuned] | None:
    """The file that a run began from, and the network with the run's best weights; None where it began from nothing.

    Raises:
        RunError: the run is not finished, or damaged.
    """
    recipe = run.recipe()
    base = kept_base(run, recipe)
    if base is None:
        return None
    shape = base.classifier.picture_shape
    network = FineTuned(base.logits, base.learning(recipe.learn), bgr=base.signature.bgr, channels_first=shape.channels_first)
    weights = sound_weights(run)
    with parsing(damaged(run.path, weights.name), SafetensorError):
        network.load_state_dict(load_file(weights))
    return base, network


def write_tuned(run: RunFolder, target: Path) -> None:
    """Write a copy of the file that a run began from, with the run's best weights: it opens where that file does.

    Raises:
        ModelError: the run gave it another head, or the file is of a form that is not written into.
        RunError: the run is not finished.
    """
    tuned = reopened(run)
    if tuned is None or tuned[0].new_head:
        raise ModelError("keras.not_the_same_head", where=str(run.path))
    base, network = tuned
    write_back(base.classifier.path, target, network.keras.weights())
