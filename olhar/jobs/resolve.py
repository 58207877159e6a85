"""A recipe with everything chosen that the data decides: size, colour, batch, optimiser, augmentation, and the network."""

from typing import TYPE_CHECKING

from olhar.base.texts import Sentence
from olhar.data.dataset import Dataset
from olhar.jobs.look import look
from olhar.models.network_choice import TINY, choose_network
from olhar.models.network_shape import is_own
from olhar.training.augment_presets import preset_fields
from olhar.training.recipe import AUTO, Recipe

if TYPE_CHECKING:
    from olhar.networks.base_model import BaseModel


def resolve(recipe: Recipe, dataset: Dataset, base: "BaseModel | None" = None) -> Recipe:
    """The recipe with everything chosen that the data decides, and the Keras file that it begins from."""
    side, gray = look(dataset)
    base_signature = base.signature if base is not None else None
    if base_signature is not None:
        side, gray = max(base_signature.height, base_signature.width), base_signature.channels == 1
    return recipe.with_(
        {
            "size": recipe.size or side,
            "colour": ("gray" if gray else "rgb") if recipe.colour == AUTO else recipe.colour,
            "fit": (base_signature.fit if base_signature is not None else "stretch") if recipe.fit == AUTO else recipe.fit,
            "learn": "head" if recipe.learn == AUTO and base_signature is not None else recipe.learn,
            "batch": recipe.batch or _batch(len(dataset), recipe.size or side),
            "optimizer": _optimizer(recipe, base) if recipe.optimizer == AUTO else recipe.optimizer,
            **preset_fields(recipe, mirrors=dataset.mirrorable),
        }
    )


def _optimizer(recipe: Recipe, base: "BaseModel | None") -> str:
    """Muon for a network of ours. A rate that somebody gives is meant for an optimiser that they know, and what another one has
    learnt gains nothing from Muon (Liu and others 2025, "Muon is scalable for LLM training", on fine-tuning).
    """
    ours = base is None and not is_own(recipe.model)
    own_numbers = recipe.learning_rate > 0 or recipe.weight_decay >= 0 or recipe.amsgrad
    return "muon" if ours and not own_numbers else "adamw"


def with_model(recipe: Recipe, pictures: int) -> tuple[Recipe, tuple[Sentence, ...]]:
    """The recipe with its network chosen, and why where it was not."""
    if recipe.model != AUTO:
        return recipe, ()
    from olhar.models.network_shape import refuse_unusable

    choice = choose_network(pictures, recipe.size, recipe.minutes / (1 + max(0, recipe.folds)))
    refuse_unusable(choice.model, recipe.shape)
    width = recipe.width or (0 if recipe.stages else choice.width)
    return recipe.with_({"model": choice.model, "width": width}), (choice.why,)


def _batch(n: int, side: int) -> int:
    """A power of two from 16 to 256, so that an epoch has about forty steps or more.

    Of tiny pictures twenty: their steps are nearly all the optimiser's work, which does not ask how many pictures there were.
    """
    steps = 20 if side <= TINY else 40
    return min(256, max(16, 2 ** (max(1, n // steps).bit_length() - 1)))
