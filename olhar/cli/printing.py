"""What commands print with: results to standard output, progress to standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from olhar.base.errors import RunError
from olhar.base.progress import Progress, Terminal
from olhar.base.texts import percent, say, visible

if TYPE_CHECKING:
    from olhar.data.dataset import Dataset
    from olhar.evaluation.metrics import Metrics

_WIDE = 4000


def progress() -> Progress:
    """Where commands tell how far they are."""
    return Terminal()


def console() -> Console:
    """Standard output; a pipe gets whole lines, however long."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(highlight=False, markup=False, emoji=False, width=width)


def print_json(value: dict[str, Any]) -> int:
    """One JSON object, opened by the version of its form."""
    print(json.dumps({"olhar": 1} | value, ensure_ascii=False, allow_nan=False))
    return 0


def print_next(*lines: str) -> None:
    """What to type or to open next, each in a line of its own however long it is, so that it can be copied."""
    out = console()
    out.print(f"\n{say('cli.next')}")
    for line in lines:
        out.print(f"  {visible(line)}", soft_wrap=True)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A plain table; the columns in ``right`` are set flush right."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    console().print(table)


def accuracy_sentence(metrics: "Metrics", measured: str | None = None, *, of_head: bool = False) -> str:
    """Accuracy with its interval and the number of pictures behind it; by folds, each was judged by another model or head."""
    interval = metrics.accuracy
    ends = {"low": percent(interval.low), "high": percent(interval.high)}
    values = {"accuracy": percent(interval.value), "n": interval.n} | ends
    if measured and measured != "folds":
        return say("cli.accuracy_of_part", part=say(f"train.part_{measured}"), **values)
    by_folds = "cli.accuracy_of_heads" if of_head else "cli.accuracy_of_folds"
    return say(by_folds if measured else "cli.accuracy", **values)


def warn_trained_on(model: str, data: "Dataset", rows: Iterable[int]) -> None:
    """That some of the pictures taught the model, where they did; or that nobody can tell, where its split is damaged."""
    from olhar.runs.leakage import count_trained_on

    try:
        n = count_trained_on(model, data, rows)
    except RunError as error:
        print(error, file=sys.stderr)
        return
    if n:
        print(say("predict.taught", n=n, where=model), file=sys.stderr)


def print_written(key: str, path: Path, as_json: bool) -> int:
    """Where something was written."""
    if as_json:
        return print_json({"written": str(path)})
    console().print(say(key, where=str(path)))
    return 0


def colour_word(channels: int) -> str:
    """What pictures of so many channels are called."""
    return say("train.gray" if channels == 1 else "train.rgb")
