"""How pictures are assigned to the parts of a split: each group of them by where its smallest hash stands between 0 and 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import RecipeError
from olhar.data.copies.groups import joined_groups
from olhar.data.dataset import PARTS, Part

SMALL_CLASS = 20
"""A class with fewer pictures, copies counted once, is filled up in the order of its hashes, so that each part has one."""


@dataclass(frozen=True)
class Shares:
    """How much of the data each part gets; the three add up to 1."""

    train: float
    validation: float
    test: float

    @classmethod
    def parse(cls, text: str) -> "Shares":
        """Read ``80/10/10`` or ``80/20`` (no test part).

        Raises:
            RecipeError: not two or three numbers that add up to 100, or nothing to learn or choose from.
        """
        try:
            numbers = [float(part) for part in text.split("/")]
        except ValueError:
            numbers = []
        if len(numbers) == 2:
            numbers.append(0.0)
        if len(numbers) != 3 or min(numbers) < 0 or abs(sum(numbers) - 100) > 1e-6 or 0 in numbers[:2]:
            raise RecipeError("recipe.split", found=text)
        return cls(*(number / 100 for number in numbers))


@dataclass(frozen=True)
class PictureGroups:
    """Pictures by group.

    Attributes:
        labels: int64 (N,), the class of each picture.
        digests: the content hash of each.
        seed: other seeds give other places.
        group: int64 (N,), 0 to G - 1.
        place: float64 (G,): where the group's smallest hash stands.
        order, starts: the pictures by group, and where each group begins.
    """

    labels: NDArray[np.int64]
    digests: Sequence[bytes]
    seed: int
    group: NDArray[np.int64]
    place: NDArray[np.float64]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, labels: NDArray[np.int64], hashes: Sequence[bytes], groups: NDArray[np.int64] | None, seed: int) -> Self:
        """The table of N pictures; byte-identical ones are always of one group."""
        group = _groups_with_copies(hashes, groups)
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        smallest: list[bytes] = [b"\xff" * 17] * len(starts)
        for digest, number in zip(hashes, group.tolist(), strict=True):
            smallest[number] = min(smallest[number], digest)
        place = np.array([_place_of(digest, seed) for digest in smallest])
        return cls(labels, hashes, seed, group, place, order, starts)

    def large_first(self) -> list[NDArray[np.int64]]:
        """The rows of each group: the groups of most pictures first, then in the order of their places."""
        members = np.split(self.order, self.starts[1:])
        sizes = np.diff(np.append(self.starts, len(self.order)))
        return [members[number] for number in np.lexsort((self.place, -sizes)).tolist()]

    def assign(self, shares: Shares, earlier: Mapping[bytes, Part]) -> list[Part]:
        """The part of each picture, by the threshold or by an earlier split, with small classes filled up."""
        parts = np.full(len(self.place), _NUMBER["train"])
        parts[self.place < shares.test + shares.validation] = _NUMBER["validation"]
        parts[self.place < shares.test] = _NUMBER["test"]
        fixed = self._keep_earlier(parts, earlier)
        targets = [_NUMBER["train"], *(_NUMBER[part] for part in PARTS[1:] if getattr(shares, part))]
        for groups in self._small_classes():
            _fill_up(parts, groups, targets, fixed)
        _fill_up(parts, np.argsort(self.place, kind="stable"), targets, fixed)  # few large groups may all miss a part
        return [PARTS[number] for number in parts[self.group].tolist()]

    def _keep_earlier(self, parts: NDArray[np.int64], earlier: Mapping[bytes, Part]) -> NDArray[np.bool_]:
        """Give groups the part that they had, training where they had several; which groups those are."""
        had: dict[int, Part] = {}
        for digest, number in zip(self.digests, self.group.tolist(), strict=True):
            if digest in earlier:
                had[number] = earlier[digest] if had.get(number, earlier[digest]) == earlier[digest] else "train"
        fixed = np.zeros(len(self.place), bool)
        for number, part in had.items():
            parts[number], fixed[number] = _NUMBER[part], True
        return fixed

    def _small_classes(self) -> list[NDArray[np.int64]]:
        """The groups of each small class in the order of their places, the smallest class first."""
        pairs = np.unique(np.stack([self.labels, self.group], axis=1), axis=0)
        classes = np.split(pairs[:, 1], np.flatnonzero(np.diff(pairs[:, 0])) + 1)
        small = [groups[np.argsort(self.place[groups], kind="stable")] for groups in classes if len(groups) < SMALL_CLASS]
        return sorted(small, key=lambda groups: (len(groups), float(self.place[groups[0]])))


def _fill_up(parts: NDArray[np.int64], groups: NDArray[np.int64], targets: Sequence[int], fixed: NDArray[np.bool_]) -> None:
    """See that a class, whose groups are ``groups``, has one in each of the ``targets`` parts, the first ones before the last.

    A part with several gives to one with none, or a later one to an earlier. What was filled is fixed, so that no other class
    takes it away again.
    """
    for place, number in enumerate(targets):
        present = groups[parts[groups] == number]
        if not len(present):
            counts = np.bincount(parts[groups], minlength=len(PARTS))
            spare = [
                group
                for group in groups.tolist()
                if not fixed[group] and (counts[parts[group]] > 1 or parts[group] in targets[place + 1 :])
            ]
            present = np.array(sorted(spare, key=lambda group: -int(counts[parts[group]]))[:1], dtype=np.int64)
            parts[present] = number
        if len(present) == 1:
            fixed[present] = True


_NUMBER: dict[Part, int] = {part: number for number, part in enumerate(PARTS)}


def _groups_with_copies(hashes: Sequence[bytes], groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """The group of each picture, 0 to G - 1; byte-identical pictures are always of one."""
    first: dict[bytes, int] = {}
    content = np.array([first.setdefault(digest, row) for row, digest in enumerate(hashes)], dtype=np.int64)
    group = content if groups is None else joined_groups(content, [str(name) for name in groups.tolist()])
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _place_of(digest: bytes, seed: int) -> float:
    """Where a content hash stands between 0 and 1, for one seed."""
    salted = blake2b(digest, digest_size=8, salt=seed.to_bytes(8, "little", signed=True)).digest()
    return int.from_bytes(salted, "little") / 2**64
