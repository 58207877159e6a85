"""watch: one run, from another terminal: its curves in braille, drawn again after each epoch, until it ends."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.live import Live
from rich.text import Text

from olhar.base.texts import number, percent, say
from olhar.cli.commands.runs import accuracy_so_far, resume_command
from olhar.cli.flags import argument, option
from olhar.cli.plot import plot
from olhar.cli.printing import console, print_json, print_next

if TYPE_CHECKING:
    from olhar.runs.listing import RunSummary

_EVERY, _PATIENCE = 1.0, 3
"""Seconds between two looks, and how many looks without a run at work end the watching."""
_HEIGHT = 8
_MINUTES_FROM = 120
_COLOURS = ("blue", "green")

Epochs = list[dict[str, Any]]


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [argument("folder", "run"), option("--once", is_flag=True, help=say("cli.flag.once"))]


def run(folder: str, once: bool, as_json: bool) -> int:
    """Show a run until it ends, or each of its folds or of several seeds in turn; where nobody looks, a line an epoch.

    Raises:
        RunError: no such run.
    """
    from olhar.runs.folder import RunFolder
    from olhar.runs.listing import active_run

    root = Path(folder)
    RunFolder.open(active_run(root))
    if once or as_json:
        return _print_state(root, as_json)
    return _watch_live(root) if sys.stdout.isatty() else _watch_lines(root)


def _look(root: Path) -> tuple["RunSummary", Epochs]:
    """The run at work at or below a folder, and its epochs so far."""
    from olhar.runs import history
    from olhar.runs.folder import RunFolder
    from olhar.runs.listing import active_run, summarise

    run = summarise(active_run(root))
    return run, history.read(RunFolder(run.path))


def _looks(root: Path) -> Iterator[tuple["RunSummary", Epochs]]:
    """A look every second, until no run is at work: between two seeds there is a moment without one."""
    from olhar.runs.lock import busy

    idle = 0
    while True:
        run, epochs = _look(root)
        yield run, epochs
        idle = 0 if run.state == "running" or busy(root) else idle + 1
        if idle > (0 if run.path == root else _PATIENCE):
            return
        time.sleep(_EVERY)


def _print_state(root: Path, as_json: bool) -> int:
    """How far a run is, once."""
    run, epochs = _look(root)
    if as_json:
        return print_json(run.to_dict())
    console().print(_picture(run, epochs))
    _print_next(run)
    return 0


def _watch_live(root: Path) -> int:
    run, _ = _look(root)
    with Live(console=console(), auto_refresh=False) as live:
        for run, epochs in _looks(root):
            live.update(_picture(run, epochs), refresh=True)
    _print_next(run)
    return 0


def _watch_lines(root: Path) -> int:
    printed: dict[Path, int] = {}
    run, _ = _look(root)
    for run, epochs in _looks(root):
        if run.path not in printed and run.path != root:
            print(run.path, flush=True)
        for epoch in epochs[printed.get(run.path, 0) :]:
            print(_epoch_line(epoch), flush=True)
        printed[run.path] = len(epochs)
    console().print(_headline(run))
    return 0


def _picture(run: "RunSummary", epochs: Epochs) -> Group:
    parts = [_headline(run)]
    if epochs:
        parts += [
            Text(_epoch_line(epochs[-1])),
            Text(_second_line(epochs[-1], run.state == "running")),
            *_curves(epochs, "loss"),
            *_curves(epochs, "accuracy"),
        ]
    return Group(*parts)


def _headline(run: "RunSummary") -> Text:
    accuracy = accuracy_so_far(run)
    return Text(f"{run.path}  {say(f'runs.{run.state}')}{'  ' + accuracy if accuracy else ''}", "bold")


def _epoch_line(epoch: dict[str, Any]) -> str:
    return say(
        "runs.epoch_line",
        epoch=epoch["epoch"],
        loss=number(epoch["loss"], 3) if epoch["loss"] is not None else "-",
        accuracy=percent(epoch["accuracy"]) if epoch["accuracy"] is not None else "-",
        val_loss=number(epoch["val_loss"], 3),
        val_accuracy=percent(epoch["val_accuracy"]),
    )


def _second_line(epoch: dict[str, Any], learning: bool) -> str:
    """The means over the classes, how fast it goes, and the time that is left while it learns."""
    from olhar.reporting.html_text import duration

    means = {name: percent(epoch[f"val_{name}"]) for name in ("f1", "precision", "recall")}
    line = say("runs.more_line", **means, rate=number(round(epoch["pictures_per_second"])))
    left = epoch.get("seconds_left")
    if not learning or not left:
        return line
    return f"{line}  {say('runs.left', time=duration(left if left < _MINUTES_FROM else 60 * round(left / 60)))}"


def _curves(epochs: Epochs, measure: str) -> list[Text]:
    """Training and validation over the epochs, with the scale at the left."""
    columns = (measure, f"val_{measure}")
    lines = [[float("nan") if epoch[column] is None else epoch[column] for epoch in epochs] for column in columns]
    rows, low, high = plot(lines, max(20, min(72, console().width - 12)), _HEIGHT)
    label = percent if measure == "accuracy" else lambda value: number(value, 2)
    title = Text(f"\n{say(f'runs.{measure}')}  ")
    for name, colour in zip(("training", "validation"), _COLOURS, strict=True):
        title.append(f"● {say(f'runs.{name}')}  ", colour)
    labels = {0: label(high), _HEIGHT - 1: label(low)}
    return [title, *(_curve_row(row, labels.get(index, "")) for index, row in enumerate(rows))]


def _curve_row(row: list[tuple[str, int]], label: str) -> Text:
    """One line of braille behind its label, each character in the colour of its curve."""
    text = Text(f"{label:>9} ")
    for character, curve in row:
        text.append(character, _COLOURS[curve] if curve >= 0 else "")
    return text


def _print_next(run: "RunSummary") -> None:
    if run.state == "stopped":
        print_next(resume_command(run))
    elif run.state == "finished":
        print_next(str(run.path / "report.html"))
