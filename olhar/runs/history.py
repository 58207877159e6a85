"""The history of a training: a line an epoch, as JSON lines and as CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from olhar.runs.folder import RunFolder


def append(run: RunFolder, row: Mapping[str, Any]) -> None:
    """Add one epoch; an epoch that is there already (after going on from an older checkpoint) is replaced."""
    rows = [earlier for earlier in read(run) if earlier["epoch"] < row["epoch"]] + [dict(row)]
    run.write("history.jsonl", "".join(json.dumps(epoch, ensure_ascii=False) + "\n" for epoch in rows))
    run.write("history.csv", _csv(rows))


def read(run: RunFolder) -> list[dict[str, Any]]:
    """All epochs so far, oldest first."""
    if not (run.path / "history.jsonl").is_file():
        return []
    return [json.loads(line) for line in run.read("history.jsonl").splitlines() if line]


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = [name for name in rows[0] if name != "by_class"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
