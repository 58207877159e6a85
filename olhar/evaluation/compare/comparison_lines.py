"""What stands below the verdicts: on which pictures, what chance does, what the sentence is about, what was left out."""

from collections.abc import Iterator

from olhar.base.texts import Sentence, number, sentence
from olhar.evaluation.compare.comparison import Comparison
from olhar.evaluation.compare.pair_comparison import PairComparison
from olhar.evaluation.compare.paired import points
from olhar.evaluation.compare.verdicts import chance_text


def lines(comparison: Comparison) -> Iterator[Sentence]:
    """What a person is told below the verdicts, a sentence each."""
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
