"""compare: which of two models or recipes is better: a line, what it rests on, class by class, and where they differ."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import number, percent, say, typed, undashed
from olhar.cli.flags import argument, as_said, data_flags, keras_flags, lambdas, option, read_options
from olhar.cli.printing import console, print_json, print_next, print_table, progress
from olhar.data.read_options import ReadOptions

if TYPE_CHECKING:
    from olhar.evaluation.compare.comparison import Comparison
    from olhar.evaluation.compare.pair_comparison import PairComparison

AGAINST = "first"
_MOST_CLASSES = 20
_MOST_PICTURES = 10


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("models", "runs", nargs=-1),
        option("--data", metavar=say("cli.word.data"), help=say("cli.flag.compare_data")),
        option("--against", metavar="first|best", default=AGAINST),
        option("--by-recipe", is_flag=True),
        option("--page", metavar="F.html", help=say("cli.flag.compare_page")),
        click.Option(["--csv", "as_csv"], is_flag=True, help=say("cli.flag.compare_csv")),
        *data_flags(),
        *keras_flags(),
    ]


def run(
    models: tuple[str, ...],
    data: str | None,
    architecture: str | None,
    formulas: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    **values: Any,
) -> int:
    """Compare and print what came of it.

    Raises:
        UsageError: how data is to be read, without data.
    """
    from olhar.verbs.compare import compare

    reading = read_options(values)
    if reading and data is None:
        raise UsageError("cli.only_with", flag=ReadOptions.from_dict(reading).flags[0], other="--data")
    asked = {name: values[name] for name in ("against", "by_recipe", "page")}
    keras = {"architecture": architecture, "lambdas": lambdas(formulas)}
    comparison = compare(*models, data=data, progress=progress(), **asked, **keras, **reading)
    if as_json:
        return print_json(comparison.to_dict())
    if as_csv:
        sys.stdout.write(comparison.to_csv())
        return 0
    _print(comparison)
    print_next(values["page"] or _with_page(models, data, values | {"architecture": architecture, "formulas": formulas}))
    return 0


def _with_page(models: Sequence[str], data: str | None, values: Mapping[str, Any]) -> str:
    """The command that was typed, and a page of it."""
    against = ("--against", values["against"]) if values["against"] != AGAINST else ()
    said = (*(("--data", data) if data else ()), *against, *(("--by-recipe",) if values["by_recipe"] else ()))
    return " ".join(map(typed, ("olhar", "compare", *map(undashed, models), *said, *as_said(values), "--page", "compare.html")))


def _print(comparison: "Comparison") -> None:
    """The verdicts, what they rest on, the contenders, the classes and the pictures."""
    from olhar.evaluation.compare.comparison_lines import lines

    out = console()
    for words in comparison.verdicts():
        out.print(Text(words, "bold"))
    for line in lines(comparison):
        out.print(Text(str(line), "dim"))
    out.print()
    _print_contenders(comparison)
    for pair in comparison.pairs:
        _print_classes(comparison, pair)
    _print_differing(comparison)


def _print_contenders(comparison: "Comparison") -> None:
    from olhar.evaluation.compare.paired import points

    several = comparison.compared == "recipes"
    beside = {pair.second: pair.difference for pair in comparison.pairs}
    heads = [say("compare.name"), say("compare.right")]
    heads += [say("compare.seeds_column"), say("compare.spread")] if several else []
    rows: list[list[str]] = []
    for place, one in enumerate(comparison.contenders):
        row = [one.name, percent(one.accuracy)]
        row += [number(one.seeds), points(one.spread)] if several else []
        difference = beside.get(place)
        row += [points(difference.value), difference.bounds] if difference else [say("compare.reference"), ""]
        rows.append(row)
    heads += [say("compare.difference"), say("compare.interval")]
    print_table(heads, rows, right=range(1, len(heads) - 1))


def _print_classes(comparison: "Comparison", pair: "PairComparison") -> None:
    """All classes where they are few; else those that differ most."""
    from olhar.evaluation.compare.paired import points
    from olhar.evaluation.compare.verdicts import chance_text

    names = [comparison.contenders[place].name for place in (pair.first, pair.second)]
    shown = pair.by_class
    if len(shown) > _MOST_CLASSES:
        shown = sorted(shown, key=lambda one: (one.p, -abs(one.difference.value)))[:_MOST_CLASSES]
    ends = [say(f"compare.{name}") for name in ("difference", "interval", "chance")]
    heads = [say("compare.class"), say("compare.n"), *names, *ends]
    rows = [
        [
            *(comparison.name_of(one.key), number(one.n), percent(one.first), percent(one.second)),
            *(points(one.difference.value), one.difference.bounds, chance_text(one.p)),
        ]
        for one in shown
    ]
    console().print()
    print_table(heads, rows, right=(1, 2, 3, 4, 6))
    if rest := len(pair.by_class) - len(shown):
        console().print(say("compare.more_classes", n=rest))


def _print_differing(comparison: "Comparison") -> None:
    rows = comparison.differing.tolist()
    console().print()
    if not rows:
        console().print(say("compare.differing_none"))
        return
    console().print(say("compare.differing_lead", n=len(rows)))
    heads = [say("compare.picture"), say("compare.truth"), *(one.name for one in comparison.contenders)]
    print_table(heads, [_answers(comparison, row) for row in rows[:_MOST_PICTURES]])
    if len(rows) > _MOST_PICTURES:
        console().print(say("compare.shown_of", shown=_MOST_PICTURES, n=len(rows)))


def _answers(comparison: "Comparison", row: int) -> list[str]:
    label = int(comparison.labels[row])
    said = [
        f"{'✓ ' if answer == label else ''}{comparison.name_of(comparison.classes[answer])} {percent(sure)}"
        for answer, sure in zip(comparison.answers[:, row].tolist(), comparison.confidences[:, row].tolist(), strict=True)
    ]
    return [comparison.pictures[row], comparison.name_of(comparison.classes[label]), *said]
