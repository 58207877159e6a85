"""DATA and a recipe -> packed pictures, their parts, and the signature: what every training begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import RecipeError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.scaling import Scaling, mean_and_std
from olhar.base.signature import Fit, Resampling, Signature
from olhar.base.texts import Sentence, sentence
from olhar.base.types import StrPath
from olhar.data.assignment import Shares
from olhar.data.cache.near import near
from olhar.data.cache.store import Packed, pack
from olhar.data.copies.groups import with_groups
from olhar.data.dataset import PARTS, Dataset, Part
from olhar.data.labelled import require_labelled, require_taught
from olhar.data.sources import read
from olhar.data.split import rows_of
from olhar.jobs.divide import Division, divide, findings
from olhar.jobs.levels import levels_told, training_levels
from olhar.jobs.resolve import resolve, with_model
from olhar.training.augment_presets import PRESETS
from olhar.training.batches import Batches, channel_statistics
from olhar.training.recipe import AUTO, Recipe

if TYPE_CHECKING:
    from olhar.bodies.head_start import HeadStart
    from olhar.models.own_module import OwnNetwork
    from olhar.networks.base_model import BaseModel
    from olhar.networks.maker import Maker


@dataclass(frozen=True)
class Prepared:
    """Pictures ready to learn from.

    Attributes:
        dataset: the table of pictures, bad ones included.
        packed: the good ones, M of them, at the network's size.
        division: the part of each good picture, what decided it, and what the checks found.
        labels: int64 (M,), the class of each good picture.
        recipe: resolved: size, colour, batch, network and augmentation are chosen.
        signature: the contract of the model to come.
        why: why the network was chosen, where the choice was ours.
        base: the Keras file that the training begins from, fitted to the pictures; None for a network of our own.
        own: the person's own network; None where it is not one.
        head_start: the body and its features, where a head learns from them; then ``packed`` is decoded on demand.
    """

    dataset: Dataset
    packed: Packed
    division: Division
    labels: NDArray[np.int64]
    recipe: Recipe
    signature: Signature
    why: tuple[Sentence, ...] = ()
    base: "BaseModel | None" = None
    own: "OwnNetwork | None" = None
    head_start: "HeadStart | None" = None

    @property
    def parts(self) -> Sequence[Part]:
        """The part of each good picture."""
        return self.division.parts

    @property
    def teaching(self) -> NDArray[np.int64]:
        """int64: the good pictures that do not judge, in order."""
        return np.flatnonzero(np.array([part != "test" for part in self.parts], bool))

    @property
    def fresh(self) -> bool:
        """Whether the pictures were read just now, or found read."""
        return self.packed.fresh or self.division.audit.evidence.survey.fresh

    def rows(self, part: Part) -> NDArray[np.int64]:
        """int64: the good pictures of one part, in order."""
        return self._rows[part]

    @cached_property
    def _rows(self) -> dict[Part, NDArray[np.int64]]:
        """Found once: every epoch, figure and count asks for them."""
        numbers: dict[Part, int] = {part: number for number, part in enumerate(PARTS)}
        parts = np.fromiter(map(numbers.__getitem__, self.parts), np.int8, len(self.parts))
        return {part: np.flatnonzero(parts == number) for part, number in numbers.items()}

    def batches(self, part: Part) -> Batches:
        """The pictures of one part."""
        rows = self.rows(part)
        return Batches(self.packed.array, rows, self.labels[rows], self.recipe.batch)

    def maker(self) -> "Maker":
        """What makes the network, and exports and asks it."""
        if self.base is not None:
            from olhar.networks.fine_tuning import FineTuningMaker

            return FineTuningMaker(self.recipe, self.signature, self.base)
        from olhar.networks.ours import OursMaker

        return OursMaker(self.recipe, self.signature, self.own, self.batches("train"))

    def divided(self, parts: Sequence[Part]) -> "Prepared":
        """The same pictures in other parts; the scaling follows the training pictures, where the recipe leaves it to them."""
        if self.head_start is not None:
            return replace(self, division=replace(self.division, parts=parts, moved=()))
        signature = _scaled(self.signature, self.recipe, self.packed, parts, self.base)
        return replace(self, division=replace(self.division, parts=parts, moved=()), signature=signature)

    def name(self, row: int) -> str:
        """The name of one good picture."""
        return self.dataset.where[int(self.packed.rows[row])]

    def names(self, part: Part) -> list[str]:
        """The names of the pictures of one part."""
        return [self.name(row) for row in self.rows(part).tolist()]

    def counts(self) -> dict[Part, dict[str, int]]:
        """How many pictures of each class each part has."""
        classes = self.dataset.classes
        tables: dict[Part, list[int]] = {
            part: np.bincount(self.labels[self.rows(part)], minlength=len(classes)).tolist() for part in PARTS
        }
        return {part: dict(zip(classes, table, strict=True)) for part, table in tables.items() if sum(table)}

    def findings(self) -> list[Sentence]:
        """What a person should know of the data, most important first."""
        return findings(self.division, [self.name(row) for row in range(len(self.labels))])


def prepare(
    data: StrPath | Dataset,
    recipe: Recipe,
    progress: Progress,
    base: "BaseModel | None" = None,
    earlier_parts: Mapping[bytes, Part] | None = None,
    *,
    runner: Runner = HERE,
) -> Prepared:
    """Read, look, pack and split, for a network of our own or for the Keras file that the training begins from.

    Args:
        data: as ``olhar.train`` takes it.
        recipe: what was asked.
        progress: where to tell how far it is.
        base: the Keras file, if any.
        earlier_parts: the part of each content in an earlier split that is to be kept.
        runner: where they are packed.

    Raises:
        DataError: the data cannot be read, or cannot teach.
        RecipeError: the recipe and the data do not go together.
    """
    Shares.parse(recipe.split)  # refused before a picture is read
    dataset = require_taught(require_labelled(data if isinstance(data, Dataset) else read(data, progress=progress)))
    dataset = with_groups(near(dataset, progress), recipe.group)
    if base is not None:
        if recipe.optimizer == "muon":
            raise RecipeError("recipe.muon_of_keras", model=recipe.model)
        base, dataset = base.fitted(dataset)
        base.learning(recipe.learn)
    mirroring = _mirroring(recipe, dataset)
    recipe, why = with_model(resolve(recipe, dataset, base), len(dataset))
    contract = base.signature if base is not None else _unscaled_signature(recipe, dataset)
    if base is None or base.new_head:
        levels = training_levels(dataset, recipe, contract.fit, earlier_parts or {}, progress)
        contract = replace(contract, levels=levels)
    contract = replace(contract, resampling=resampling(recipe)) if recipe.whole else contract
    with progress.stage(sentence("train.packing"), len(dataset)) as advance:
        size = (contract.height, contract.width)
        strict, levels, whole = recipe.bad_pictures == "stop", contract.levels, contract.whole
        packed = pack(dataset, size, contract.channels, contract.fit, advance, strict, levels=levels, whole=whole, runner=runner)
    told = levels_told(dataset, contract.levels, progress)
    division = divide(dataset, packed, recipe, contract.fit, earlier_parts or {}, progress)
    signature = contract_of(dataset, _scaled(contract, recipe, packed, division.parts, base))
    if base is not None and base.new_head:
        base = _with_settled_head(base, packed, division, dataset.labels[packed.rows])
    return Prepared(dataset, packed, division, dataset.labels[packed.rows], recipe, signature, (*why, *mirroring, *told), base)


def _with_settled_head(base: "BaseModel", packed: Packed, division: Division, labels: NDArray[np.int64]) -> "BaseModel":
    """What tries both is imported only then, as it takes its time."""
    from olhar.networks.new_head import with_settled_head

    return with_settled_head(base, packed.array, rows_of(division.parts, "train"), labels, division.groups)


def contract_of(dataset: Dataset, signature: Signature) -> Signature:
    """The same with the classes of the pictures, and whence they are."""
    classes, names = dataset.classes, dataset.shown
    return replace(signature, classes=classes, names=names, origin=dataset.origin, licence=dataset.licence)


def resampling(recipe: Recipe) -> Resampling:
    """The rule by which pixels become others, as the recipe says."""
    return "triangle-horizontal-first-whole" if recipe.whole else "triangle-horizontal-first"


def _mirroring(recipe: Recipe, dataset: Dataset) -> tuple[Sentence, ...]:
    """That pictures are not mirrored, where they would be but for the names of their classes."""
    unmirrored = recipe.flip == AUTO and PRESETS[recipe.augment]["flip"] and not dataset.mirrorable
    return (Sentence("train.not_mirrored"),) if unmirrored else ()


def _unscaled_signature(recipe: Recipe, dataset: Dataset) -> Signature:
    """How a network of our own wants its pictures, but for the scaling."""
    fit: Fit = recipe.fit  # pyright: ignore[reportAssignmentType]
    channels = 1 if recipe.colour == "gray" else 3
    return Signature(dataset.classes, dataset.shown, recipe.size, recipe.size, channels, fit)


def _scaled(contract: Signature, recipe: Recipe, packed: Packed, parts: Sequence[Part], base: "BaseModel | None") -> Signature:
    """The contract with its scaling: the Keras file's, the one that the recipe states, or by the training pictures."""
    if base is not None and recipe.scaling == AUTO:
        return contract
    scaling: Scaling = recipe.scaling  # pyright: ignore[reportAssignmentType]
    numbers = mean_and_std(scaling, contract.channels) if recipe.scaling != AUTO else None
    mean, std = numbers or channel_statistics(packed.array, rows_of(parts, "train"))
    return replace(contract, mean=mean, std=std)
