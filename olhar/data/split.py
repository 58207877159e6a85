"""Which picture teaches, which chooses, which judges: by a threshold on the content's hash, so that nobody has to remember.

The same picture always falls on the same side, adding pictures moves none of the old ones, and exact copies stay together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, RecipeError
from olhar.data.dataset import PARTS, Brought, Part

SMALL_CLASS = 20
"""A class with fewer pictures is dealt out in the order of its hashes, so that each part has one."""


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


def split(
    classes: Sequence[str],
    labels: NDArray[np.int64],
    brought: Sequence[Brought],
    hashes: Sequence[bytes],
    shares: Shares,
    seed: int,
) -> list[Part]:
    """The part of each picture.

    Parts that the data brings are kept; where it brings a test part but no validation, a tenth of training becomes
    validation; where it brings none, ``shares`` decide.

    Args:
        classes: keys of the K classes.
        labels: int64 (N,), the class of each picture.
        brought: the part of each by the data's own say, or ``""``.
        hashes: the content hash of each picture.
        shares: of the three parts.
        seed: another seed gives another split.

    Raises:
        DataError: a class without a picture to learn from, or no picture to choose by.
    """
    kept: list[Part] = [part for part in brought if part]
    if len(kept) < len(labels):
        parts = _dealt(labels, hashes, shares, seed)
    elif "validation" not in kept:
        parts = _with_validation(labels, kept, hashes, seed)
    else:
        parts = kept
    _check(classes, labels, parts)
    return parts


def _with_validation(labels: NDArray[np.int64], parts: list[Part], hashes: Sequence[bytes], seed: int) -> list[Part]:
    rows = np.array([i for i, part in enumerate(parts) if part == "train"], dtype=np.int64)
    dealt = _dealt(labels[rows], [hashes[i] for i in rows], Shares(0.9, 0.1, 0.0), seed)
    result = list(parts)
    for row, part in zip(rows.tolist(), dealt, strict=True):
        result[row] = part
    return result


def _dealt(labels: NDArray[np.int64], hashes: Sequence[bytes], shares: Shares, seed: int) -> list[Part]:
    places = np.array([_place(digest, seed) for digest in hashes])
    parts: list[Part] = ["train"] * len(hashes)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        for part, members in _dealt_class(rows, places[rows], shares).items():
            for row in members.tolist():
                parts[row] = part
    return parts


def _dealt_class(rows: NDArray[np.int64], places: NDArray[np.float64], shares: Shares) -> dict[Part, NDArray[np.int64]]:
    if len(rows) >= SMALL_CLASS:
        held = {"test": places < shares.test, "validation": (places >= shares.test) & (places < shares.test + shares.validation)}
        return {"test": rows[held["test"]], "validation": rows[held["validation"]]}
    ordered = rows[np.argsort(places, kind="stable")]
    test = _at_least_one(shares.test, len(rows), spare=2)
    validation = _at_least_one(shares.validation, len(rows) - test, spare=1)
    return {"test": ordered[:test], "validation": ordered[test : test + validation]}


def _at_least_one(share: float, n: int, spare: int) -> int:
    """A share of ``n`` pictures, one at least where ``spare`` others are left for the other parts."""
    return max(1, round(share * n)) if share and n > spare else 0


def _place(digest: bytes, seed: int) -> float:
    """Where a content hash stands between 0 and 1, for one seed."""
    salted = blake2b(digest, digest_size=8, salt=seed.to_bytes(8, "little", signed=True)).digest()
    return int.from_bytes(salted, "little") / 2**64


def _check(classes: Sequence[str], labels: NDArray[np.int64], parts: list[Part]) -> None:
    taught = {label for label, part in zip(labels.tolist(), parts, strict=True) if part == "train"}
    for label, name in enumerate(classes):
        if label not in taught:
            raise DataError("data.class_not_taught", name=name)
    if "validation" not in parts:
        raise DataError("data.nothing_to_choose_by")


def rows_of(parts: Sequence[Part], part: Part) -> NDArray[np.int64]:
    """The rows of one part, in order."""
    return np.array([i for i, found in enumerate(parts) if found == part], dtype=np.int64)


def sizes(parts: Sequence[Part]) -> dict[Part, int]:
    """How many pictures each part has."""
    return {part: sum(found == part for found in parts) for part in PARTS}
