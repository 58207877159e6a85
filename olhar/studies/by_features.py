"""What a published body says of the pictures, in seconds and without torch: a finding for each of ``audit.BY_FEATURES``.

One thing shown again, suspect labels, borders that give the class away, pictures of no class. No picture is judged by a head that
saw it, or a copy of it. Nothing is chosen by the answers.
"""

from dataclasses import dataclass, replace

import numpy as np

from olhar.base.errors import ExtraError, ModelError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import Sentence, sentence
from olhar.bodies.heads.learning import LearntHead
from olhar.bodies.opened import published_body
from olhar.bodies.unlikeness import UNUSUAL, learn_unlikeness
from olhar.data.checks.audit import BY_FEATURES, Audit
from olhar.data.checks.check import MOST_CASES
from olhar.data.checks.findings import Case, CheckOutcome, Finding
from olhar.data.checks.suspects import wrong_labels
from olhar.data.copies.by_features import pairs_of_one_scene
from olhar.data.copies.groups import connected_groups
from olhar.jobs.ways import USUAL
from olhar.studies.feature_sample import BORDERS, Looks
from olhar.studies.looked_at import Judged, LookedAt
from olhar.studies.shortcuts import borders
from olhar.studies.suspect_labels import suspect_labels

FEWEST = 40
"""Pictures below which nothing can be learnt that would judge another."""

OF_A_CLASS = 1000
"""Pictures of a class by which strangers are measured, at most."""

ALIKE = 0.5
"""Where more pictures than this share seem to repeat others, the body cannot tell such pictures apart."""


@dataclass(frozen=True)
class Seen:
    """The findings, and how the pictures were judged; None where they could not be."""

    findings: tuple[Finding, ...]
    judged: Judged | None = None


def by_features(audited: Audit, progress: Progress, *, everything: bool = False, runner: Runner = HERE) -> Seen:
    """Look at the pictures through the body that a training takes by itself.

    Args:
        audited: the pictures, and what the quick checks gathered.
        progress: where to tell how far it is.
        everything: look at all pictures, however long it takes.
        runner: where they are looked at.
    """
    n = len(audited.evidence.survey)
    if n < FEWEST:
        return Seen(_without("skipped", Sentence("check.deep.few", {"n": n, "least": FEWEST})))
    try:
        body = published_body(USUAL)
    except (ExtraError, ModelError) as error:
        reason = Sentence(error.key, error.values)
        progress.line(sentence("check.by_features.missing", reason=reason))
        return Seen(_without("skipped", reason))
    looks = Looks.of(audited, body, progress, runner)
    places = looks.sample(everything=everything)
    if len(places) < n:
        progress.line(sentence("check.by_features.sample", n=len(places), of=n))
    return _all(LookedAt.through(looks, places))


def _without(outcome: CheckOutcome, reason: Sentence, *found: Finding) -> tuple[Finding, ...]:
    """What was found, and for every other check why there is nothing."""
    codes = [code for code in BY_FEATURES if code not in {finding.code for finding in found}]
    return (*found, *(Finding(code, outcome, {"reason": reason}) for code in codes))


def _all(pictures: LookedAt) -> Seen:
    found = one_scene(pictures), strangers(pictures)
    if not pictures.can_teach:
        return Seen(_without("not_applicable", Sentence("check.deep.no_classes"), *found))
    head = pictures.head()
    judged = Judged.by(head, pictures)
    if judged.accuracy.low <= judged.majority:
        values = {"accuracy": judged.accuracy.value, "majority": judged.majority, "n": judged.accuracy.n}
        return Seen(_without("skipped", Sentence("check.by_features.no_better", values), *found))
    return Seen((*found, suspected(pictures, head, judged), telling_borders(pictures)), judged)


def suspected(pictures: LookedAt, head: LearntHead, judged: Judged) -> Finding:
    """``CHK051``: the first heads say how many labels are wrong; those that learn again, doubtful ones counting less, which."""
    again = pictures.head_again(head)
    expected = wrong_labels(pictures.labels, head.out_of_fold)
    finding = suspect_labels(pictures.rows, pictures.labels, again.out_of_fold, judged.accuracy, expected)
    return _of_sample(finding, pictures)


def telling_borders(pictures: LookedAt) -> Finding:
    """``CHK052``: heads that see the borders alone beside heads that see as many whole pictures.

    Never more than worth a look: what a body sees in a border may be the subject's own surface.
    """
    framed = LookedAt.through(pictures.looks, pictures.places[:BORDERS], "border")
    whole = pictures.only(framed.places)
    head = framed.head()
    right = Judged.by(whole.head(head.fold), whole).right
    finding = borders(framed.rows, framed.labels, head.out_of_fold, right)
    return _of_sample(replace(finding, outcome="tip" if finding.outcome == "issue" else finding.outcome), pictures)


def strangers(pictures: LookedAt) -> Finding:
    """``CHK054``: pictures that are unlike every class."""
    _, scores = learn_unlikeness(pictures.ends, pictures.labels, pictures.groups, OF_A_CLASS)
    far = np.flatnonzero(scores >= UNUSUAL)
    far = far[np.argsort(-scores[far], kind="stable")]
    cases = tuple(
        Case((int(pictures.rows[i]),), score=float(scores[i]), values={"unlikeness": float(scores[i])})
        for i in far[:MOST_CASES].tolist()
    )
    return _of_sample(Finding("CHK054", "tip" if cases else "passed", {"n": len(far), "total": len(scores)}, cases), pictures)


def one_scene(pictures: LookedAt) -> Finding:
    """``CHK026``: pictures that show one thing again, though their pixels differ."""
    pairs = pairs_of_one_scene(pictures.ends, pictures.groups)
    group = connected_groups(len(pictures.rows), pairs)
    if len(np.unique(pairs)) > ALIKE * len(pictures.rows):
        return Finding("CHK026", "not_applicable", {"reason": Sentence("check.by_features.all_alike")})
    together = [np.flatnonzero(group == first) for first in dict.fromkeys(group[pairs[:, 0]].tolist())]
    cases = tuple(Case(tuple(pictures.rows[own].tolist())) for own in together[:MOST_CASES])
    two = sum(len(np.unique(pictures.labels[own])) > 1 for own in together)
    labels = Sentence("check.by_features.two_labels", {"n": two}) if two else ""
    values = {"n": len(together), "pictures": sum(map(len, together)), "two": two, "labels": labels, "total": len(pictures.rows)}
    return _of_sample(Finding("CHK026", "tip" if together else "passed", values, cases), pictures)


def _of_sample(finding: Finding, pictures: LookedAt) -> Finding:
    """The finding, which says where not all pictures were looked at."""
    n, of = len(pictures.places), len(pictures.looks.survey)
    told = Sentence("check.by_features.of_sample", {"n": n, "of": of}) if n < of else ""
    return replace(finding, values={**finding.values, "sample": told})
