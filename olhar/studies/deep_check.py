"""What the deep part of a check adds to what features said: networks that learn from nothing, where those may know better."""

import numpy as np

from olhar.base.errors import ExtraError
from olhar.base.extras import need
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import Sentence
from olhar.data.checks.audit import DEEP, Audit
from olhar.data.checks.findings import Finding
from olhar.studies.by_features import Seen
from olhar.studies.looked_at import Judged
from olhar.studies.shortcuts import by_colours

GOOD = 0.9
"""Where heads are right so often, networks that learn from nothing add nothing: of 1,402 cats and dogs those were right on 71%
after four minutes, heads on 99%."""


def deepened(audited: Audit, seen: Seen, minutes: float, progress: Progress, runner: Runner = HERE) -> tuple[Finding, ...]:
    """The findings of ``seen`` with those of ``audit.DEEP``; of suspect labels and borders, those of whoever is right more often.

    Args:
        audited: the pictures, and what the quick checks gathered.
        seen: what features said of all of them.
        minutes: the most that networks may take; 0 leaves it at ten.
        progress: where to tell how far it is.
        runner: where networks are trained.
    """
    if seen.judged is not None and seen.judged.accuracy.value >= GOOD:
        return (*seen.findings, colours(audited, seen.judged))
    try:
        need("train", "check")
    except ExtraError as error:
        progress.line(Sentence(error.key, error.values))
        return (*seen.findings, *_without_networks(audited, seen, Sentence(error.key, error.values)))
    return _better(audited, seen, _networks(audited, minutes, progress, runner))


def colours(audited: Audit, judged: Judged) -> Finding:
    """``CHK053``, by the patches of colour that the survey holds."""
    layout = audited.evidence.survey.colour[judged.places].reshape(len(judged.places), -1).astype(np.float32)
    taught, held = np.flatnonzero(judged.fold != 0), np.flatnonzero(judged.fold == 0)
    return by_colours(np.divide(layout, 255, dtype=np.float32), judged.labels, taught, held, judged.right[held])


def _networks(audited: Audit, minutes: float, progress: Progress, runner: Runner) -> tuple[Finding, ...]:
    from olhar.studies import label_check

    rows = audited.evidence.survey.rows
    groups = np.arange(len(audited.dataset))
    groups[rows] = rows[audited.evidence.groups]
    return label_check.deep(audited.dataset, groups, minutes or label_check.MINUTES, progress, runner)


def _without_networks(audited: Audit, seen: Seen, reason: Sentence) -> tuple[Finding, ...]:
    if seen.judged is not None:
        return (colours(audited, seen.judged),)
    return tuple(Finding(code, "skipped", {"reason": reason}) for code in DEEP)


def _better(audited: Audit, seen: Seen, networks: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of both, what the one says that is right more often; what only one could say is taken from it."""
    suspects = next(finding for finding in networks if finding.code == "CHK051")
    if seen.judged is None or suspects.values.get("accuracy", 0.0) > seen.judged.accuracy.value:
        return (*seen.findings, *networks)
    return (*seen.findings, colours(audited, seen.judged))
