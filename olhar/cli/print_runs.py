"""The list of runs, as a table."""

from collections.abc import Sequence

from olhar.base.texts import number, percent, say
from olhar.cli.printing import console, print_json, print_table
from olhar.verbs.listing import Listed


def print_runs(found: Sequence[Listed], folder: str, as_json: bool) -> int:
    """A line a run, the newest last, and what to type next."""
    if as_json:
        return print_json({"runs": [one.to_dict() for one in found]})
    if not found:
        console().print(say("runs.none", where=folder))
        return 0
    heads = [say(f"runs.{name}") for name in ("run", "state", "data", "model", "epoch", "accuracy", "begun")]
    print_table(heads, [_row(one) for one in found], right=(4,))
    stopped = [one for one in found if one.state == "stopped"]
    running = [one for one in found if one.state == "running"]
    if stopped or running:
        console().print(f"\n{say('cli.next')}")
    for one in running[-1:]:
        console().print(f"  olhar watch {one.path}")
    for one in stopped[-1:]:
        console().print(f"  olhar train --resume --into {one.path}")
    return 0


def _row(one: Listed) -> list[str]:
    begun = one.begun.astimezone().strftime("%Y-%m-%d %H:%M") if one.begun else ""
    return [str(one.path), say(f"runs.{one.state}"), one.data, one.model, number(one.epoch), accuracy(one), begun]


def accuracy(one: Listed) -> str:
    """The accuracy with its interval, or the best of validation so far."""
    if one.accuracy is not None:
        low, high = percent(one.accuracy.low), percent(one.accuracy.high)
        return say(f"runs.measured_{one.measured}", value=percent(one.accuracy.value), low=low, high=high)
    return say("runs.so_far", value=percent(one.val_accuracy)) if one.val_accuracy is not None else ""
