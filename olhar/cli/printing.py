"""What commands print: results to standard output, progress to standard error."""

import json
import logging
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from olhar.base.progress import Progress, Terminal
from olhar.base.texts import number, percent, say, typed, visible
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


def print_run(run: Any, as_json: bool) -> int:
    """What a training came to, and what to type next."""
    metrics: Metrics = run.metrics
    if as_json:
        before = {"before": run.before.to_dict()} if run.before is not None else {}
        folds = {"folds": run.folds.to_dict()} if run.folds is not None else {}
        return print_json({"run": str(run.path), "measured": run.measured, run.measured: metrics.to_dict()} | before | folds)
    out = console()
    out.print()
    out.print(Text(accuracy_sentence(metrics, run.measured), "bold"))
    if run.before is not None:
        found = run.before.accuracy
        values = {name: percent(getattr(found, name)) for name in ("low", "high")}
        out.print(say("train.better_than_before", before=percent(found.value), **values))
    if run.folds is not None:
        accuracy = run.folds.accuracy
        out.print(say("folds.mean", k=len(run.folds.each), mean=percent(accuracy.mean), points=100 * accuracy.spread))
    if run.measured == "validation":
        out.print(say("cli.flattering"))
    out.print(say("cli.written", where=str(run.path)))
    path = typed(run.path)
    print_next(str(run.path / "report.html"), f"olhar predict {path} {say('cli.word.picture')}.jpg", f"olhar serve {path}")
    return 0


def accuracy_sentence(metrics: Metrics, measured: str | None = None) -> str:
    """Accuracy with its interval and the number of pictures behind it."""
    found = metrics.accuracy
    part = say(f"train.part_{measured}") if measured else ""
    key = "cli.accuracy_of_folds" if measured == "folds" else "cli.accuracy_of_part" if measured else "cli.accuracy"
    return say(key, accuracy=percent(found.value), low=percent(found.low), high=percent(found.high), n=found.n, part=part)


def print_metrics(metrics: Metrics, names: Sequence[str], as_json: bool, measured: str | None = None) -> int:
    """All numbers of a set of pictures."""
    if as_json:
        return print_json({measured or "data": metrics.to_dict()})
    out = console()
    out.print(Text(accuracy_sentence(metrics, measured), "bold"))
    out.print(
        say("cli.loss_and_baseline", loss=number(metrics.loss, 3), f1=number(metrics.macro_f1, 3), majority=metrics.majority)
    )
    out.print()
    heads = [say(f"run.{column}") for column in ("class", "precision", "recall", "f1", "support")]
    rows = [
        [name, percent(one.precision), percent(one.recall), number(one.f1, 3), number(one.support)]
        for name, one in zip(names, metrics.by_class, strict=True)
    ]
    print_table(heads, rows, right=(1, 2, 3, 4))
    return 0


def tell_taught(model: str, n: int) -> None:
    """That some of the pictures taught the model, where they did."""
    if n:
        print(say("predict.taught", n=n, where=model), file=sys.stderr)


def print_written(key: str, path: Path, as_json: bool) -> int:
    """Where something was written."""
    if as_json:
        return print_json({"written": str(path)})
    console().print(say(key, where=str(path)))
    return 0


def print_serving(url: str, as_json: bool) -> None:
    """That the server answers, and how to ask it."""
    if as_json:
        print_json({"url": url})
        sys.stdout.flush()
        return
    out = console()
    out.print(Text(say("cli.serving", url=url), "bold"))
    out.print(f"  curl {_token()}-F file=@{say('cli.word.picture')}.jpg {url.rstrip('/')}/predict", soft_wrap=True)
    out.print(say("cli.serving_end"))


def _token() -> str:
    """How the token is sent where there is one; the shell puts it in, so that it is never shown."""
    from olhar.serving.settings import TOKEN_VARIABLE as NAME

    token = f"%{NAME}%" if os.name == "nt" else f"${NAME}"
    return f'-H "Authorization: Bearer {token}" ' if os.environ.get(NAME, "").strip() else ""


@contextmanager
def requests_logged() -> Generator[None]:
    """One line a request on standard error, and what went wrong inside the server, while it serves."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    loggers = [logging.getLogger(name) for name in ("olhar.access", "olhar.serving")]
    for logger, level in zip(loggers, (logging.INFO, logging.WARNING), strict=True):
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def print_models(rows: Sequence[Any], size: int, as_json: bool) -> int:
    """The networks, a line each."""
    if as_json:
        return print_json({"size": size, "models": [vars(row) for row in rows]})
    measured = [column for column in ("training", "predicting") if getattr(rows[0], column) is not None]
    heads = [say(f"cli.models.{column}") for column in ("name", "parameters", "cost", *measured, "about")]
    lines = [
        [
            row.name,
            number(row.parameters),
            say("cli.models.million", n=row.multiply_adds / 1e6),
            *(say("cli.models.per_second", n=round(getattr(row, column))) for column in measured),
            say(f"cli.models.{row.name}"),
        ]
        for row in rows
    ]
    print_table(heads, lines, right=range(1, 3 + len(measured)))
    console().print(f"\n{say('cli.models.size', size=size)}")
    return 0


def print_recipes(rows: Sequence[Any], as_json: bool) -> int:
    """The recipes, a line each."""
    if as_json:
        return print_json({"recipes": [vars(row) for row in rows]})
    print_table(
        [say("cli.recipes.name"), say("cli.recipes.about")], [[row.name, say(f"cli.recipes.of.{row.name}")] for row in rows]
    )
    console().print(f"\n{say('cli.recipes.how')}")
    return 0


def print_recipe(row: Any, as_json: bool) -> int:
    """One recipe as it was written: a file that train takes."""
    if as_json:
        return print_json(vars(row))
    print(row.text, end="")
    return 0
