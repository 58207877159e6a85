"""DATA and a recipe -> what a body says of the pictures, their parts, and the signature: what a head start begins with."""

from collections.abc import Mapping
from dataclasses import replace

from olhar.base.errors import RecipeError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Fit
from olhar.base.types import StrPath
from olhar.bodies.body import Body
from olhar.bodies.feature_store import features_of
from olhar.bodies.features import View, picture_contract
from olhar.bodies.head_start import HeadStart
from olhar.bodies.published import PUBLISHED
from olhar.data.assignment import Shares
from olhar.data.cache.near import near
from olhar.data.cache.on_demand import OnDemand
from olhar.data.cache.store import Packed, refuse_too_many_bad
from olhar.data.checks.survey import survey
from olhar.data.copies.groups import with_groups
from olhar.data.dataset import Dataset, Part
from olhar.data.labelled import require_labelled, require_taught
from olhar.data.sources import read
from olhar.jobs.body import open_body
from olhar.jobs.divide import divide
from olhar.jobs.levels import levels_told, training_levels
from olhar.jobs.look import look
from olhar.jobs.prepare import Prepared, contract_of, resampling
from olhar.jobs.teaching import teaching_rows
from olhar.training.recipe import AUTO, Recipe

TWO_VIEWS = 300
"""Up to so many pictures, a head learns from each picture's mirror image too: beyond, that costs more time than it brings."""


def prepare_features(
    data: StrPath | Dataset,
    recipe: Recipe,
    progress: Progress,
    earlier_parts: Mapping[bytes, Part] | None = None,
    *,
    runner: Runner = HERE,
) -> Prepared:
    """Read, look, and split; no picture is kept but as what the body says of it.

    Args:
        data: as ``olhar.train`` takes it.
        recipe: what was asked.
        progress: where to tell how far it is.
        earlier_parts: the part of each content in an earlier split that is to be kept.
        runner: where the body looks at the pictures.

    Raises:
        DataError: the data cannot be read, or cannot teach.
        RecipeError: the recipe and the data do not go together.
        ExtraError, ModelError: the body cannot be opened.
    """
    Shares.parse(recipe.split)  # refused before a picture is read
    dataset = require_taught(require_labelled(data if isinstance(data, Dataset) else read(data, progress=progress)))
    dataset = with_groups(near(dataset, progress), recipe.group)
    asked, known_parts = recipe, earlier_parts or {}
    body, recipe = open_body(
        recipe,
        dataset,
        progress,
        lambda: teaching_rows(dataset, asked, _fit(asked), known_parts, progress, choosing=False),
    )
    recipe = _resolved(recipe, dataset, body)
    fit = _fit(recipe)
    contract = picture_contract(body, 1 if recipe.colour == "gray" else 3, fit)
    looks = survey(dataset, progress)
    levels = training_levels(dataset, recipe, fit, known_parts, progress, choosing=False)
    contract = replace(contract, levels=levels, resampling=resampling(recipe))
    features = features_of(dataset, looks, body, contract, _views(recipe, dataset), progress, runner=runner)
    pixels = OnDemand(dataset, features.rows, (body.height, body.width), contract.channels, fit, levels, recipe.whole)
    packed = Packed(pixels, features.hashes, features.rows, features.bad, features.fresh or looks.fresh)
    refuse_too_many_bad(dataset, packed.rows, packed.bad, recipe.bad_pictures == "stop")
    division = divide(dataset, packed, recipe, fit, known_parts, progress, choosing=False)
    labels, signature = dataset.labels[packed.rows], contract_of(dataset, contract)
    told = levels_told(dataset, levels, progress)
    return Prepared(dataset, packed, division, labels, recipe, signature, told, head_start=HeadStart(body, features))


def _resolved(recipe: Recipe, dataset: Dataset, body: Body) -> Recipe:
    """The recipe with everything chosen that decides how the pictures are seen.

    Raises:
        RecipeError: the pictures are to be seen in a way that the body does not know.
    """
    if recipe.scaling != AUTO and body.name in PUBLISHED:
        raise RecipeError("bodies.own_scaling", name=body.name, found=recipe.scaling)
    colour = ("gray" if look(dataset)[1] else "rgb") if recipe.colour == AUTO else recipe.colour
    if colour == "rgb" and body.channels == 1:
        colour = "gray"
    return recipe.with_({"size": body.height, "colour": colour, "fit": _fit(recipe)})


def _views(recipe: Recipe, dataset: Dataset) -> tuple[View, ...]:
    """The plain view, and the mirror image where it is still of its class and there are few pictures."""
    mirrors = recipe.flip == "on" or (recipe.flip == AUTO and dataset.mirrorable)
    return ("plain", "mirror") if mirrors and len(dataset) <= TWO_VIEWS else ("plain",)


def _fit(recipe: Recipe) -> Fit:
    return "stretch" if recipe.fit == AUTO else recipe.fit  # pyright: ignore[reportReturnType]
