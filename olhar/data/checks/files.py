"""Checks of the files themselves: what cannot be read, sizes, shapes, turned and gray pictures."""

import numpy as np

from olhar.base.texts import Sentence
from olhar.data.checks.check import MOST_CASES, Check, Evidence, Found, NotApplicable
from olhar.data.checks.findings import Case

_TINY, _HUGE = 32, 20_000_000
_ODD, _CROPPED, _MANY = 2.0, 0.8, 0.1
_COLOURLESS = 2.0


def unreadable(e: Evidence) -> Found | None:
    """Files that are no picture, are damaged, empty, or too large to be opened."""
    if not e.survey.bad:
        return None
    rows = np.setdiff1d(np.arange(len(e.dataset)), e.survey.rows)[:MOST_CASES].tolist()
    cases = tuple(Case((row,), values={"reason": bad.reason}) for row, bad in zip(rows, e.survey.bad, strict=False))
    return Found({"n": len(e.survey.bad), "first": e.survey.bad[0].reason}, cases)


def tiny(e: Evidence) -> Found | None:
    """Pictures far smaller than the network's, or than the others."""
    short = _short(e)
    limit = e.size / 2 if e.size else min(_TINY, float(np.median(short)) / 2) if len(short) else 0
    rows = np.flatnonzero(short < limit)
    return _smallest(e, rows[np.argsort(short[rows], kind="stable")])


def _smallest(e: Evidence, rows: np.ndarray) -> Found | None:
    if not len(rows):
        return None
    first = e.survey.facts[rows[0]]
    return Found({"n": len(rows), "height": int(first["height"]), "width": int(first["width"])}, e.alone(rows))


def huge(e: Evidence) -> Found | None:
    """Pictures that take long to open."""
    pixels = e.survey.facts["height"].astype(np.int64) * e.survey.facts["width"]
    rows = np.flatnonzero(pixels > _HUGE)
    if not len(rows):
        return None
    rows = rows[np.argsort(-pixels[rows], kind="stable")]
    return Found({"n": len(rows), "megapixels": float(pixels[rows[0]] / 1e6)}, e.alone(rows))


def odd_shapes(e: Evidence) -> Found | None:
    """Pictures that are twice as wide or as high as the common shape."""
    aspect = np.log2(e.survey.facts["width"] / e.survey.facts["height"])
    away = np.abs(aspect - np.median(aspect)) if len(aspect) else aspect
    rows = np.flatnonzero(away >= np.log2(_ODD))
    if not len(rows):
        return None
    rows = rows[np.argsort(-away[rows], kind="stable")]
    first = e.survey.facts[rows[0]]
    return Found({"n": len(rows), "height": int(first["height"]), "width": int(first["width"])}, e.alone(rows))


def cropped(e: Evidence) -> Found | None:
    """Where the middle alone would lose more than a fifth of many pictures."""
    high, wide = e.survey.facts["height"], e.survey.facts["width"]
    kept = np.minimum(high, wide) / np.maximum(high, wide)
    rows = np.flatnonzero(kept < _CROPPED)
    if len(rows) <= _MANY * len(kept):
        return None
    rows = rows[np.argsort(kept[rows], kind="stable")]
    severity = "issue" if e.fit == "crop" else "tip"
    return Found({"n": len(rows), "share": len(rows) / len(kept)}, e.alone(rows), severity)


def turned(e: Evidence) -> Found | None:
    """Pictures that lie on their side in the file and are turned by a note in it (EXIF)."""
    rows = np.flatnonzero(e.survey.facts["turned"] > 1)
    return Found({"n": len(rows)}, e.alone(rows)) if len(rows) else None


def gray_among_colour(e: Evidence) -> Found | NotApplicable | None:
    """The few that have no colour where the others have, or the other way round."""
    gray = e.survey.facts["chroma"] < _COLOURLESS
    few = gray if 2 * gray.sum() <= len(gray) else ~gray
    rows = np.flatnonzero(few)
    if not len(rows):
        return None
    kind, rest = ("gray", "colour") if few is gray else ("colour", "gray")
    labels = e.labels[rows]
    known = labels[labels >= 0]
    values = {"n": len(rows), "kind": Sentence(f"check.{kind}"), "rest": Sentence(f"check.{rest}")}
    if len(known):
        most = int(np.bincount(known).argmax())
        values |= {"most": int((known == most).sum()), "name": e.dataset.shown[most]}
    return Found(values | {"first": e.name(int(rows[0]))}, e.alone(rows))


def _short(e: Evidence) -> np.ndarray:
    return np.minimum(e.survey.facts["height"], e.survey.facts["width"])


CHECKS = (
    Check("CHK001", "issue", unreadable),
    Check("CHK002", "tip", tiny),
    Check("CHK003", "tip", huge),
    Check("CHK004", "tip", odd_shapes),
    Check("CHK005", "tip", cropped),
    Check("CHK006", "tip", turned),
    Check("CHK007", "tip", gray_among_colour),
)
