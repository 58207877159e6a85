"""Which picture teaches, which chooses, which judges: by a threshold on the content's hash, so that nobody has to remember.

The same picture always falls on the same side, and adding pictures moves none of the old ones. Pictures that belong together
(copies, pictures of one patient) follow the smallest hash of their group. ``assignment`` does it; here stand the rules around it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.assignment import PictureGroups, Shares
from olhar.data.dataset import PARTS, Brought, Part


def split(  # noqa: PLR0913 (each decides)
    classes: Sequence[str],
    labels: NDArray[np.int64],
    brought: Sequence[Brought],
    hashes: Sequence[bytes],
    shares: Shares,
    seed: int,
    *,
    groups: NDArray[np.int64] | None = None,
    earlier: Mapping[bytes, Part] | None = None,
    choosing: bool = True,
) -> list[Part]:
    """The part of each picture.

    Parts that the data brings are kept; where it brings a test part but no validation, the share of validation is taken from
    training; where it brings none, ``shares`` decide.

    Args:
        classes: keys of the K classes.
        labels: int64 (N,), the class of each picture.
        brought: the part of each by the data's own say, or ``""``.
        hashes: the content hash of each picture.
        shares: of the three parts.
        seed: another seed gives another split.
        groups: int64 (N,): pictures of one number stay together, as far as the data's own parts let them.
        earlier: the part that a picture had in an earlier split, by its content hash. It keeps it; its group follows, and where
            a group had several it goes to training (``changed_parts`` tells which). One without validation keeps its test part.
        choosing: whether there must be pictures to choose by.

    Raises:
        DataError: a class without a picture to learn from, or no picture to choose by, where one is needed.
    """
    own: list[Part] = [part for part in brought if part]
    if len(own) < len(labels):
        parts = PictureGroups.of(labels, hashes, groups, seed).assign(shares, earlier or {})
        without = bool(earlier) and "validation" not in (earlier or {}).values()
    else:
        parts, without = own, "validation" not in own
    if without and choosing and "train" in parts:
        rows = rows_of(parts, "train")
        learning = [hashes[row] for row in rows.tolist()]
        learning_groups = PictureGroups.of(labels[rows], learning, None if groups is None else groups[rows], seed)
        kept = (earlier or {}) if len(own) == len(labels) else {}
        parts = _with_validation(learning_groups, parts, rows, shares.validation, kept)
    _require_parts(classes, labels, parts, choosing)
    return parts


def changed_parts(
    parts: Sequence[Part], brought: Sequence[Brought], hashes: Sequence[bytes], earlier: Mapping[bytes, Part]
) -> list[int]:
    """The rows whose part is not the one that they had in an earlier split, where the data's own say does not settle it."""
    ours = ("", "train") if "validation" not in brought else ("",)
    rows = zip(parts, brought, hashes, strict=True)
    return [row for row, (part, own, digest) in enumerate(rows) if own in ours and earlier.get(digest, part) != part]


def folds(
    labels: NDArray[np.int64], hashes: Sequence[bytes], groups: NDArray[np.int64] | None, k: int, seed: int
) -> NDArray[np.int64]:
    """k folds of about the same size and the same share of each class; groups stay whole.

    Args:
        labels: int64 (N,), the class of each picture.
        hashes: the content hash of each; they and the seed alone decide, not the order of the pictures.
        groups: int64 (N,), pictures of one number stay together; None: copies alone do.
        k: how many folds.
        seed: other seeds give other folds.

    Returns:
        int64 (N,), the fold of each picture, 0 to k - 1.
    """
    table = PictureGroups.of(labels, hashes, groups, seed)
    counts = [[0] * k for _ in range(int(labels.max(initial=0)) + 1)]
    fold_of = np.zeros(len(labels), dtype=np.int64)
    for rows in table.large_first():
        group_labels = labels[rows].tolist()
        turn = group_labels[0] % k
        fold = min(range(k), key=lambda number: (sum(counts[label][number] for label in group_labels), (number - turn) % k))
        for label in group_labels:
            counts[label][fold] += 1
        fold_of[rows] = fold
    return fold_of


def _with_validation(
    groups: PictureGroups, parts: list[Part], rows: NDArray[np.int64], share: float, earlier: Mapping[bytes, Part]
) -> list[Part]:
    """A share of what teaches, the ``rows`` that ``groups`` knows, is set aside to choose by."""
    assigned = groups.assign(Shares(1 - share, share, 0.0), {digest: part for digest, part in earlier.items() if part != "test"})
    result = list(parts)
    for row, part in zip(rows.tolist(), assigned, strict=True):
        result[row] = part
    return result


def _require_parts(classes: Sequence[str], labels: NDArray[np.int64], parts: list[Part], choosing: bool) -> None:
    taught = {label for label, part in zip(labels.tolist(), parts, strict=True) if part == "train"}
    for label, name in enumerate(classes):
        if label not in taught and (labels == label).any():
            raise DataError("data.class_not_taught", name=name)
    if choosing and "validation" not in parts:
        raise DataError("data.nothing_to_choose_by")


def rows_of(parts: Sequence[Part], part: Part) -> NDArray[np.int64]:
    """The rows of one part, in order."""
    return np.array([i for i, found in enumerate(parts) if found == part], dtype=np.int64)


def part_sizes(parts: Sequence[Part]) -> dict[Part, int]:
    """How many pictures each part has."""
    return {part: sum(own == part for own in parts) for part in PARTS}
