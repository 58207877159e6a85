"""predict: pictures -> answers: as a table, JSON or CSV, as a grid, as heat maps, as copies sorted by class."""

import sys
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import number, percent, say
from olhar.cli.flags import Flag, argument, data_flags, file_word, keras_flags, lambdas, on_flags, option, read_options
from olhar.cli.printing import console, print_json, print_table, progress, warn_trained_on

if TYPE_CHECKING:
    from olhar.bundle.answers import Answers
    from olhar.bundle.prediction import Prediction

_MOST_LINES = 200
_NEXT = 3
_LEAST_SHOWN = 0.005
"""What rounds to nothing is not shown among the next best."""
_MOST_IN_SET = 5


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("model", "model"),
        argument("pictures", "pictures", nargs=-1),
        Flag(["--csv", "as_csv"], "own", is_flag=True, help=say("cli.flag.csv")),
        option("--excel", metavar=file_word(".csv")),
        option("--grid", metavar=file_word(".png")),
        option("--heat-map", metavar=file_word(".png")),
        option("--sort-into", metavar=say("cli.word.folder")),
        option("--without-exif", is_flag=True),
        option("--whole", is_flag=True, help=say("cli.recipe.whole")),
        *on_flags(),
        *data_flags(),
        *keras_flags(),
    ]


def run(
    model: str,
    pictures: tuple[str, ...],
    architecture: str | None,
    formulas: tuple[str, ...],
    **values: Any,
) -> int:
    """Ask the model and show its answers."""
    from olhar.verbs.load import load
    from olhar.verbs.predict import predict

    if values["without_exif"] and not values["sort_into"]:
        raise UsageError("predict.no_copies", flag="--without-exif", copies="--sort-into")
    if values["grid"] or values["excel"]:
        from olhar.reporting.answer_files import refuse_excel, refuse_grid

        for flag, refuse in (("grid", refuse_grid), ("excel", refuse_excel)):
            if values[flag]:
                refuse(values[flag])
    terminal = progress()
    predictor = load(model, architecture=architecture, lambdas=lambdas(formulas), progress=terminal)
    where: dict[str, Any] = {name: values[name] for name in ("on", "without_token")}
    answers = predict(predictor, pictures, terminal, whole=values["whole"], **where, **read_options(values))
    if (answers.predictions.labels >= 0).any():
        warn_trained_on(model, answers.data, answers.rows)
    asked = ("as_json", "as_csv", "excel", "grid", "heat_map", "sort_into", "without_exif")
    return _print(answers, **{name: values[name] for name in asked})


def _print(answers: "Answers", as_json: bool, as_csv: bool, **files: Any) -> int:
    """Show the answers. A picture that cannot be read is named on standard error; where none can, the exit code is 2."""
    if answers.bad:
        print(say("predict.skipped", n=len(answers.bad), first=answers.bad[0].reason), file=sys.stderr)
    if as_json:
        _print_json(answers)
    elif as_csv:
        truth = bool((answers.predictions.labels >= 0).any())
        answers.predictions.write_csv(sys.stdout, truth, answers.unreadable)
    else:
        _print_table(answers)
    _write_files(answers, **files)
    return 0 if len(answers.predictions) else 2


def _print_json(answers: "Answers") -> None:
    rows = [{"picture": prediction.picture, **prediction.to_dict()} for prediction in answers]
    unreadable = [{"picture": picture.where, "message": str(picture.reason)} for picture in answers.bad]
    read_as = answers.data.read_as
    read = {"read_as": read_as.to_dict()} if read_as else {}
    print_json({"model": answers.predictor.name, **read, "predictions": rows, "unreadable": unreadable})


def _print_table(answers: "Answers") -> None:
    predictions = answers.predictions
    with_truth = bool((predictions.labels >= 0).any())
    with_sets = predictions.sets_from is not None
    columns = ("picture", "answer", "confidence", *(["set"] if with_sets else ["next_best"]), *(["truth"] if with_truth else []))
    rows = [_row(answers, index, with_truth) for index in range(min(len(predictions), _MOST_LINES))]
    kept = [i for i in range(len(columns)) if i != _NEXT or any(row[i] for row in rows)]  # where all are sure, nothing is next
    if rows:
        print_table([say(f"predict.{columns[i]}") for i in kept], [[row[i] for i in kept] for row in rows], right=(2,))
    if len(predictions) > _MOST_LINES:
        console().print(say("predict.more", n=len(predictions) - _MOST_LINES))
    if n := int(predictions.unlike.sum()):
        console().print(say("predict.unlike_count", n=n))
    if with_truth:
        n = int((predictions.labels >= 0).sum())
        right = int((predictions.predicted == predictions.labels).sum())
        console().print(Text(f"\n{say('predict.right', right=right, n=n, share=right / n)}", "bold"))


def _row(answers: "Answers", index: int, with_truth: bool) -> list[str]:
    """A picture, its answer, the next best two (or its set), and, where some pictures have one, its true class."""
    predictions, names, prediction = answers.predictions, answers.predictor.signature.names, answers[index]
    (_, best, confidence), *others = prediction.ranked(3)
    if not prediction.answer:
        best, others = say("predict.do_not_know"), [("", best, confidence), *others[:1]]
    if prediction.why == "unlike":
        best = f"{best} ({say('predict.unlike')})"
    next_best = ", ".join(f"{name} {percent(share, 0)}" for _, name, share in others if share >= _LEAST_SHOWN)
    if prediction.sets_from is not None:
        next_best = _set(prediction)
    label = predictions.labels[index]
    truth = [names[label] if label >= 0 else ""] if with_truth else []
    return [predictions.pictures[index], best, percent(confidence), next_best, *truth]


def _set(prediction: "Prediction") -> str:
    """The first names of a set, and how many more are in it."""
    n = len(prediction.prediction_set)
    names = [name for _, name, _ in prediction.ranked(min(n, _MOST_IN_SET))]
    return ", ".join([*names, *([f"… (+{number(n - len(names))})"] if n > len(names) else [])])


def _write_files(
    answers: "Answers", excel: str | None, grid: str | None, heat_map: str | None, sort_into: str | None, without_exif: bool
) -> None:
    """The table, the grid, the heat maps and the copies that were asked for, and where they are."""
    if excel:
        from olhar.reporting.answer_files import write_excel

        print(say("predict.excel", where=str(write_excel(answers, excel))), file=sys.stderr)
    if grid:
        from olhar.reporting.answer_files import write_grid

        print(say("predict.grid", where=str(write_grid(answers, grid))), file=sys.stderr)
    if heat_map and len(answers):
        from olhar.reporting.heat_sheet import write_heat_maps

        for line in write_heat_maps(answers, heat_map):
            print(line, file=sys.stderr)
    if sort_into:
        _copy(answers, sort_into, without_exif)


def _copy(answers: "Answers", folder: str, without_exif: bool) -> None:
    """The sorted copies, where they are, and what of the person's is in them."""
    from olhar.reporting.answer_files import sort_into

    copies = sort_into(answers, folder, exif=not without_exif)
    print(say("predict.sorted", n=copies.n, where=folder), file=sys.stderr)
    if copies.places:
        print(say("predict.places", n=copies.places, total=copies.n, flag="--without-exif"), file=sys.stderr)
    if without_exif:
        print(say("predict.without_exif"), file=sys.stderr)
    if copies.anew:
        print(say("predict.anew", n=copies.anew), file=sys.stderr)
