"""evaluate: the numbers of a model, class by class: of its own test pictures, or of others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.texts import number, percent, say
from olhar.cli.flags import argument, data_flags, keras_flags, lambdas, read_options
from olhar.cli.printing import accuracy_sentence, console, print_json, print_table, progress, warn_trained_on

if TYPE_CHECKING:
    from olhar.data.read_as import ReadAs
    from olhar.evaluation.metrics import Metrics


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [argument("model", "model"), argument("data", "data", required=False), *data_flags(), *keras_flags()]


def run(model: str, data: str | None, architecture: str | None, formulas: tuple[str, ...], as_json: bool, **reading: Any) -> int:
    """Print the numbers that training kept, or measure the model on ``data``."""
    if data is None:
        from olhar.runs.folder import RunFolder
        from olhar.runs.results import results
        from olhar.verbs.run import own_run

        trained = own_run(model)
        found = results(RunFolder.open(trained.path))
        of_head = found.head is not None
        if not found.judged:
            return _print_unjudged(as_json)
        return _print(trained.metrics, trained.signature.names, as_json, trained.measured, of_head=of_head)
    from olhar.data.sources import read
    from olhar.verbs.evaluate import evaluate
    from olhar.verbs.load import load

    terminal = progress()
    predictor = load(model, architecture=architecture, lambdas=lambdas(formulas), progress=terminal)
    dataset = read(data, progress=terminal, **read_options(reading)).test_part()
    metrics = evaluate(predictor, dataset, terminal)
    warn_trained_on(model, dataset, range(len(dataset)))
    return _print(metrics, predictor.signature.names, as_json, read_as=dataset.read_as)


def _print_unjudged(as_json: bool) -> int:
    """That no picture could be held back."""
    if as_json:
        return print_json({"measured": "nothing"})
    console().print(Text(say("report.trust.measured.nothing_held_back")))
    return 0


def _print(
    metrics: "Metrics",
    names: Sequence[str],
    as_json: bool,
    measured: str | None = None,
    *,
    of_head: bool = False,
    read_as: "ReadAs | None" = None,
) -> int:
    """All numbers of a set of pictures."""
    if as_json:
        return print_json(({"read_as": read_as.to_dict()} if read_as else {}) | {measured or "data": metrics.to_dict()})
    out = console()
    out.print(Text(accuracy_sentence(metrics, measured, of_head=of_head), "bold"))
    out.print(
        say("cli.loss_and_baseline", loss=number(metrics.loss, 3), f1=number(metrics.macro_f1, 3), majority=metrics.majority)
    )
    out.print()
    heads = [say(f"run.{column}") for column in ("class", "precision", "recall", "f1", "support")]
    rows = [
        [name, percent(scores.precision), percent(scores.recall), number(scores.f1, 3), number(scores.support)]
        for name, scores in zip(names, metrics.by_class, strict=True)
    ]
    print_table(heads, rows, right=(1, 2, 3, 4))
    return 0
