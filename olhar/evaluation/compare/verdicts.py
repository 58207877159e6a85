"""Two contenders in words: who is better by how much, or what would tell."""

from collections.abc import Sequence

from olhar.base.texts import Sentence, percent, say, sentence
from olhar.evaluation.compare.pair_comparison import Contender, PairComparison
from olhar.evaluation.compare.paired import FEW_GROUPS, points

_LEAST = 0.001


def verdict(contenders: Sequence[Contender], pair: PairComparison) -> Sentence:
    """The one line about two contenders."""
    first, second = contenders[pair.first].name, contenders[pair.second].name
    difference = pair.difference
    if pair.better is not None:
        better, other = (second, first) if pair.better == pair.second else (first, second)
        won = difference if difference.value > 0 else difference.turned()
        ends = {"low": points(won.low), "high": points(won.high)}
        key = "compare.better" if len(contenders) == 2 else "compare.better_than"
        return sentence(key, better=better, other=other, points=points(won.value), **ends)
    names = {"first": first, "second": second}
    if difference.low <= -1 and difference.high >= 1:
        return sentence("compare.few_groups", n=difference.groups, least=FEW_GROUPS, **names)
    if pair.wanted is None:
        return sentence("compare.open", most=points(max(-difference.low, difference.high)), **names)
    return sentence(f"compare.open_{pair.wanted.what}", n=pair.wanted.n, **names)


def chance_text(p: float) -> str:
    """How often chance does so much, as per cent; next to never is not shown as never."""
    return percent(p) if p >= _LEAST else say("compare.less_than", share=percent(_LEAST))
