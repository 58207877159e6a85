"""What several trainings came to: one a seed."""

from rich.text import Text

from olhar.base.texts import percent, say, typed
from olhar.cli.printing import console, print_json, print_next, print_table
from olhar.verbs.several import Several


def print_several(found: Several, as_json: bool) -> int:
    """Each seed with its interval, then mean and spread, and what to type next."""
    if as_json:
        return print_json(found.to_dict())
    out = console()
    out.print()
    heads = [say(f"several.{name}") for name in ("seed", "accuracy", "interval", "run")]
    rows = [
        [str(seed), percent(one.value), one.bounds, str(run.path)]
        for seed, run, one in ((seed, run, run.metrics.accuracy) for seed, run in zip(found.seeds, found.runs, strict=True))
    ]
    print_table(heads, rows, right=(0, 1))
    accuracy = found.accuracy
    out.print()
    out.print(Text(say("several.mean", n=len(rows), mean=percent(accuracy.mean), points=100 * accuracy.spread), "bold"))
    out.print(say("several.same_test"))
    best = max(found.runs, key=lambda run: run.metrics.accuracy.value)
    print_next(f"olhar runs {typed(found.path)}", f"olhar serve {typed(best.path)}")
    return 0
