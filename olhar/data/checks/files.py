"""Checks of the files themselves: what cannot be read, sizes, shapes, turned and gray pictures."""

import numpy as np

from olhar.base.texts import Sentence
from olhar.data.checks.check import Check, Evidence, NotApplicable, Observation
from olhar.data.checks.findings import Case

_TINY, _HUGE = 32, 20_000_000
_ODD, _CROPPED, _MANY = 2.0, 0.8, 0.1
COLOURLESS = 2.0
"""Mean distance between the strongest and the weakest channel, of 255, below which a picture is gray."""


def unreadable(evidence: Evidence) -> Observation | None:
    """Files that are no picture, are damaged, empty, or too large to be opened."""
    if not evidence.survey.bad:
        return None
    rows = np.setdiff1d(np.arange(len(evidence.dataset)), evidence.survey.rows).tolist()
    cases = tuple(Case((row,), values={"reason": bad.reason}) for row, bad in zip(rows, evidence.survey.bad, strict=False))
    return Observation({"n": len(evidence.survey.bad), "first": evidence.survey.bad[0].reason}, cases)


def tiny(evidence: Evidence) -> Observation | None:
    """Pictures far smaller than the network's, or than the others."""
    short = _short(evidence)
    limit = evidence.size / 2 if evidence.size else min(_TINY, float(np.median(short)) / 2) if len(short) else 0
    rows = np.flatnonzero(short < limit)
    return _first_size(evidence, rows[np.argsort(short[rows], kind="stable")])


def _first_size(evidence: Evidence, rows: np.ndarray) -> Observation | None:
    """How many pictures, and the size of the first."""
    if not len(rows):
        return None
    first = evidence.survey.facts[rows[0]]
    return Observation(
        {"n": len(rows), "height": int(first["height"]), "width": int(first["width"])}, evidence.single_cases(rows)
    )


def huge(evidence: Evidence) -> Observation | None:
    """Pictures that take long to open."""
    pixels = evidence.survey.facts["height"].astype(np.int64) * evidence.survey.facts["width"]
    rows = np.flatnonzero(pixels > _HUGE)
    if not len(rows):
        return None
    rows = rows[np.argsort(-pixels[rows], kind="stable")]
    return Observation({"n": len(rows), "megapixels": float(pixels[rows[0]] / 1e6)}, evidence.single_cases(rows))


def odd_shapes(evidence: Evidence) -> Observation | None:
    """Pictures that are twice as wide or as high as the common shape."""
    aspect = np.log2(evidence.survey.facts["width"] / evidence.survey.facts["height"])
    away = np.abs(aspect - np.median(aspect)) if len(aspect) else aspect
    rows = np.flatnonzero(away >= np.log2(_ODD))
    return _first_size(evidence, rows[np.argsort(-away[rows], kind="stable")])


def cropped(evidence: Evidence) -> Observation | NotApplicable | None:
    """Where the middle alone, asked for, would lose more than a fifth of many pictures."""
    if evidence.fit != "crop":
        return NotApplicable("check.no_crop")
    high, wide = evidence.survey.facts["height"], evidence.survey.facts["width"]
    shown_share = np.minimum(high, wide) / np.maximum(high, wide)
    rows = np.flatnonzero(shown_share < _CROPPED)
    if len(rows) <= _MANY * len(shown_share):
        return None
    rows = rows[np.argsort(shown_share[rows], kind="stable")]
    return Observation({"n": len(rows), "share": len(rows) / len(shown_share)}, evidence.single_cases(rows))


def turned(evidence: Evidence) -> Observation | None:
    """Pictures that lie on their side in the file and are turned by a note in it (EXIF)."""
    rows = np.flatnonzero(evidence.survey.facts["turned"] > 1)
    return Observation({"n": len(rows)}, evidence.single_cases(rows)) if len(rows) else None


def gray_among_colour(evidence: Evidence) -> Observation | NotApplicable | None:
    """The few that have no colour where the others have, or the other way round."""
    gray = evidence.survey.facts["chroma"] < COLOURLESS
    few = gray if 2 * gray.sum() <= len(gray) else ~gray
    rows = np.flatnonzero(few)
    if not len(rows):
        return None
    kind, rest = ("gray", "colour") if few is gray else ("colour", "gray")
    labels = evidence.labels[rows]
    known_labels = labels[labels >= 0]
    values = {"n": len(rows), "kind": Sentence(f"check.{kind}"), "rest": Sentence(f"check.{rest}")}
    if len(known_labels):
        most = int(np.bincount(known_labels).argmax())
        values |= {"most": int((known_labels == most).sum()), "name": evidence.dataset.shown[most]}
    return Observation(values | {"first": evidence.name(int(rows[0]))}, evidence.single_cases(rows))


def _short(evidence: Evidence) -> np.ndarray:
    return np.minimum(evidence.survey.facts["height"], evidence.survey.facts["width"])


CHECKS = (
    Check("CHK001", "issue", unreadable),
    Check("CHK002", "tip", tiny),
    Check("CHK003", "tip", huge),
    Check("CHK004", "tip", odd_shapes),
    Check("CHK005", "issue", cropped),
    Check("CHK006", "tip", turned),
    Check("CHK007", "tip", gray_among_colour),
)
