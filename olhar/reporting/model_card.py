"""A model card (Mitchell and others 2019, arXiv 1810.03993) as Markdown: what a run knows of its model, gaps named as gaps."""

from itertools import chain

from olhar.base.texts import number, say
from olhar.reporting import facts, trust
from olhar.reporting.card_tables import class_table, markdown_table, number_rows, plain_markdown
from olhar.reporting.display_names import DisplayName
from olhar.reporting.html_text import day_text
from olhar.reporting.story import Story
from olhar.reporting.trust import Decimals

MODEL_CARD = "model-card.md"

_NAMED = 60
"""So many classes are named in a line."""


def model_card(story: Story, *, by_class: bool = True) -> str:
    """The card in the language in use.

    Args:
        story: of the run.
        by_class: whether the table of the classes is in it.
    """
    parts = (
        ("details", _details(story)),
        ("use", [say("card.use.known"), _gap("use.gap")]),
        ("factors", [say("card.factors.known"), _gap("factors.gap")]),
        ("numbers", _numbers(story)),
        ("judged", _judged(story)),
        ("taught", _taught(story)),
        ("analysis", _analysis(story, by_class=by_class)),
        ("ethics", [_gap("ethics.gap")]),
        ("caveats", _caveats(story)),
    )
    opening = [f"# {say('card.title', name=plain_markdown(story.name, 60))}", say("card.intro")]
    told = chain(opening, *([f"## {say(f'card.{part}.title')}", *lines] for part, lines in parts))
    return "\n\n".join(told) + "\n"


def _gap(key: str) -> str:
    return say("card.gap", what=say(f"card.{key}"))


def _items(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"- {say('card.item', what=what, told=told)}" for what, told in pairs)


def _details(story: Story) -> list[str]:
    signature = story.signature
    colour = say("report.network.rgb" if signature.channels == 3 else "report.network.gray")
    names = [plain_markdown(name, 40) for name in signature.names]
    listed = ", ".join(names[:_NAMED])
    pairs = [
        (say("card.details.network"), _network(story)),
        *([(say("card.details.body_licence"), plain_markdown(story.head.licence or "?"))] if story.head else []),
        (say("card.details.input"), say("card.details.takes", width=signature.width, height=signature.height, colour=colour)),
        (
            say("card.details.classes", n=len(names)),
            say("card.details.some_classes", names=listed, n=len(names) - _NAMED) if len(names) > _NAMED else listed,
        ),
        *([(say("card.details.made"), day_text(story.made))] if story.made else []),
        (say("card.details.licence"), plain_markdown(signature.licence) or say("card.details.unknown_licence")),
    ]
    return [_items(*pairs), _gap("details.people")]


def _network(story: Story) -> str:
    if story.head is not None:
        body, origin = plain_markdown(story.head.body), plain_markdown(story.head.origin or "?")
        return say("card.details.of_body", body=body, origin=origin)
    if story.began_from:
        return say("card.details.of_file", name=plain_markdown(story.began_from))
    return say("card.details.of_network", model=plain_markdown(str(story.recipe.get("model", "?"))))


def _numbers(story: Story) -> list[str]:
    signature = story.signature
    if not signature.threshold:
        return [say("card.numbers.how"), say("card.numbers.no_threshold")]
    asked = {"confidence": signature.threshold, "asked": signature.at_least}
    return [say("card.numbers.how"), say("card.numbers.threshold", **asked)]


def _judged(story: Story) -> list[str]:
    if story.metrics is None:
        return [say("card.judged.none")]
    return [say(f"card.judged.pictures.{story.measured}", n=story.metrics.accuracy.n), _gap("judged.gap")]


def _taught(story: Story) -> list[str]:
    origin, classes = plain_markdown(story.signature.origin or story.name), len(story.signature.classes)
    training = next((size for size in facts.part_sizes(story) if size.part == "train"), None)
    lines = [_told(say("card.taught.origin", origin=origin, n=training.total, classes=classes))] if training else []
    if training and training.commonest[1] == training.rarest[1]:
        lines.append(_told(say("card.taught.equal", n=training.rarest[1])))
    elif training:
        for key, (name, n) in (("commonest", training.commonest), ("rarest", training.rarest)):
            lines.append(_told(say(f"card.taught.{key}", name=plain_markdown(name.full), n=n)))
    if story.left_out:
        lines.append(_told(say("card.taught.left_out", n=len(story.left_out))))
    return [*(["\n".join(lines)] if lines else []), _gap("taught.gap")]


def _told(line: str) -> str:
    return f"- {line}"


def _analysis(story: Story, *, by_class: bool) -> list[str]:
    if story.metrics is None:
        return [say("card.judged.none")]
    heads = [say(f"card.analysis.{key}") for key in ("number", "value", "interval")]
    parts = [markdown_table(heads, number_rows(story, story.metrics))]
    if by_class:
        parts += [f"### {say('card.analysis.by_class')}", class_table(story, story.metrics)]
    return parts


def _caveats(story: Story) -> list[str]:
    """What the report warns of and remarks, and what no number says."""
    warned = [_remark(remark) for remark in trust.remarks(story) if remark.level != "good"]
    always = [] if story.signature.threshold else [say("card.caveats.unknown")]
    return ["\n".join(_told(line) for line in (*warned, *always))] if warned or always else []


def _remark(remark: trust.Remark) -> str:
    return say(remark.key, **{key: _plain_value(value) for key, value in remark.values.items()})


def _plain_value(value: object) -> object:
    if isinstance(value, DisplayName):
        return plain_markdown(value.full)
    return number(value.value, value.places) if isinstance(value, Decimals) else value
