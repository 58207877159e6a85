"""train: pictures -> a run, or a run a seed; ends with what it came to and what to type next."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import percent, say, typed
from olhar.cli.flags import (
    Flag,
    argument,
    data_flags,
    file_word,
    keras_flags,
    lambdas,
    on_flags,
    option,
    part_flags,
    read_options,
    recipe_fields,
    recipe_flags,
    training_data,
)
from olhar.cli.printing import console, print_json, print_next, print_table, progress

if TYPE_CHECKING:
    from olhar.verbs.run import Run
    from olhar.verbs.several import Several

COMMON = ("model", "minutes", "epochs", "size", "augment", "batch", "learning_rate", "split", "into", "resume")
"""The flags that most people use, which the help explains before any other."""


def flags() -> list[click.Parameter]:
    """What it takes: its own flags, a flag a field of Recipe, and those about a Keras file to begin from."""
    return [
        argument("data", "data", required=False),
        option("--names", "data", metavar=file_word()),
        *data_flags(),
        *part_flags(),
        option("--keep", "data", metavar=file_word(".csv")),
        option("--into", "several", metavar=say("cli.word.run")),
        option("--resume", "several", is_flag=True),
        option("--recipe", "several", metavar=f"{say('cli.word.name')}|{file_word('.toml')}"),
        *_several_flags(),
        *on_flags("several"),
        *recipe_flags(),
        *keras_flags(),
    ]


def _several_flags() -> list[click.Parameter]:
    """Several trainings in one command, and where else what they learn goes; the last two may stand without a value."""
    address: dict[str, Any] = {"is_flag": False, "flag_value": ""}
    return [
        Flag(["--seeds"], "several", type=int, metavar=say("cli.word.number"), help=say("cli.flag.seeds")),
        Flag(["--keep-as"], "several", metavar=file_word(), help=say("cli.flag.keep_as")),
        Flag(["--learning-curve"], "several", is_flag=True, help=say("cli.flag.learning_curve")),
        Flag(["--tensorboard"], "several", metavar=f"[{say('cli.word.folder')}]", help=say("cli.flag.tensorboard"), **address),
        Flag(["--mlflow"], "several", metavar=f"[{say('cli.word.address')}]", help=say("cli.flag.mlflow"), **address),
    ]


def run(
    data: str | None, names: str | None, into: str | None, resume: bool, recipe: str | None, as_json: bool, **values: Any
) -> int:
    """Train and print what came of it.

    Raises:
        UsageError: minutes and epochs, of which one takes the place of the other.
    """
    from olhar.verbs.several import Several
    from olhar.verbs.train import train

    data, fields = training_data(data, values), recipe_fields(values)
    if fields.get("minutes") and "epochs" in fields:
        raise UsageError("cli.epochs_or_minutes")
    keras: dict[str, Any] = {"architecture": values["architecture"], "lambdas": lambdas(values["formulas"])}
    others: dict[str, Any] = {
        name: values[name]
        for name in ("keep", "seeds", "keep_as", "learning_curve", "tensorboard", "mlflow", "on", "without_token")
    } | read_options(values)
    trained = train(data, names=names, into=into, resume=resume, recipe=recipe, progress=progress(), **keras, **others, **fields)
    return _print_several(trained, as_json) if isinstance(trained, Several) else _print_run(trained, as_json)


def _print_run(run: "Run", as_json: bool) -> int:
    """Its numbers, those of the file that it began from and of its folds, and what to type next."""
    if as_json:
        about = {"run": str(run.path), "read_as": run.read_as.to_dict(), "measured": run.measured}
        left_out = {"left_out": [vars(picture) for picture in run.left_out]}
        if not run.judged:
            return print_json(about | {"measured": "nothing", "head": run.head.to_dict() if run.head else None} | left_out)
        return print_json(about | {run.measured: run.metrics.to_dict()} | _beside(run) | left_out)
    out = console()
    out.print()
    for place, line in enumerate(_numbers(run)):
        out.print(Text(line, "" if place else "bold"))
    if run.earlier is not None and run.judged:
        _print_earlier(run)
    out.print(say("cli.written", where=str(run.path)))
    path = typed(run.path)
    print_next(str(run.path / "report.html"), f"olhar predict {path} {say('cli.word.picture')}.jpg", f"olhar serve {path}")
    return 0


def _beside(run: "Run") -> dict[str, Any]:
    """What a run knows beside its numbers, as far as it does."""
    known = {"before": run.before, "folds": run.folds, "head": run.head, "learning_curve": run.curve}
    earlier = {"earlier": {"run": run.earlier[0]} | run.earlier[1].to_dict()} if run.earlier is not None else {}
    return {name: value.to_dict() for name, value in known.items() if value is not None} | earlier


def _print_earlier(run: "Run") -> None:
    """Class by class, what was recognised before it went on, and now."""
    name, metrics = run.earlier or ("", run.metrics)
    before = {row.key: row.recall for row in metrics.by_class}
    names = dict(zip(run.signature.classes, run.signature.names, strict=True))
    console().print(say("going_on.head", run=name))
    rows = [
        [names[row.key], percent(before[row.key]) if row.key in before else say("going_on.new"), percent(row.recall)]
        for row in run.metrics.by_class
    ]
    print_table([say(f"going_on.{column}") for column in ("class", "before", "now")], rows, right=(1, 2))


def _numbers(run: "Run") -> Iterator[str]:
    """What it came to, the most important first."""
    from olhar.cli.run_summary import run_summary
    from olhar.runs.folder import RunFolder
    from olhar.runs.results import results

    return run_summary(results(RunFolder.open(run.path)), run.signature)


def _print_several(several: "Several", as_json: bool) -> int:
    """Each seed with its interval, then mean and spread, and what to type next."""
    if as_json:
        return print_json(several.to_dict())
    out = console()
    out.print()
    heads = [say(f"several.{name}") for name in ("seed", "accuracy", "interval", "run")]
    print_table(heads, [_row(seed, run) for seed, run in zip(several.seeds, several.runs, strict=True)], right=(0, 1))
    accuracy = several.accuracy
    out.print()
    mean = say("several.mean", n=len(several.runs), mean=percent(accuracy.mean), points=100 * accuracy.spread)
    out.print(Text(mean, "bold"))
    out.print(say("several.same_test"))
    best = max(several.runs, key=lambda run: run.metrics.accuracy.value)
    print_next(f"olhar runs {typed(several.path)}", f"olhar serve {typed(best.path)}")
    return 0


def _row(seed: int, run: "Run") -> list[str]:
    accuracy = run.metrics.accuracy
    return [str(seed), percent(accuracy.value), accuracy.bounds, str(run.path)]
