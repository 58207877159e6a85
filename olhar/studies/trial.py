"""Trial: one short training of a tuning; all of them are kept as a line each in ``trials.jsonl``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from olhar.base.errors import RunError
from olhar.base.parsing import Count, checked, parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

_FILE = "trials.jsonl"

State = Literal["complete", "pruned", "failed", "running"]


@dataclass(frozen=True)
class Trial:
    """One short training.

    Attributes:
        number: counted from 1.
        state: ``complete``; ``pruned``, given up as worse than the others by then; ``failed``; ``running``, which is also what a
            kill, a stop and the end of the time leave: it is asked for again.
        params: what was chosen, by field.
        values: the number of validation that is tuned for, after each epoch.
        seconds: it took.
        reason: why it failed.
    """

    number: Count
    state: State
    params: Mapping[str, Any]
    values: tuple[float, ...] = field(default=())
    seconds: float = 0.0
    reason: str = ""

    @property
    def value(self) -> float:
        """The best epoch's number, by which trials are compared; 0 before the first."""
        return max(self.values, default=0.0)


def read_trials(folder: RunFolder) -> list[Trial]:
    """Those of a tuning so far.

    Raises:
        RunError: ``trials.jsonl`` is damaged.
    """
    if not (folder.path / _FILE).is_file():
        return []
    lines = folder.read(_FILE).split("\n")
    with parsing(damaged(folder.path, _FILE)):
        rows = [json.loads(line) for line in lines if line]
        return [checked(Trial(**row | {"values": tuple(row["values"])})) for row in rows]


def damaged_trials(folder: RunFolder) -> RunError:
    """The error for trials that are none of their tuning's: values outside its ranges."""
    return damaged(folder.path, _FILE)


def write_trials(folder: RunFolder, trials: Sequence[Trial]) -> None:
    """Keep them, whole or not at all."""
    folder.write(_FILE, "".join(json.dumps(asdict(trial), ensure_ascii=False) + "\n" for trial in trials))
