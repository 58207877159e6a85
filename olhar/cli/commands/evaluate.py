"""evaluate: the numbers of a model, class by class: of its own test pictures, or of others."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.texts import number, percent, say
from olhar.cli.flags import argument, data_flags, keras_flags, lambdas, read_options
from olhar.cli.printing import accuracy_sentence, console, print_json, print_table, progress, warn_trained_on

if TYPE_CHECKING:
    from olhar.data.read_as import ReadAs
    from olhar.evaluation.averages import ClassAverage
    from olhar.evaluation.metrics import Metrics


def flags() -> list[click.Parameter]:
    """What it takes."""
    as_csv = click.Option(["--csv", "as_csv"], is_flag=True, help=say("cli.flag.csv_of_numbers"))
    return [argument("model", "model"), argument("data", "data", required=False), as_csv, *data_flags(), *keras_flags()]


def run(
    model: str,
    data: str | None,
    architecture: str | None,
    formulas: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    **reading: Any,
) -> int:
    """Print the numbers that training kept, or measure the model on ``data``."""
    if data is None:
        from olhar.runs.folder import RunFolder
        from olhar.runs.results import results
        from olhar.verbs.run import own_run

        trained = own_run(model)
        found = results(RunFolder.open(trained.path))
        if not found.judged:
            return _print_unjudged(as_json)
        shown = _Shown(trained.metrics, trained.signature.names, trained.measured, found.head is not None, None)
        return shown.print(as_json=as_json, as_csv=as_csv)
    from olhar.data.sources import read
    from olhar.verbs.evaluate import evaluate
    from olhar.verbs.load import load

    terminal = progress()
    predictor = load(model, architecture=architecture, lambdas=lambdas(formulas), progress=terminal)
    dataset = read(data, progress=terminal, **read_options(reading)).test_part()
    metrics = evaluate(predictor, dataset, terminal)
    warn_trained_on(model, dataset, range(len(dataset)))
    return _Shown(metrics, predictor.signature.names, None, False, dataset.read_as).print(as_json=as_json, as_csv=as_csv)


@dataclass(frozen=True)
class _Shown:
    """All numbers of a set of pictures, about to be shown."""

    metrics: "Metrics"
    names: Sequence[str]
    measured: str | None
    of_head: bool
    read_as: "ReadAs | None"

    def print(self, *, as_json: bool, as_csv: bool) -> int:
        """In one of three forms: for a person, as CSV, as JSON."""
        if as_json:
            read_as = {"read_as": self.read_as.to_dict()} if self.read_as else {}
            return print_json(read_as | {self.measured or "data": self.metrics.to_dict()})
        if as_csv:
            sys.stdout.write(self.metrics.to_csv())
            return 0
        from olhar.cli.run_summary import beside
        from olhar.reporting.display_names import DisplayName

        out = console()
        out.print(Text(accuracy_sentence(self.metrics, self.measured, of_head=self.of_head), "bold"))
        out.print(beside(self.metrics, [DisplayName(name) for name in self.names]))
        out.print()
        heads = [say(f"run.{column}") for column in ("class", "precision", "recall", "f1", "support")]
        print_table(heads, [*self._rows(), [""] * 5, *self._averages()], right=(1, 2, 3, 4))
        out.print()
        for line in self._below():
            out.print(line)
        return 0

    def _rows(self) -> Iterator[list[str]]:
        for name, scores in zip(self.names, self.metrics.by_class, strict=True):
            yield [name, percent(scores.precision), percent(scores.recall), percent(scores.f1), number(scores.support)]

    def _averages(self) -> Iterator[list[str]]:
        """The last rows of scikit-learn's ``classification_report``."""
        metrics, n = self.metrics, number(self.metrics.accuracy.n)
        yield [say("run.accuracy_row"), "", "", percent(metrics.accuracy.value), n]
        for name, average in (("macro", metrics.macro), ("weighted", metrics.weighted)):
            if average is not None:
                yield [say(f"run.{name}"), *_percents(average), n]

    def _below(self) -> Iterator[str]:
        from olhar.evaluation.calibration import BINS

        metrics = self.metrics
        for one in metrics.top[1:]:
            yield say("cli.first_k", k=one.k, share=one.accuracy.value, low=one.accuracy.low, high=one.accuracy.high)
        told = metrics.calibration
        if told is None:
            yield say("cli.loss", loss=number(metrics.loss, 3))
            return
        yield say("cli.loss_and_brier", loss=number(metrics.loss, 3), brier=number(told.brier, 3))
        yield say("cli.calibration", ece=told.ece, bins=BINS)


def _percents(average: "ClassAverage") -> list[str]:
    return [percent(interval.value) for interval in (average.precision, average.recall, average.f1)]


def _print_unjudged(as_json: bool) -> int:
    """That no picture could be held back."""
    if as_json:
        return print_json({"measured": "nothing"})
    console().print(Text(say("report.trust.measured.nothing_held_back")))
    return 0
