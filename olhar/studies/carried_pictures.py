"""The pictures of a training, and what else it has, in forms that travel: pixels and numbers, no files and no paths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.base.signature import Signature
from olhar.base.texts import Sentence
from olhar.data.cache.store import Packed
from olhar.data.checks.audit import Audit
from olhar.data.dataset import Dataset, Part
from olhar.jobs.divide import Division
from olhar.jobs.prepare import Prepared
from olhar.training.recipe import Recipe

SharedPictures = tuple[Dataset, Packed, Audit]
"""What all trainings of one work have in common: the table, the pixels, and what the checks found."""


class NoFiles:
    """Where pictures would lie: a training has them packed, and asks for none."""

    def read(self, index: int) -> bytes | NDArray[Any]:  # noqa: ARG002
        """Never a picture.

        Raises:
            PictureError: always.
        """
        raise PictureError("picture.vanished", name="-")

    def fingerprint(self) -> Iterator[bytes]:
        """Of nothing."""
        yield from ()


@dataclass(frozen=True)
class CarriedPictures:
    """What all trainings of one work share: the table, the pixels, and what the checks found."""

    dataset: Dataset
    packed: Packed
    audit: Audit

    def opened(self) -> SharedPictures:
        """Its three."""
        return self.dataset, self.packed, self.audit


@dataclass(frozen=True)
class TakenApart:
    """What one training has for itself: ``Prepared`` without what all share."""

    parts: Sequence[Part]
    groups: NDArray[np.int64]
    moved: Sequence[int]
    labels: NDArray[np.int64]
    recipe: Recipe
    signature: Signature
    why: tuple[Sentence, ...]

    def together(self, dataset: Dataset, packed: Packed, audit: Audit) -> Prepared:
        """The whole again."""
        division = Division(self.parts, self.groups, self.moved, audit)
        return Prepared(dataset, packed, division, self.labels, self.recipe, self.signature, self.why)


def of_pictures(prepared: Prepared) -> CarriedPictures:
    """The pictures of a training, without files, paths and locks."""
    dataset = replace(prepared.dataset, source=NoFiles())
    packed = replace(prepared.packed, pixels=np.asarray(prepared.packed.array), held=None)
    audit = prepared.division.audit
    survey = audit.evidence.survey
    thumbnails = {"gray": np.asarray(survey.gray), "colour": np.asarray(survey.colour)}
    evidence = replace(audit.evidence, dataset=dataset, survey=replace(survey, **thumbnails, held=None))
    return CarriedPictures(dataset, packed, replace(audit, dataset=dataset, evidence=evidence))


def taken_apart(prepared: Prepared) -> TakenApart:
    """What one training has for itself."""
    division = prepared.division
    own = division.parts, division.groups, division.moved, prepared.labels
    return TakenApart(*own, prepared.recipe, prepared.signature, prepared.why)
