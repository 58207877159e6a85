"""runs: the runs below a folder, a line each."""

from typing import TYPE_CHECKING

import click

from olhar.base.texts import number, percent, say, typed
from olhar.cli.flags import argument
from olhar.cli.printing import console, print_json, print_next, print_table

if TYPE_CHECKING:
    from olhar.runs.listing import RunSummary


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [argument("folder", "folder", required=False, default="runs")]


def run(folder: str, as_json: bool) -> int:
    """Print a line a run, the newest last, and what to type next."""
    from olhar.runs.listing import list_runs

    summaries = list_runs(folder)
    if as_json:
        return print_json({"runs": [summary.to_dict() for summary in summaries]})
    if not summaries:
        console().print(say("runs.none", where=folder))
        return 0
    heads = [say(f"runs.{name}") for name in ("run", "state", "data", "model", "epoch", "accuracy", "begun")]
    print_table(heads, [_row(summary) for summary in summaries], right=(4,))
    running = [f"olhar watch {typed(summary.path)}" for summary in summaries if summary.state == "running"]
    stopped = [resume_command(summary) for summary in summaries if summary.state == "stopped"]
    if commands := (*running[-1:], *stopped[-1:]):
        print_next(*commands)
    return 0


def _row(run: "RunSummary") -> list[str]:
    begun = run.begun.astimezone().strftime("%Y-%m-%d %H:%M") if run.begun else ""
    return [
        str(run.path),
        say(f"runs.{run.state}"),
        run.data,
        run.model,
        "" if run.epoch is None else number(run.epoch),
        accuracy_so_far(run),
        begun,
    ]


def resume_command(run: "RunSummary") -> str:
    """The command that goes on with a run, and with all of its folds or seeds where it is one of them."""
    from olhar.runs.listing import enclosing_run

    return f"olhar train --resume --into {typed(enclosing_run(run.path))}"


def accuracy_so_far(run: "RunSummary") -> str:
    """The accuracy with its interval, or the best of validation so far."""
    if run.accuracy is not None:
        low, high = percent(run.accuracy.low), percent(run.accuracy.high)
        return say(f"runs.measured_{run.measured}", value=percent(run.accuracy.value), low=low, high=high)
    return say("runs.so_far", value=percent(run.val_accuracy)) if run.val_accuracy is not None else ""
