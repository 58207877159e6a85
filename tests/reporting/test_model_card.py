import re

import pytest

from olhar.base.texts import LANGUAGES, percent, speaking
from olhar.evaluation.baselines import Baseline
from olhar.evaluation.intervals import wilson
from olhar.reporting.model_card import model_card
from tests.reporting.stories import Hostile, make_head_story, make_story

PARTS = {
    "en": ("Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data"),
    "pt-BR": ("Detalhes do modelo", "Uso pretendido", "Fatores", "Métricas", "Dados de avaliação", "Dados de treino"),
}
LAST = {
    "en": ("Quantitative analyses", "Ethical considerations", "Caveats and recommendations"),
    "pt-BR": ("Análises quantitativas", "Considerações éticas", "Ressalvas e recomendações"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_the_nine_parts_of_mitchell_and_others_in_their_order(language):
    with speaking(language):
        card = model_card(make_story(4))
    assert tuple(re.findall(r"^## (.+)$", card, re.MULTILINE)) == PARTS[language] + LAST[language]


def test_the_numbers_stand_with_their_intervals_and_gaps_are_named():
    told = make_story(3, baselines=[Baseline("linear", wilson(30, 60))])
    card, accuracy = model_card(told), told.metrics.accuracy
    assert f"| Accuracy | {percent(accuracy.value)} | {accuracy.bounds} |" in card
    assert "| Linear model on tiny pictures | 50.0% |" in card
    assert card.count("**To be filled in:**") == 6
    assert all(f"| class {k} |" in card for k in range(3))
    assert "| class 0 |" not in model_card(told, by_class=False)


def test_a_head_start_names_its_body_and_its_licence():
    card = model_card(make_head_story())
    assert "a head on lite0, which had learnt from ImageNet" in card
    assert "Licence of the body: Apache-2.0" in card
    assert "each judged by a model that had not learnt from it" in card


def test_without_numbers_it_says_so():
    assert "No pictures were left to judge by." in model_card(make_story(3, metrics=None))


def test_names_from_outside_are_text_in_one_line():
    names = Hostile().all()
    card = model_card(make_story(len(names), names=names))
    rows = card[card.index("### Class by class") :].split("## Ethical")[0].strip().splitlines()[2:]
    assert len(rows) == 2 + len(names)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows)
    assert not re.search(r"(?<!\\)[<`*\[]", card[card.index("### Class by class") :].split("## Ethical")[0])
    assert "\u202e" not in card
