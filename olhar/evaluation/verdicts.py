"""A comparison in words: who is better by how much, or what would tell; what the numbers are of; what was left out."""

from collections.abc import Iterator

from olhar.base.texts import Sentence, number, percent, say, sentence
from olhar.evaluation.comparison import Comparison, PairComparison
from olhar.evaluation.paired import FEW_GROUPS, points

_LEAST = 0.001


def verdict(comparison: Comparison, pair: PairComparison) -> Sentence:
    """The one line about two contenders."""
    first, second = comparison.contenders[pair.first].name, comparison.contenders[pair.second].name
    difference = pair.difference
    if pair.better is not None:
        better, other = (second, first) if pair.better == pair.second else (first, second)
        won = difference if difference.value > 0 else difference.turned()
        ends = {"low": points(won.low), "high": points(won.high)}
        key = "compare.better" if len(comparison.contenders) == 2 else "compare.better_than"
        return sentence(key, better=better, other=other, points=points(won.value), **ends)
    names = {"first": first, "second": second}
    if difference.low <= -1 and difference.high >= 1:
        return sentence("compare.few_groups", n=difference.groups, least=FEW_GROUPS, **names)
    if pair.wanted is None:
        return sentence("compare.open", most=points(max(-difference.low, difference.high)), **names)
    return sentence(f"compare.open_{pair.wanted.what}", n=pair.wanted.n, **names)


def lines(comparison: Comparison) -> Iterator[Sentence]:
    """What a person is told below the verdicts: on what, what is known of chance, what the sentence is about, what was left out."""
    yield sentence(f"compare.on_{comparison.judged}", n=len(comparison))
    if len(comparison.pairs) == 1:
        yield chance(comparison, comparison.pairs[0])
    else:
        yield sentence("compare.corrected", n=comparison.tests)
    groups = comparison.pairs[0].difference.groups
    if groups < len(comparison):
        yield sentence("compare.in_groups", n=groups)
    yield sentence(f"compare.about_{comparison.compared}")
    for reason, n in comparison.left_out.items():
        yield sentence(f"compare.left.{reason}", n=n)
    yield from comparison.notes


def chance(comparison: Comparison, pair: PairComparison) -> Sentence:
    """How many pictures only one answers rightly, and how often chance alone does so much."""
    first, second = comparison.contenders[pair.first], comparison.contenders[pair.second]
    p = chance_text(pair.p)
    if comparison.compared == "models":
        only = {"only_first": number(round(pair.only_first)), "only_second": number(round(pair.only_second))}
        return sentence("compare.chance_models", first=first.name, second=second.name, p=p, **only)
    spread = {"first_spread": points(first.spread), "second_spread": points(second.spread)}
    seeds = {"first_seeds": first.seeds, "second_seeds": second.seeds}
    return sentence("compare.chance_recipes", first=first.name, second=second.name, p=p, **spread, **seeds)


def chance_text(p: float) -> str:
    """How often chance does so much, as per cent; next to never is not shown as never."""
    return percent(p) if p >= _LEAST else say("compare.less_than", share=percent(_LEAST))
