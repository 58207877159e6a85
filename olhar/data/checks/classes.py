"""Checks of the classes: how many pictures each has, in which parts, and in which order they stand."""

import numpy as np

from olhar.base.errors import DataError
from olhar.base.texts import Sentence
from olhar.data.checks.check import Check, Evidence, NotApplicable, Observation
from olhar.data.dataset import PARTS
from olhar.data.labelled import require_labelled, require_taught

NOTHING_TO_LEARN = "CHK036"
"""The check of what a training would refuse."""
_UNEQUAL, _VERY_UNEQUAL, _SMALL = 3, 10, 20


def nothing_to_learn(evidence: Evidence) -> Observation | None:
    """No two classes, or nothing to learn one of them from: what would end a training before it begins."""
    try:
        require_taught(require_labelled(evidence.dataset))
    except DataError as error:
        return Observation({"why": Sentence(error.key, error.values)})
    return None


def unequal_classes(evidence: Evidence) -> Observation | NotApplicable | None:
    """Classes of very different sizes."""
    counts = _counts(evidence)
    if len(counts) < 2:
        return NotApplicable("check.no_labels")
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] < _UNEQUAL * max(1, counts[least]):
        return None
    values = {"most": counts[most], "largest": _name(evidence, most), "least": counts[least], "smallest": _name(evidence, least)}
    return Observation(values, severity="issue" if counts[most] >= _VERY_UNEQUAL * max(1, counts[least]) else "tip")


def classes_missing_in_a_part(evidence: Evidence) -> Observation | NotApplicable | None:
    """Classes that one of the parts lacks."""
    parts = [part for part in PARTS if (evidence.parts == part).any()]
    if len(parts) < 2:
        return NotApplicable("check.no_parts")
    counts = {part: np.bincount(_labels_in(evidence, part), minlength=len(evidence.dataset.classes)) for part in parts}
    shown = sum(counts.values()) > 0  # a model may know classes of which there is no picture anywhere
    missing = [(label, part) for part in parts for label in np.flatnonzero(shown & (counts[part] == 0)).tolist()]
    if not missing:
        return None
    label, part = missing[0]
    return Observation({"n": len({label for label, _ in missing}), "name": evidence.dataset.shown[label], "part": part})


def numbers_sorted_as_words(evidence: Evidence) -> Observation | None:
    """Names that are numbers, sorted as words."""
    names = evidence.dataset.classes
    if not names or not all(name.isdecimal() for name in names) or sorted(names, key=int) == list(names):
        return None
    return Observation({"classes": ", ".join(names[:12])})


def small_classes(evidence: Evidence) -> Observation | NotApplicable | None:
    """Classes of so few pictures that no number about them can be trusted."""
    counts = _counts(evidence)
    if len(counts) < 2:
        return NotApplicable("check.no_labels")
    few = sorted((count, name) for name, count in counts.items() if count < _SMALL)
    if not few:
        return None
    return Observation({"n": len(few), "least": few[0][0], "name": _name(evidence, few[0][1])})


def empty_class_folders(evidence: Evidence) -> Observation | None:
    """Folders beside those of the classes in which nothing lies, as the reader of folders has found them."""
    read_as = evidence.dataset.read_as
    told = next((note for note in read_as.notes if note.key == "reading.empty_classes"), None) if read_as else None
    return Observation({"n": told.values["n"], "names": told.values["names"]}) if told else None


def _counts(evidence: Evidence) -> dict[str, int]:
    """How many pictures that can be read each class has; a model may know classes of which there is none."""
    counts = np.bincount(evidence.labels[evidence.labels >= 0], minlength=len(evidence.dataset.classes)).tolist()
    return {key: count for key, count in zip(evidence.dataset.classes, counts, strict=True) if count}


def _labels_in(evidence: Evidence, part: str) -> np.ndarray:
    labels = evidence.labels[evidence.parts == part]
    return labels[labels >= 0]


def _name(evidence: Evidence, key: str) -> str:
    return evidence.dataset.shown[evidence.dataset.classes.index(key)]


CHECKS = (
    Check("CHK030", "tip", unequal_classes),
    Check("CHK031", "issue", classes_missing_in_a_part),
    Check("CHK032", "tip", numbers_sorted_as_words),
    Check("CHK033", "tip", small_classes),
    Check("CHK035", "tip", empty_class_folders),
    Check(NOTHING_TO_LEARN, "issue", nothing_to_learn),
)
