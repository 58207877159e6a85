"""A table for spreadsheets: in the language's words and numbers, whole, and no cell a formula."""

import csv
import io

import numpy as np

from olhar.base.texts import speaking
from olhar.evaluation.excel import excel
from olhar.evaluation.predictions import Predictions

SHARES = [np.array(row, np.float32) for row in ((0.9, 0.1), (0.45, 0.55))]


def made(labels=(-1, -1), **other) -> Predictions:
    return Predictions.join(["a.jpg", "=b;.jpg"], ("cat", "dog"), np.array(labels), SHARES, **other)


def rows(text: str, between: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=between))


def test_portuguese_has_commas_in_numbers_and_semicolons_between_cells():
    with speaking("pt-BR"):
        told = rows(excel(made(), ("Gato", "Cão")))
    assert told == [
        ["imagem", "resposta", "probabilidade", "observação", "Gato", "Cão"],
        ["a.jpg", "Gato", "0,900000", "", "0,900000", "0,100000"],
        ["'=b;.jpg", "Cão", "0,550000", "", "0,450000", "0,550000"],
    ]


def test_english_has_points_and_commas_and_both_begin_with_the_mark_of_utf8():
    with speaking("en"):
        text = excel(made(), ("Cat", "Dog"))
    head, first, *_ = text.split("\r\n")
    assert head == '\ufeff"picture","answer","probability","note","Cat","Dog"'
    assert first == '"a.jpg","Cat","0.900000","","0.900000","0.100000"'


def test_truth_sets_notes_and_what_could_not_be_read_have_their_columns():
    with speaking("en"):
        told = rows(excel(made((0, -1), threshold=0.6, sets_from=0.4), ("Cat", "Dog"), [("c.jpg", "an empty file")]), ",")
    assert told[0] == ["picture", "truth", "answer", "probability", "note", "one of", "Cat", "Dog"]
    assert told[1][:3] == ["a.jpg", "Cat", "Cat"]
    assert told[2][1:3] == ["", "I don’t know"]
    assert told[2][4].startswith("Not sure")
    assert told[2][5] == "Dog, Cat"
    assert told[3] == ["c.jpg", "", "", "", "an empty file", "", "", ""]


def test_programs_read_the_plain_table_back_without_what_could_not_be_read():
    text = made((0, 1), sets_from=0.4).to_csv(unreadable=[("c.jpg", "an empty file")])
    assert text.splitlines()[0] == "picture,label,predicted,confidence,p:cat,p:dog,answer,why,set,error"
    assert text.splitlines()[3] == "c.jpg,,,,,,,,,an empty file"
    read = Predictions.from_csv(text, "t.csv")
    assert (read.pictures, read.classes, read.labels.tolist()) == (["a.jpg", "=b;.jpg"], ("cat", "dog"), [0, 1])
