"""evaluate: the numbers of a model, class by class: of its own test pictures, or of others, and what drifted there."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import number, percent, say, typed, undashed
from olhar.cli.flags import argument, as_said, data_flags, decimal, keras_flags, lambdas, on_flags, option, read_options
from olhar.cli.printing import accuracy_sentence, console, print_json, print_next, print_table, progress, warn_trained_on

if TYPE_CHECKING:
    from olhar.evaluation.averages import ClassAverage
    from olhar.evaluation.evaluation import Evaluation
    from olhar.evaluation.metrics import Metrics


def flags() -> list[click.Parameter]:
    """What it takes."""
    as_csv = click.Option(["--csv", "as_csv"], is_flag=True, help=say("cli.flag.csv_of_numbers"))
    return [
        argument("model", "model"),
        argument("data", "data", required=False),
        option("--at-least", metavar=say("cli.word.share"), type=decimal, default=0.0, help=say("cli.flag.evaluate_at_least")),
        option("--prediction-sets", metavar=say("cli.word.share"), type=decimal, default=0.0, help=say("cli.flag.evaluate_sets")),
        option("--page", metavar="F.html", help=say("cli.flag.evaluate_page")),
        as_csv,
        *on_flags(),
        *data_flags(),
        *keras_flags(),
    ]


def run(
    model: str,
    data: str | None,
    *,
    as_json: bool,
    as_csv: bool,
    at_least: float,
    prediction_sets: float,
    page: str | None,
    **values: Any,
) -> int:
    """Print the numbers that training kept, or measure the model on ``data``.

    Raises:
        UsageError: a flag that needs other pictures, without any; or ``--csv`` of a run that has no numbers.
    """
    if data is None:
        needing = {"--at-least": at_least, "--prediction-sets": prediction_sets, "--page": page, "--on": values["on"]}
        for flag, value in needing.items():
            if value:
                raise UsageError("cli.only_with", flag=flag, other=say("cli.word.data"))
        return _print_own(model, as_json=as_json, as_csv=as_csv)
    from olhar.data.sources import read
    from olhar.verbs.evaluate import evaluate
    from olhar.verbs.load import load

    terminal = progress()
    predictor = load(model, architecture=values["architecture"], lambdas=lambdas(values["formulas"]), progress=terminal)
    dataset = read(data, progress=terminal, **read_options(values)).test_part()
    where: dict[str, Any] = {name: values[name] for name in ("on", "without_token")}
    promises: dict[str, Any] = {"at_least": at_least, "prediction_sets": prediction_sets}
    evaluation = evaluate(predictor, dataset, terminal, page=page, run=model, **promises, **where)
    warn_trained_on(model, dataset, range(len(dataset)))
    if as_json:
        read_as = {"read_as": dataset.read_as.to_dict()} if dataset.read_as else {}
        return print_json(read_as | evaluation.to_dict())
    if as_csv:
        sys.stdout.write(evaluation.to_csv())
        return 0
    if evaluation.metrics is not None:
        _Shown(evaluation.metrics, predictor.signature.names, None, False).print(as_json=False, as_csv=False)
    else:
        _print_mix(evaluation, predictor.signature.names)
    _print_promises(evaluation)
    _print_drift(evaluation)
    shares = {"--at-least": at_least, "--prediction-sets": prediction_sets}
    asked = [word for flag, share in shares.items() if share for word in (flag, share)]
    words = ("olhar", "evaluate", undashed(model), undashed(data), *asked, *as_said(values), "--page", "evaluation.html")
    print_next(page or " ".join(map(typed, words)))
    return 0


def _print_own(model: str, *, as_json: bool, as_csv: bool) -> int:
    """The numbers that training kept."""
    from olhar.runs.folder import RunFolder
    from olhar.runs.results import results
    from olhar.verbs.run import own_run

    trained = own_run(model)
    found = results(RunFolder.open(trained.path))
    if not found.judged:
        return _print_unjudged(model, as_json=as_json, as_csv=as_csv)
    shown = _Shown(trained.metrics, trained.signature.names, trained.measured, found.head is not None)
    return shown.print(as_json=as_json, as_csv=as_csv)


def _print_mix(evaluation: "Evaluation", names: Sequence[str]) -> None:
    """What pictures are answered as whose classes nobody says."""
    console().print(Text(say("evaluation.taken_for", n=evaluation.pictures), "bold"))
    console().print()
    mix, n = evaluation.answered_mix, max(1, evaluation.pictures)
    rows = [[name, number(count), percent(count / n)] for name, count in zip(names, mix.values(), strict=True)]
    print_table([say("run.class"), say("drift.column_answers"), ""], rows, right=(1, 2))


def _print_promises(evaluation: "Evaluation") -> None:
    from olhar.cli.run_summary import answered_sentences, set_sentences

    answered, sets = evaluation.answered, evaluation.sets
    if answered is not None:
        _print_promise(answered_sentences(answered, "test"), "abstention.halved" if evaluation.halved else "")
    if sets is not None:
        _print_promise(set_sentences(sets, "test"), "prediction_sets.halved" if evaluation.sets_halved else "")


def _print_promise(told: Iterator[str], halved: str) -> None:
    console().print()
    console().print(" ".join(told))
    if halved:
        console().print(Text(say(halved), "dim"))


def _print_drift(evaluation: "Evaluation") -> None:
    """Whether the pictures are like those that the model learnt from: the first line says all in short."""
    out, told = console(), evaluation.sentences()
    out.print()
    for place, line in enumerate(told):
        style = "bold" if place == 0 and evaluation.drift is not None else "dim" if place == len(told) - 1 else ""
        out.print(Text(str(line), style))


@dataclass(frozen=True)
class _Shown:
    """All numbers of a set of pictures, about to be shown."""

    metrics: "Metrics"
    names: Sequence[str]
    measured: str | None
    of_head: bool

    def print(self, *, as_json: bool, as_csv: bool) -> int:
        """In one of three forms: for a person, as CSV, as JSON."""
        if as_json:
            return print_json({self.measured or "data": self.metrics.to_dict()})
        if as_csv:
            sys.stdout.write(self.metrics.to_csv())
            return 0
        from olhar.cli.run_summary import beside
        from olhar.reporting.display_names import display_names

        out = console()
        out.print(Text(accuracy_sentence(self.metrics, self.measured, of_head=self.of_head), "bold"))
        out.print(beside(self.metrics, display_names(self.names)))
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


def _print_unjudged(model: str, *, as_json: bool, as_csv: bool) -> int:
    """That no picture could be held back.

    Raises:
        UsageError: numbers are asked for as a table.
    """
    if as_json:
        return print_json({"measured": "nothing"})
    if as_csv:
        raise UsageError("evaluation.nothing_held_back", where=model)
    console().print(Text(say("report.trust.measured.nothing_held_back")))
    return 0
