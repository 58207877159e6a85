"""ClusterLedger: which nodes there are, what each did, and what was lost with those that are gone."""

import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from olhar.base.errors import TrainingError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.scale.task import Done

_LOOKED = 2.0
"""Seconds between two looks at the nodes."""
_GONE = 20.0
"""Seconds after which a head that does not answer is told, and waited for no longer."""


class ClusterLedger:
    """What is told of a cluster while it works.

    Args:
        where: as the person named it.
        progress: who is told.
        answers: whether the head can be reached.
    """

    def __init__(self, where: str, progress: Progress, answers: Callable[[], bool]) -> None:
        self.where, self.progress, self.answers = where, progress, answers
        self.nodes = _alive()
        self.most_threads = int(max((cpus for _, cpus in self.nodes.values()), default=0))
        self.parts, self.again = Counter[str](), 0
        self.seconds = 0.0
        self.lost = 0
        self.looked = self.heard = time.monotonic()

    def look(self, *, urgent: bool) -> None:
        """See to it that the nodes are still there; a lost one is told.

        Args:
            urgent: somebody waits.

        Raises:
            TrainingError: the head has not answered for a while.
        """
        now = time.monotonic()
        if now - self.looked < _LOOKED and not urgent:
            return
        self.looked = now
        if not self.answers():
            if now - self.heard > _GONE:
                raise TrainingError("scale.lost", reason=self.where)
            return
        self.heard, nodes = now, _alive()
        for name in self.nodes.keys() - nodes.keys():
            self.lost += 1
            self.progress.line(sentence("scale.node_lost", where=self.nodes[name][0], left=len(nodes)))
        for name in nodes.keys() - self.nodes.keys():
            self.progress.line(sentence("scale.node_joined", where=nodes[name][0]))
        self.nodes = nodes

    def did(self, done: Done) -> None:
        """Count what was done."""
        self.parts[done.where] += 1
        self.seconds += done.seconds
        self.again += done.attempt > 0

    def tell(self) -> None:
        """Say who did what, and what was lost."""
        if not self.parts:
            return
        each = ", ".join(f"{where} {n}" for where, n in self.parts.most_common())
        self.progress.line(sentence("scale.did", n=self.parts.total(), each=each))
        if self.lost or self.again:
            self.progress.line(sentence("scale.cost", nodes=self.lost, parts=self.again))


def _alive() -> dict[str, tuple[str, float]]:
    """The nodes that work: identifier -> address, processors."""
    ray: Any = import_module("ray")

    return {
        node["NodeID"]: (node["NodeManagerAddress"], cpus)
        for node in ray.nodes()
        if node["Alive"] and (cpus := node["Resources"].get("CPU", 0))
    }
