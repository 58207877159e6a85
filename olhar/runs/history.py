"""The history of a training: a line an epoch, as JSON lines and as CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from olhar.base.parsing import Count, Share, fits, parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

_NAME = "history.jsonl"
_SCORES = {"precision", "recall", "f1"}


def _is_scores(value: Any) -> bool:
    """Whether it is what is known of one class."""
    return fits(value, Mapping[str, Share]) and value.keys() >= _SCORES


_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("epoch", "step"), Count),
    **dict.fromkeys(("seconds", "val_loss"), float),
    **dict.fromkeys(("seconds_left", "learning_rate", "pictures_per_second", "loss"), float | None),
    "accuracy": float | None,
    **dict.fromkeys(("val_accuracy", "val_f1", "val_precision", "val_recall"), Share),
    "by_class": Mapping[str, Annotated[dict[str, float], _is_scores]],
}
"""Of an epoch's numbers; null where epoch 0, before the first step, has none."""


def append(run: RunFolder, row: Mapping[str, Any]) -> None:
    """Add one epoch; an epoch that is there already (after going on from an older checkpoint) is replaced.

    Raises:
        RunError: ``history.jsonl`` is damaged, or cannot be written.
    """
    rows = [earlier for earlier in _read(run, {"epoch": Count}) if earlier["epoch"] < row["epoch"]] + [dict(row)]
    run.write(_NAME, "".join(json.dumps(epoch, ensure_ascii=False) + "\n" for epoch in rows))
    run.write("history.csv", _csv(rows))


def read(run: RunFolder) -> list[dict[str, Any]]:
    """All epochs so far, oldest first.

    Raises:
        RunError: ``history.jsonl`` is damaged.
    """
    return _read(run, _TYPES)


def _read(run: RunFolder, types: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The epochs, once the numbers that somebody will use are of their types."""
    if not (run.path / _NAME).is_file():
        return []
    lines = run.read(_NAME).split("\n")
    with parsing(damaged(run.path, _NAME)):
        return [_row(json.loads(line), types) for line in lines if line]


def _row(row: dict[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """An epoch as it was kept.

    Raises:
        ValueError, KeyError, TypeError: it is damaged.
    """
    for name, kind in types.items():
        if not fits(row[name], kind):
            raise ValueError(name)
    return row


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = [name for name in rows[0] if name != "by_class"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
