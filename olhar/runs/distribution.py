"""What the pictures were like that a run learnt from: ``picture-statistics.json``, a few hundred numbers."""

import json

from olhar.base.parsing import parsing
from olhar.evaluation.drift.distribution import Distribution
from olhar.runs.damage import damaged
from olhar.runs.folder import VERSION, RunFolder

NAME = "picture-statistics.json"


def write_distribution(run: RunFolder, distribution: Distribution) -> None:
    """Keep it in the run."""
    run.write(NAME, json.dumps({"olhar": VERSION} | distribution.to_dict(), ensure_ascii=False) + "\n")


def read_distribution(run: RunFolder) -> Distribution | None:
    """It, where it was kept: earlier versions did not.

    Raises:
        RunError: it is damaged.
    """
    if not (run.path / NAME).is_file():
        return None
    stored = run.read_json(NAME)
    with parsing(damaged(run.path, NAME)):
        return Distribution.from_dict(stored)
