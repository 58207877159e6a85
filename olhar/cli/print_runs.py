"""The list of runs, as a table."""

from collections.abc import Sequence

from olhar.base.texts import number, percent, say, typed
from olhar.cli.printing import console, print_json, print_next, print_table
from olhar.runs.listing import RunSummary, enclosing_run


def print_runs(found: Sequence[RunSummary], folder: str, as_json: bool) -> int:
    """A line a run, the newest last, and what to type next."""
    if as_json:
        return print_json({"runs": [one.to_dict() for one in found]})
    if not found:
        console().print(say("runs.none", where=folder))
        return 0
    heads = [say(f"runs.{name}") for name in ("run", "state", "data", "model", "epoch", "accuracy", "begun")]
    print_table(heads, [_row(one) for one in found], right=(4,))
    running = [f"olhar watch {typed(one.path)}" for one in found if one.state == "running"]
    stopped = [to_resume(one) for one in found if one.state == "stopped"]
    if commands := (*running[-1:], *stopped[-1:]):
        print_next(*commands)
    return 0


def to_resume(one: RunSummary) -> str:
    """The command that goes on with a run, and with all of its folds or seeds where it is one of them."""
    return f"olhar train --resume --into {typed(enclosing_run(one.path))}"


def _row(one: RunSummary) -> list[str]:
    begun = one.begun.astimezone().strftime("%Y-%m-%d %H:%M") if one.begun else ""
    return [str(one.path), say(f"runs.{one.state}"), one.data, one.model, number(one.epoch), accuracy(one), begun]


def accuracy(one: RunSummary) -> str:
    """The accuracy with its interval, or the best of validation so far."""
    if one.accuracy is not None:
        low, high = percent(one.accuracy.low), percent(one.accuracy.high)
        return say(f"runs.measured_{one.measured}", value=percent(one.accuracy.value), low=low, high=high)
    return say("runs.so_far", value=percent(one.val_accuracy)) if one.val_accuracy is not None else ""
