"""Predictions as a table that a spreadsheet opens by a double click: CSV as it is written in the language in use.

Where decimals have commas (Portuguese), a spreadsheet takes ``;`` to stand between cells, and reads UTF-8 by its mark in front
(BOM) alone. Programs want neither: they have ``Predictions.to_csv``.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from olhar.base.cells import guarded
from olhar.base.texts import number, say
from olhar.evaluation.predictions import Predictions

_BOM = "\ufeff"
_DOUBTS = ("unlike", "unsure")


def excel(predictions: Predictions, names: Sequence[str], unreadable: Sequence[tuple[str, str]] = ()) -> str:
    """A row a picture: its answer, how probable that is, a note of what is doubted, and the probability of each class.

    The truth stands in a column where one is known, and sets where the model makes them. Pictures that could not be read come
    last; their note says why.

    Args:
        predictions: what was answered.
        names: the names to show, in the order of the classes.
        unreadable: the name of a picture and why it could not be read.
    """
    mark, out = number(0.5, 1)[1], io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if mark == "," else ",", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    truth = [say("predict.truth")] if (predictions.labels >= 0).any() else []
    sets = [] if predictions.sets_from is None else [_head("set")]
    head = [_head("picture"), *truth, _head("answer"), _head("probability"), _head("note"), *sets, *names]
    rest = [""] * (len(sets) + len(names))
    unread = ([picture, *("" for _ in truth), "", "", why, *rest] for picture, why in unreadable)
    writer.writerows(map(guarded, row) for row in chain([head], _rows(predictions, names, mark, bool(truth)), unread))
    return _BOM + out.getvalue()


def _head(column: str) -> str:
    return say(f"serve.page.head_{column}")


def _rows(predictions: Predictions, names: Sequence[str], mark: str, truth: bool) -> Iterator[list[str]]:
    """The cells of each picture, with ``mark`` before the decimals."""
    keys = {key: k for k, key in enumerate(predictions.classes)}
    notes = {"": "", **{why: say(f"serve.page.{why}") for why in _DOUBTS}}
    labels: list[int] = predictions.labels.tolist()
    likeliest: list[int] = predictions.predicted.tolist()
    told = zip(labels, likeliest, predictions.answered, predictions.why, predictions.sets, strict=True)
    for row, (label, best, answered, why, own) in enumerate(told):
        shares = [f"{share:.6f}".replace(".", mark) for share in predictions.probabilities[row]]
        true = [names[label] if label >= 0 else ""] if truth else []
        answer = names[best] if answered else say("serve.page.do_not_know")
        among = [] if predictions.sets_from is None else [", ".join(names[keys[key]] for key in own)]
        yield [predictions.pictures[row], *true, answer, shares[best], notes[why], *among, *shares]
