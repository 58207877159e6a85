import math

import pytest

from olhar.base.texts import speaking
from olhar.evaluation.learning_curve import Promise
from olhar.reporting import head_facts
from olhar.reporting.display_names import DisplayName
from olhar.reporting.html_text import report_sentence
from olhar.runs.head_record import TriedHead
from tests.reporting.stories import make_curve, make_head

NAMES = {"metal": DisplayName("Metal <b>")}


def words(*told):
    return " ".join(report_sentence(one.key, **one.values) for one in told)


def test_what_the_body_has_seen_and_not_is_said_plainly():
    told = words(*head_facts.body(make_head()))
    assert "ImageNet: 1.3 million photographs" in told
    assert "licence Apache-2.0" in told
    assert "not made for faces, nor for medical pictures" in told


def test_of_a_person_s_own_file_nobody_claims_what_it_has_seen():
    told = words(*head_facts.body(make_head(body="mine.onnx", origin="", licence="")))
    assert "a file of your own, <bdi>mine.onnx</bdi>" in told
    assert "does not say which pictures" in told
    assert "ImageNet" not in told


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (("pooled",), "the end of the body alone"),
        (("block_9", "block_5", "block_1", "pooled"), "its end and 3 places before"),
        (("block_9", "block_5"), "2 places in its middle"),
    ],
)
def test_candidates_have_readable_names(blocks, said):
    assert words(head_facts.candidate(TriedHead(blocks, 0.5, 1.0), make_head())) == said


def test_what_the_temperature_did_is_told_in_words():
    assert "made surer (temperature 0.88)" in words(head_facts.tempered(make_head()))
    assert "made less sure (temperature 1.40)" in words(head_facts.tempered(make_head(temperature=1.4)))
    assert "could stay as they came" in words(head_facts.tempered(make_head(temperature=1.0)))


def test_where_no_picture_could_be_held_back_there_is_no_loss_and_no_temperature():
    unknown = TriedHead(("pooled",), math.nan, 1.0)
    assert head_facts.loss(unknown) == "–"
    assert head_facts.tempered(make_head(tried=(unknown,), kind="nearest mean")) is None


def test_the_promise_of_the_learning_curve_in_both_languages():
    told = head_facts.learning(make_curve(Promise("metal", 50, 0.011, -0.001, 0.021)), NAMES)
    assert words(*told) == (
        "With half the pictures 80.0% were right, with all of them 90.0%. "
        "50 more of “<bdi>Metal &lt;b&gt;</bdi>” would bring about 1 point (0 to 2)."
    )
    with speaking("pt-BR"):
        assert "Mais 50 de “<bdi>Metal &lt;b&gt;</bdi>” trariam cerca de 1 ponto (0 a 2)." in words(*told)


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        (Promise("", 240, 0.031, 0.01, 0.052), "240 more in all would bring about 3 points (1 to 5)."),
        (Promise("metal", 20, 0.004, -0.012, 0.02), "about 0.4 points (−1.2 to 2.0)."),
        (Promise("", 20, -0.012, -0.03, 0.01), "20 more in all would hardly help (−3 to 1 points)."),
        (Promise("gone", 20, 0.0, 0.0, 0.0), "20 more of “<bdi>gone</bdi>” would hardly help (0 to 0 points)."),
    ],
)
def test_a_gain_is_told_in_points_of_sensible_length(promise, said):
    assert words(*head_facts.learning(make_curve(promise), NAMES)).endswith(said)


def test_where_nothing_can_be_promised_that_is_said():
    told = words(*head_facts.learning(make_curve(points=((30, 0.7), (240, 0.9))), NAMES))
    assert told.startswith("With 30 of the 240 pictures 70.0% were right")
    assert "cannot be told" in told
    assert head_facts.learning(make_curve(points=((240, 0.9),)), NAMES) == []


def test_sentences_say_nothing_of_the_names_of_a_bodys_outputs():
    told = words(*head_facts.looked_at(make_head(blocks=("block_9", "block_5", "pooled", "layout"))))
    assert "at 2 places before" in told
    assert "in three by three parts" in told
    assert not any(name in told for name in ("block", "pooled", "layout"))
