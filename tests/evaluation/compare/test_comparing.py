import csv
import io
import json

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, recall_score

from olhar.base.texts import say, speaking
from olhar.evaluation.compare.comparing import Answered, Asked, compared
from olhar.evaluation.compare.comparison import Comparison
from olhar.evaluation.compare.comparison_lines import lines
from olhar.evaluation.compare.paired import paired_difference

CLASSES = ("cat", "dog", "=emu")
N = 240


def side(name: str, seeds: int, wrong: float, labels: np.ndarray, seed: int) -> Answered:
    rng = np.random.default_rng(seed)
    answers = np.where(rng.random((seeds, len(labels))) < wrong, (labels + rng.integers(1, 3, (seeds, len(labels)))) % 3, labels)
    return Answered(
        name, tuple(f"runs/{name}-{i}" for i in range(seeds)), answers, rng.uniform(0.4, 1, answers.shape).astype(np.float32)
    )


def made(*wrong: float, seeds: int = 1, against="first", names="ABCD", groups=None) -> Comparison:
    labels = np.arange(N) % 3
    sides = [side(name, seeds, share, labels, place) for place, (name, share) in enumerate(zip(names, wrong, strict=False))]
    each = np.arange(N) if groups is None else groups
    asked = Asked([f"{i}.png" for i in range(N)], CLASSES, labels, each, "test", 1.0, {"taught": 3})
    return compared(sides, asked, against)


def test_accuracies_and_recalls_are_those_of_scikit_learn():
    comparison = made(0.3, 0.1)
    (pair,) = comparison.pairs
    for place, one in enumerate(comparison.contenders):
        assert one.accuracy == pytest.approx(accuracy_score(comparison.labels, comparison.answers[place]))
        recalls = recall_score(comparison.labels, comparison.answers[place], average=None)
        told = [row.second if place else row.first for row in pair.by_class]
        assert told == pytest.approx(recalls.tolist())
    assert [row.n for row in pair.by_class] == [80, 80, 80]
    right = comparison.answers == comparison.labels
    assert (pair.only_first, pair.only_second) == ((right[0] & ~right[1]).sum(), (right[1] & ~right[0]).sum())


def test_the_better_one_is_named_first_whichever_it_is():
    assert made(0.3, 0.1).verdicts()[0].startswith("B is better by ")
    assert made(0.1, 0.3).verdicts()[0].startswith("A is better by ")
    with speaking("pt-BR"):
        assert made(0.3, 0.1).verdicts()[0].startswith("B é melhor por ")


def test_in_portuguese_less_than_two_points_are_of_one():
    with speaking("pt-BR"):
        assert " pontos (" in made(0.3, 0.1).verdicts()[0]
        assert say("compare.better", better="B", points="1,2", low="0,3", high="2,1") == "B é melhor por 1,2 ponto (0,3 a 2,1)."


def test_where_nothing_can_be_told_it_says_what_would():
    (line,) = made(0.20, 0.25).verdicts()
    assert line.startswith("A or B: cannot tell which is better; about ")
    assert line.endswith("more test pictures would.")
    (line,) = made(0.2, 0.2, seeds=3).verdicts()
    assert "cannot tell" in line


def test_of_several_each_is_set_beside_the_first_and_corrected_for_their_number():
    comparison = made(0.3, 0.25, 0.1, 0.28)
    assert [(pair.first, pair.second) for pair in comparison.pairs] == [(0, 1), (0, 2), (0, 3)]
    right = comparison.answers == comparison.labels
    alone = [paired_difference(right[0], right[second]).p for second in (1, 2, 3)]
    order = np.argsort(alone)
    corrected = np.maximum.accumulate(np.minimum(1, np.array(alone)[order] * [3, 2, 1]))
    assert [comparison.pairs[int(place)].p for place in order] == pytest.approx(corrected.tolist())
    assert [line.partition(" is better than A")[0] for line in comparison.verdicts() if "better than" in line] == ["C"]
    assert comparison.tests == 3


def test_beside_the_best_all_pairs_are_counted_as_the_best_was_chosen_by_the_same_pictures():
    comparison = made(0.3, 0.25, 0.1, 0.28, against="best")
    assert {pair.first for pair in comparison.pairs} == {2}
    assert comparison.tests == 6
    beside_first = made(0.3, 0.25, 0.1, 0.28).pairs[1].difference
    beside_best = next(pair.difference for pair in comparison.pairs if pair.second == 0)
    assert beside_best.high - beside_best.low > beside_first.high - beside_first.low
    assert any("6 comparisons" in str(line) for line in lines(comparison))


def test_recipes_are_compared_over_their_seeds():
    comparison = made(0.3, 0.1, seeds=3)
    assert comparison.compared == "recipes"
    assert comparison.verdicts()[0].startswith("B is better by ")
    text = " ".join(map(str, lines(comparison)))
    assert "Between seeds the accuracy varies" in text
    assert "about the recipes" in text
    rights = comparison.rights[0]
    assert set(np.unique(np.round(3 * rights)).tolist()) <= {0, 1, 2, 3}
    assert comparison.contenders[0].accuracy == pytest.approx(rights.mean())


def test_what_was_left_out_and_the_groups_are_told():
    comparison = made(0.3, 0.1, groups=np.arange(N) // 2)
    told = [str(line) for line in lines(comparison)]
    assert any(line.startswith("3 pictures were left out: one of them had learnt") for line in told)
    assert any("120 groups" in line for line in told)


def test_pictures_that_differ_come_in_a_table_that_no_spreadsheet_runs():
    comparison = made(0.3, 0.1)
    rows = list(csv.DictReader(io.StringIO(comparison.to_csv())))
    differ = np.flatnonzero(comparison.answers[0] != comparison.answers[1])
    assert {row["picture"] for row in rows} == {f"{i}.png" for i in differ}
    assert {row["label"] for row in rows} == {"cat", "dog", "'=emu"}
    assert all(0.4 <= float(row["confidence:A"]) <= 1 for row in rows)
    one_right = [row["right:A"] != row["right:B"] for row in rows]
    assert one_right == sorted(one_right, reverse=True)


def test_json_holds_all_and_can_be_written():
    told = json.loads(json.dumps(made(0.3, 0.1).to_dict(), allow_nan=False))
    (pair,) = told["pairs"]
    assert (pair["better"], pair["first"], pair["second"]) == ("B", "A", "B")
    assert pair["low"] <= pair["difference"] <= pair["high"]
    assert len(pair["by_class"]) == 3
    assert told["left_out"] == {"taught": 3}
    assert {answer["name"] for answer in told["differing"][0]["answers"]} == {"A", "B"}
    open_pair = made(0.20, 0.25).to_dict()["pairs"][0]
    assert open_pair["wanted"]["what"] == "pictures"


def test_it_shows_itself_in_a_notebook():
    comparison = made(0.3, 0.1)
    assert repr(comparison).startswith("B is better by")
    assert "<table>" in comparison._repr_html_()
    assert str(comparison.pairs[0].difference) in f"{comparison.pairs[0].difference!r}"


def test_sides_of_one_answer_each_that_never_differ_say_so():
    comparison = made(0.0, 0.0)
    assert comparison.verdicts() == ["A or B: cannot tell which is better; if one is, then by 1.6 points at most."]
    assert comparison.to_csv().count("\n") == 1
