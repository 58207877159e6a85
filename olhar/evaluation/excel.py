"""Predictions as a table that a spreadsheet opens by a double click: CSV as it is written in the language in use.

Where decimals have commas (Portuguese), a spreadsheet takes ``;`` to stand between cells, and reads UTF-8 by its mark in front
(BOM) alone. Programs want neither: they have ``Predictions.to_csv``.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from olhar.base.cells import guarded
from olhar.base.texts import number, say
from olhar.evaluation.predictions import Predictions

_BOM = "\ufeff"
_DOUBTS = ("unlike", "unsure")


def excel(predictions: Predictions, names: Sequence[str], unreadable: Sequence[tuple[str, str]] = ()) -> str:
    """A row a picture: its answer, how probable that is, what is doubted, and the probability of each class.

    The truth stands in a column where one is known, sets where the model makes them, and a picture that cannot be read has a row
    that says why.

    Args:
        predictions: what was answered.
        names: the names to show, in the order of the classes.
        unreadable: the name of a picture and why it cannot be read.
    """
    mark, out = number(0.5, 1)[1], io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if mark == "," else ",", lineterminator="\r\n")
    truth = bool((predictions.labels >= 0).any())
    head = [_head("picture"), *([say("predict.truth")] if truth else []), _head("answer"), _head("probability"), _head("doubt")]
    sets = [] if predictions.sets_from is None else [_head("set")]
    wide = [*head, *sets, *map(guarded, names)]
    writer.writerow([*wide, *([_head("error")] if unreadable else [])])
    for cells in _rows(predictions, names, mark, truth):
        writer.writerow([*cells, *([""] if unreadable else [])])
    for picture, why in unreadable:
        writer.writerow([guarded(picture), *[""] * (len(wide) - 1), guarded(why)])
    return _BOM + out.getvalue()


def _head(column: str) -> str:
    return say(f"serve.page.column_{column}")


def _rows(predictions: Predictions, names: Sequence[str], mark: str, truth: bool) -> Iterator[list[str]]:
    """The cells of each picture, with ``mark`` before the decimals."""
    shown, keys = [guarded(name) for name in names], {key: k for k, key in enumerate(predictions.classes)}
    told = zip(predictions.pictures, predictions.labels, predictions.predicted, predictions.answered, strict=True)
    doubts = {"": "", **{why: say(f"serve.page.{why}") for why in _DOUBTS}}
    whys, sets = predictions.why, predictions.sets
    for row, (picture, label, best, answered) in enumerate(told):
        shares = [f"{share:.6f}".replace(".", mark) for share in predictions.probabilities[row]]
        own = [", ".join(names[keys[key]] for key in sets[row])] if predictions.sets_from is not None else []
        answer = shown[best] if answered else say("serve.page.do_not_know")
        true = [shown[label] if label >= 0 else ""] if truth else []
        yield [guarded(picture), *true, answer, shares[best], doubts[whys[row]], *map(guarded, own), *shares]
