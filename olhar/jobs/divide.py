"""Which pictures teach, choose and judge, by copies, groups and an earlier split; and what the quick checks found on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.signature import Fit
from olhar.base.texts import Sentence, sentence
from olhar.data.assignment import Shares
from olhar.data.cache.store import Packed
from olhar.data.checks.audit import Audit, audit
from olhar.data.checks.check import Evidence
from olhar.data.checks.survey import survey
from olhar.data.copies.groups import joined_groups
from olhar.data.dataset import Dataset, Part
from olhar.data.split import changed_parts, split
from olhar.training.recipe import Recipe

LINES = 3
_TINY = 10
_TOLD_TIPS = ("CHK032", "CHK030", "CHK007")
"""Tips that change how a training's numbers are read; the others are left to ``olhar check``."""


@dataclass(frozen=True)
class Division:
    """The M good pictures divided.

    Attributes:
        parts: the part of each.
        groups: int64 (M,): the first of the pictures that stay together with each; itself where it is alone.
        moved: those whose part is not the one of the earlier split that was to be kept.
        audit: what the quick checks found.
    """

    parts: Sequence[Part]
    groups: NDArray[np.int64]
    moved: Sequence[int]
    audit: Audit


def divide(
    dataset: Dataset,
    packed: Packed,
    recipe: Recipe,
    fit: Fit,
    earlier_parts: Mapping[bytes, Part],
    progress: Progress,
    *,
    choosing: bool = True,
) -> Division:
    """Look at the pictures, find the copies, and split; ``choosing``: there must be pictures to choose by.

    Raises:
        DataError: a class has no picture to learn from, or there is none to choose by.
        RecipeError: the shares cannot be.
    """
    looks = survey(dataset, progress)
    evidence = Evidence(dataset, looks, fit, recipe.size, dataset.mirrorable)
    alike = np.arange(len(dataset))
    alike[looks.rows] = looks.rows[evidence.groups]
    rows = packed.rows.tolist()
    names = [str(dataset.groups[row]) for row in rows] if dataset.groups else []
    groups = joined_groups(alike[packed.rows], names)
    brought = [dataset.brought[row] for row in rows]
    shares = Shares.parse(recipe.split)
    labels = dataset.labels[packed.rows]
    known: dict[str, Any] = {"groups": groups, "earlier": earlier_parts, "choosing": choosing}
    parts = split(dataset.classes, labels, brought, packed.hashes, shares, recipe.seed, **known)
    return Division(parts, groups, changed_parts(parts, brought, packed.hashes, earlier_parts), audit(evidence))


def findings(division: Division, names: Sequence[str]) -> list[Sentence]:
    """What a person should know of the data before it teaches, most important first; ``names`` are of the good pictures."""
    sentences = [_sentence(division.audit, issue.code) for issue in division.audit.issues]
    if division.moved:
        sentences.insert(0, Sentence("train.moved", {"n": len(division.moved), "first": names[division.moved[0]]}))
    tips = {issue.code: issue.found for issue in division.audit.tips}
    told = [tips[code] for code in _TOLD_TIPS if code in tips]
    small = tips["CHK033"].values if "CHK033" in tips else {}
    tiny = small.get("least", _TINY) < _TINY
    return [*sentences, *told, *([_tiny(small)] if tiny else [])]


def _tiny(small: Mapping[str, Any]) -> Sentence:
    """What so few pictures of a class mean: what one of them more or less does to its numbers."""
    return sentence("train.tiny_class", name=small["name"], n=small["least"], share=1 / small["least"])


def in_few_lines(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The findings in three lines at most; the last counts those that are not told."""
    if len(sentences) <= LINES:
        return list(sentences)
    return [*sentences[: LINES - 1], sentence("check.and_more", n=len(sentences) - LINES + 1)]


def _sentence(audit: Audit, code: str) -> Sentence:
    """What a check found, in a training's own words where it does something about it."""
    finding = next(one for one in audit.findings if one.code == code)
    return Sentence("train.left_out", finding.values) if code == "CHK001" else finding.found
