"""Which pictures a check looks at through a body: all, or as many of each class as its share, as time allows."""

import time
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Signature
from olhar.bodies.body import Body
from olhar.bodies.feature_store import features_of, is_kept
from olhar.bodies.features import Features, View, picture_contract
from olhar.bodies.looking import AskedBody, compute
from olhar.data.checks.audit import Audit
from olhar.data.checks.survey import Survey
from olhar.jobs.look import look

SECONDS = 24.0
"""Features of one check may take as long; heads that learn from them take the rest of half a minute."""

MOST, LEAST = 5000, 400
"""Pictures that are looked at: no more where nobody asks for all, and no fewer however slow the machine is."""

BORDERS = 600
"""Pictures whose borders alone are looked at: enough to tell a share of 0.75 from one of 0.9."""

_TRIED, _WARM = 48, 8
"""Pictures that are tried to see how long one takes, and the first of them, which wait for the network to be opened."""

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Looks:
    """How the pictures of a check are looked at through a body.

    Attributes:
        audited: the pictures, and what one pass gathered of the M that can be read.
        body: what looks at them.
        contract: how it wants them.
        progress: where to tell how far it is.
        runner: where they are looked at.
    """

    audited: Audit
    body: Body
    contract: Signature
    progress: Progress
    runner: Runner = HERE

    @classmethod
    def of(cls, audited: Audit, body: Body, progress: Progress, runner: Runner = HERE) -> "Looks":
        """As a training would look at them, so that the features serve both."""
        gray = look(audited.dataset)[1] or body.channels == 1
        contract = picture_contract(body, 1 if gray else 3, audited.evidence.fit)
        return cls(audited, body, replace(contract, levels=audited.evidence.survey.levels), progress, runner)

    @property
    def survey(self) -> Survey:
        """What one pass gathered."""
        return self.audited.evidence.survey

    def features(self, places: Places, view: View) -> Features:
        """What the body says of some of the M pictures; those that can no longer be read are missing."""
        survey = self.survey.only(places)
        return features_of(self.audited.dataset, survey, self.body, self.contract, (view,), self.progress, runner=self.runner)

    def sample(self, *, everything: bool) -> Places:
        """The places of the pictures to look at, int64 (n,); any first of them are a fair sample."""
        order = fair_order(self.audited.evidence.labels, self.survey.hashes)
        if everything:
            return order
        order = order[:MOST]
        wanting = self._wanting(order, "plain")
        wanting[:BORDERS] += self._wanting(order[:BORDERS], "border")
        work = np.cumsum(wanting)
        if work[-1] <= LEAST:
            return order
        affordable = int(np.searchsorted(work, SECONDS / self._seconds_each(order), side="right"))
        return order if affordable >= len(order) else order[: max(LEAST, rounded(affordable))]

    def _wanting(self, places: Places, view: View) -> Places:
        """1 for each picture whose features are yet to be computed."""
        kept = is_kept(self.audited.dataset, self.survey.only(places), self.body, self.contract, (view,))
        return (~kept).astype(np.int64)

    def _seconds_each(self, order: Places) -> float:
        """How long a picture takes here, tried on the first of them."""
        rows = self.survey.rows[order[:_TRIED]].tolist()
        answers = compute(self.audited.dataset, rows, AskedBody(self.body, self.contract, ("plain",)), _nothing)
        list(islice(answers, _WARM))
        begun = time.perf_counter()
        rest = len(list(answers))
        return (time.perf_counter() - begun) / rest


def fair_order(labels: NDArray[np.int64], hashes: NDArray[np.uint8]) -> Places:
    """All pictures, int64 (M,), so that any first of them hold each class by its share; chance is in their content's hashes.

    Args:
        labels: int64 (M,).
        hashes: uint8 (M, 16).
    """
    by_hash = np.lexsort(hashes.T[::-1])
    place = np.empty(len(labels))
    for label in np.unique(labels):
        own = by_hash[labels[by_hash] == label]
        place[own] = (np.arange(len(own)) + 0.5) / len(own)
    return by_hash[np.argsort(place[by_hash], kind="stable")]


def rounded(n: int) -> int:
    """Down to one or two figures, so that a second check mostly looks at as many: 5,000, 4,500, 950."""
    step = max(1, 5 * 10 ** (len(str(n)) - 2))
    return n // step * step


def _nothing(_n: int, _total: int | None = None, /) -> None:
    """Nobody is told."""
