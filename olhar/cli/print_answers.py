"""What ``olhar predict`` prints and writes: a table, JSON, CSV, a grid, copies sorted by class."""

import sys

from rich.text import Text

from olhar.base.texts import percent, say
from olhar.bundle.answers import Answers
from olhar.bundle.prediction import Prediction
from olhar.cli.printing import console, print_json, print_table
from olhar.reporting.answer_files import sort_into as copy_into
from olhar.reporting.answer_files import write_grid

_MOST_LINES = 200


def print_answers(answers: Answers, as_json: bool, as_csv: bool, grid: str | None, sort_into: str | None) -> int:
    """Show the answers. A picture that cannot be read is named on standard error; where none can, the exit code is 2."""
    err = sys.stderr
    if answers.bad:
        print(say("predict.skipped", n=len(answers.bad), first=answers.bad[0].reason), file=err)
    if as_json:
        _json(answers)
    elif as_csv:
        sys.stdout.write(answers.predictions.to_csv(truth=False))
    else:
        _table(answers)
    if grid:
        print(say("predict.grid", where=str(write_grid(answers, grid))), file=err)
    if sort_into:
        print(say("predict.sorted", n=copy_into(answers, sort_into), where=sort_into), file=err)
    return 0 if len(answers.predictions) else 2


def _json(answers: Answers) -> None:
    found = answers.predictions
    rows = [
        {"picture": picture, **Prediction(found.classes, answers.predictor.signature.names, shares).to_dict()}
        for picture, shares in zip(found.pictures, found.probabilities, strict=True)
    ]
    bad = [{"picture": one.where, "message": str(one.reason)} for one in answers.bad]
    print_json({"model": answers.predictor.name, "predictions": rows, "unreadable": bad})


def _table(answers: Answers) -> None:
    found, names = answers.predictions, answers.predictor.signature.names
    known = bool((found.labels >= 0).any())
    heads = [say(f"predict.{column}") for column in ("picture", "answer", "confidence", "next_best")]
    rows: list[list[str]] = []
    for i, picture in enumerate(found.pictures[:_MOST_LINES]):
        best, *others = Prediction(found.classes, names, found.probabilities[i]).ranked(3)
        after = ", ".join(f"{name} {percent(share, 0)}" for _, name, share in others)
        truth = [names[found.labels[i]] if found.labels[i] >= 0 else ""] if known else []
        rows.append([picture, best[1], percent(best[2]), after, *truth])
    if rows:
        print_table([*heads, *([say("predict.truth")] if known else [])], rows, right=(2,))
    if len(found) > _MOST_LINES:
        console().print(say("predict.more", n=len(found) - _MOST_LINES))
    if known:
        n = int((found.labels >= 0).sum())
        right = int((found.predicted == found.labels).sum())
        console().print(Text(f"\n{say('predict.right', right=right, n=n, share=right / n)}", "bold"))
