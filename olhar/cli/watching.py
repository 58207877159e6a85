"""One run, watched from another terminal: its curves in braille, drawn again after each epoch, until it ends."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.live import Live
from rich.text import Text

from olhar.base.texts import number, percent, say
from olhar.cli.plot import plot
from olhar.cli.print_runs import accuracy, to_resume
from olhar.cli.printing import console, print_json, print_next
from olhar.reporting.html_text import duration
from olhar.runs import history
from olhar.runs.folder import RunFolder
from olhar.runs.listing import RunSummary, active_run, summarise
from olhar.runs.lock import busy

_EVERY, _PATIENCE = 1.0, 3
_HEIGHT = 8
_MINUTES_FROM = 120
_COLOURS = ("blue", "green")

Rows = list[dict[str, Any]]


def print_state(path: str, as_json: bool) -> int:
    """How far a run is, once.

    Raises:
        RunError: no such run.
    """
    run = RunFolder.open(active_run(Path(path)))
    one = summarise(run.path)
    if as_json:
        return print_json(one.to_dict())
    console().print(_picture(one, history.read(run)))
    _next(one)
    return 0


def watch(path: str) -> int:
    """Show a run until it ends, or each of its folds or of several seeds in turn; where nobody looks, a line an epoch.

    Raises:
        RunError: no such run.
    """
    root = Path(path)
    RunFolder.open(active_run(root))
    return _watch_live(root) if sys.stdout.isatty() else _watch_lines(root)


def _watch_live(root: Path) -> int:
    one = summarise(root)
    with Live(console=console(), auto_refresh=False) as live:
        for one, rows in _seen(root):
            live.update(_picture(one, rows), refresh=True)
    _next(one)
    return 0


def _watch_lines(root: Path) -> int:
    told: dict[Path, int] = {}
    one = summarise(root)
    for one, rows in _seen(root):
        if one.path not in told and one.path != root:
            print(one.path, flush=True)
        for row in rows[told.get(one.path, 0) :]:
            print(_line(row), flush=True)
        told[one.path] = len(rows)
    console().print(_headline(one))
    return 0


def _seen(root: Path) -> Iterator[tuple[RunSummary, Rows]]:
    """The run at work and its epochs, every second, until none is: between two seeds there is a moment without one."""
    idle = 0
    while True:
        one = summarise(active_run(root))
        yield one, history.read(RunFolder(one.path))
        idle = 0 if one.state == "running" or busy(root) else idle + 1
        if idle > (0 if one.path == root else _PATIENCE):
            return
        time.sleep(_EVERY)


def _picture(one: RunSummary, rows: Rows) -> Group:
    parts = [_headline(one)]
    if rows:
        parts += [
            Text(_line(rows[-1])),
            Text(_more(rows[-1], one.state == "running")),
            *_curves(rows, "loss"),
            *_curves(rows, "accuracy"),
        ]
    return Group(*parts)


def _headline(one: RunSummary) -> Text:
    known = accuracy(one)
    return Text(f"{one.path}  {say(f'runs.{one.state}')}{'  ' + known if known else ''}", "bold")


def _line(row: dict[str, Any]) -> str:
    loss = number(row["loss"], 3) if row["loss"] is not None else "-"
    return say(
        "runs.epoch_line",
        epoch=row["epoch"],
        loss=loss,
        accuracy=percent(row["accuracy"]) if row["accuracy"] is not None else "-",
        val_loss=number(row["val_loss"], 3),
        val_accuracy=percent(row["val_accuracy"]),
    )


def _more(row: dict[str, Any], learning: bool) -> str:
    """The means over the classes, how fast it goes, and the time that is left while it learns."""
    means = {name: percent(row[f"val_{name}"]) for name in ("f1", "precision", "recall")}
    line = say("runs.more_line", **means, rate=number(round(row["pictures_per_second"])))
    left = row.get("seconds_left")
    if not learning or not left:
        return line
    return f"{line}  {say('runs.left', time=duration(left if left < _MINUTES_FROM else 60 * round(left / 60)))}"


def _curves(rows: Rows, what: str) -> list[Text]:
    """Training and validation over the epochs, with the scale at the left."""
    lines = [[float("nan") if row[name] is None else row[name] for row in rows] for name in (what, f"val_{what}")]
    wide = max(20, min(72, console().width - 12))
    drawn, low, high = plot(lines, wide, _HEIGHT)
    shown = percent if what == "accuracy" else lambda value: number(value, 2)
    title = Text(f"\n{say(f'runs.{what}')}  ")
    for name, colour in zip(("training", "validation"), _COLOURS, strict=True):
        title.append(f"● {say(f'runs.{name}')}  ", colour)
    found = [title]
    for number_, row in enumerate(drawn):
        label = {0: shown(high), _HEIGHT - 1: shown(low)}.get(number_, "")
        text = Text(f"{label:>9} ")
        for character, who in row:
            text.append(character, _COLOURS[who] if who >= 0 else "")
        found.append(text)
    return found


def _next(one: RunSummary) -> None:
    lines = {"stopped": to_resume(one), "finished": str(one.path / "report.html")}
    if one.state in lines:
        print_next(lines[one.state])
