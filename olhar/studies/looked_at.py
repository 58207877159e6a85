"""Some pictures of a check and what a body says of them, and heads that learn from that and answer out of fold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.body import POOLED
from olhar.bodies.features import Half, View
from olhar.bodies.heads.learning import LearntHead, learn_head
from olhar.data.dataset import Dataset
from olhar.evaluation.intervals import Interval, wilson
from olhar.studies.feature_sample import Looks

_DOUBT = 1e-3
"""What a picture counts at least when a head learns again, however wrong its label looks."""


@dataclass(frozen=True)
class LookedAt:
    """n pictures.

    Attributes:
        looks: how they were looked at.
        places: int64 (n,), among the pictures that can be read.
        blocks: each pooled output of the body, float16 (1, n, its width), by name.
    """

    looks: Looks
    places: NDArray[np.int64]
    blocks: Mapping[str, Half]

    @classmethod
    def through(cls, looks: Looks, places: NDArray[np.int64], view: View = "plain") -> "LookedAt":
        """Look at some pictures now; those that can no longer be read are left out."""
        features = looks.features(places, view)
        return cls(looks, places[np.isin(looks.survey.rows[places], features.rows)], features.blocks())

    def only(self, places: NDArray[np.int64]) -> "LookedAt":
        """Those of the pictures that are among ``places``."""
        own = np.isin(self.places, places)
        return replace(self, places=self.places[own], blocks={name: values[:, own] for name, values in self.blocks.items()})

    @property
    def dataset(self) -> Dataset:
        """All pictures."""
        return self.looks.audited.dataset

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """int64 (n,): their rows in the dataset."""
        return self.looks.survey.rows[self.places]

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """int64 (n,)."""
        return self.looks.audited.evidence.labels[self.places]

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """int64 (n,): pictures of one number are copies of each other."""
        return self.looks.audited.evidence.groups[self.places]

    @property
    def ends(self) -> Half:
        """float16 (n, F): the features at the body's end."""
        return self.blocks[POOLED][0]

    @property
    def can_teach(self) -> bool:
        """Whether all have a label, and there are two classes or more."""
        return bool((self.labels >= 0).all()) and len(np.unique(self.labels)) > 1

    def head(self, fold: NDArray[np.int64] | None = None, trust: NDArray[np.float64] | None = None) -> LearntHead:
        """Heads that learn from all but a fold and answer about it; ``trust`` (n,): how much each picture counts."""
        return learn_head(self.blocks, self.labels, self.groups, len(self.dataset.classes), fold=fold, weights=trust)

    def head_again(self, head: LearntHead) -> LearntHead:
        """Heads for which each picture counts as much as the first ones, which had not seen it, believe its label.

        What they say of a wrong label is surer: they did not learn it from its like.
        """
        own = head.out_of_fold[np.arange(len(self.labels)), self.labels].astype(np.float64)
        return self.head(head.fold, np.maximum(own, _DOUBT))


@dataclass(frozen=True)
class Judged:
    """What heads answered that had not seen a picture.

    Attributes:
        places: int64 (n,), of the pictures among those that can be read.
        labels: int64 (n,).
        fold: int64 (n,), the fold of each.
        right: bool (n,), whether the answer is the label.
    """

    places: NDArray[np.int64]
    labels: NDArray[np.int64]
    fold: NDArray[np.int64]
    right: NDArray[np.bool_]

    @classmethod
    def by(cls, head: LearntHead, looked_at: LookedAt) -> "Judged":
        """The answers of heads that learnt from these pictures."""
        right = head.out_of_fold.argmax(axis=1) == looked_at.labels
        return cls(looked_at.places, looked_at.labels, head.fold, right)

    @cached_property
    def accuracy(self) -> Interval:
        """How often they are right."""
        return wilson(int(self.right.sum()), len(self.right))

    @property
    def majority(self) -> float:
        """The accuracy of always answering the commonest class."""
        return float(np.bincount(self.labels).max() / len(self.labels))
