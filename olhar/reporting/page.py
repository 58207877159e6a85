"""A Story as one HTML page: everything inside it, no network, no script, in the language in use."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from olhar.base.texts import language, number, percent, say, typed, undashed
from olhar.data.cache.store import MOST_NAMED
from olhar.evaluation.metrics import Metrics
from olhar.evaluation.ranking import TopK
from olhar.reporting import behind, facts, figures, head_facts, trust
from olhar.reporting.class_curves import SIDE as CURVE_SIDE
from olhar.reporting.class_curves import class_curves
from olhar.reporting.class_epochs import HEIGHT, WIDTH, class_epochs
from olhar.reporting.display_names import DisplayName, bounded, bounded_apart, label, path_end, upright
from olhar.reporting.html_text import (
    curve_alt,
    day_text,
    decimals,
    environment_key,
    environment_value,
    report_sentence,
    setting,
    signed,
)
from olhar.reporting.network_picture import MOST as MOST_BOXES
from olhar.reporting.network_picture import boxes
from olhar.reporting.pictures import picture_uri, png_uri, small
from olhar.reporting.points import points
from olhar.reporting.recipe_words import recipe_in_words
from olhar.reporting.reliability import SIDE, reliability
from olhar.reporting.sheet import png
from olhar.reporting.story import Story
from olhar.reporting.theme import DARK, LIGHT

if TYPE_CHECKING:
    from jinja2 import Environment

TABLE_CLASSES = 20
"""Up to so many classes the confusion matrix is a table with its numbers; beyond, a picture and the commonest confusions."""

_PAGE, _NAMED = "page.html", re.compile(r'"(\w+\.(?:html|css))"')
"""The template of the whole page, and how templates name each other."""

SAMPLES, MISTAKES, CONFUSIONS, VARIATIONS = 96, 24, 20, 6
"""How many pictures, pairs of classes and rows of varied pictures a page shows at most."""


def render(story: Story) -> str:
    """The report as one HTML page in the language in use.

    Everything is in the page: it opens with no network and runs no script. Names from outside are escaped, bounded, and cannot
    turn the text around them.
    """
    shown = _shown(story)
    return environment().get_template(_PAGE).render(story=story, **shown)


def _shown(story: Story) -> dict[str, Any]:
    """What the templates draw, beside the story itself."""
    run = story.where or story.name
    samples = facts.samples_by_class(story.samples, len(story.signature.classes), SAMPLES)
    return (
        {
            "names": facts.class_names(story),
            "most_named": MOST_NAMED,
            "run": typed(undashed(bounded(run, 300))),
            "repeat": bounded(story.command, 1000) or _repeat(run),
            "made": day_text(story.made),
            "remarks": trust.remarks(story),
            "epochs": sum(epoch["epoch"] > 0 for epoch in story.history),
            "curves": _drawn(facts.curves(story)),
            "scores": _drawn(facts.scores(story)),
            "parts_sizes": facts.part_sizes(story),
            "parts_total": sum(size.total for size in facts.part_sizes(story)),
            "distribution": _themed(figures.distribution, story) if facts.distribution(story) else None,
            "samples": samples,
            "samples_each": max(map(len, samples.values()), default=0),
            "changes": facts.changes(story),
            "mistakes": story.mistakes[:MISTAKES],
            "looked": list(zip(story.behind.right, story.behind.of_right, strict=False)),
            "behind": behind.by_class(story),
            "opened": behind.opened(story),
            "recipe": recipe_in_words(story.recipe, story.asked),
            "plain": {one.kind: one.accuracy.value for one in story.baselines},
            "by_epoch": class_epochs(story),
            "epochs_drawn": (WIDTH, HEIGHT),
            "boxes": boxes(story.layers)[:MOST_BOXES],
            "variations": story.variations[:VARIATIONS],
            "judged_by": "heads" if story.head and story.measured == "folds" else story.measured,
            "unjudged": story.head is not None and story.metrics is None,
        }
        | _measured(story)
        | _of_a_head(story)
    )


def _measured(story: Story) -> dict[str, Any]:
    """What the templates draw of the metrics."""
    metrics = story.metrics
    if metrics is None:
        return {"reliability": None, "class_curves": [], "top": None}
    shares = facts.row_shares(metrics.confusion)
    table = len(shares) <= TABLE_CLASSES
    by_class = list(enumerate(metrics.by_class))
    return {
        "commonest": trust.commonest(metrics, facts.class_names(story)),
        "rows": by_class if table else sorted(by_class, key=lambda row: row[1].f1),
        "taken_for": [facts.taken_for(metrics, k) for k in range(len(shares))],
        "table": table,
        "upright": upright(facts.class_names(story)),
        "points": points(metrics.confusion) if table else None,
        "point_names": bounded_apart(story.signature.names, 18),
        "shares": shares.tolist(),
        "depth": facts.depth(shares).tolist(),
        "matrix": None if table else _themed(figures.confusion, story, per_cent=True),
        "reliability": reliability(metrics.calibration) if metrics.calibration else None,
        "side": SIDE,
        "class_curves": class_curves(story.predictions, metrics) if story.predictions is not None else [],
        "curve_side": CURVE_SIDE,
        "top": _top(metrics),
        "confusions": facts.confusions(metrics, 10 if table else CONFUSIONS) if len(shares) > 2 else [],
    }


def _top(metrics: Metrics) -> tuple[TopK, TopK] | None:
    """How often the truth is the first answer, and among the first few; None where classes are few."""
    by_k = {one.k: one for one in metrics.top}
    return (by_k[min(by_k)], by_k[max(by_k)]) if len(by_k) > 1 else None


def _of_a_head(story: Story) -> dict[str, Any]:
    """What the templates tell of a head start."""
    head, curve = story.head, story.learning_curve
    if head is None:
        return {}
    names = dict(zip(story.signature.classes, facts.class_names(story), strict=True))
    return {
        "body": head_facts.body(head),
        "learnt": head_facts.learnt(head),
        "looked_at": head_facts.looked_at(head),
        "blocks_tried": head_facts.blocks_tried(head),
        "tried": [(head_facts.candidate(one, head), one.blocks, head_facts.loss(one), one.weight) for one in head.tried],
        "tempered": head_facts.tempered(head),
        "learning": head_facts.learning(curve, names) if curve else [],
        "learning_curve": _themed(figures.learning_curve, curve) if curve else None,
    }


def _drawn(panels: Iterable[facts.Panel]) -> list[tuple[facts.Panel, tuple[str, str]]]:
    return [(panel, _themed(figures.lines, panel)) for panel in panels if panel.lines]


def _themed(draw: Any, *args: Any, **options: Any) -> tuple[str, str]:
    """A figure for light and for dark pages, as data URIs."""
    return png_uri(png(draw(*args, LIGHT, **options))), png_uri(png(draw(*args, DARK, **options)))


def _repeat(run: str) -> str:
    """The command where the run does not know its own: which path the data had is not told by its origin."""
    return f"olhar train {say('report.next.data')} --recipe {typed(bounded(run, 300) + '/recipe.toml')}"


def compile_templates() -> None:
    """Compile what ``render`` needs: a sixth of a second, in which another thread may do something else."""
    pages, names = environment(), [_PAGE]
    for name in names:
        pages.get_template(name)
        assert pages.loader is not None
        source = pages.loader.get_source(pages, name)[0]
        names += [other for other in _NAMED.findall(source) if other not in names]


@cache
def environment() -> "Environment":
    """Where the templates of all pages are found, and what they may call."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("olhar.reporting"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shared: dict[str, Any] = environment.globals  # pyright: ignore[reportAssignmentType]
    written = {
        "number": number,
        "percent": percent,
        "decimals": decimals,
        "setting": setting,
        "signed": signed,
        "language": language,
    }
    named = {
        "DisplayName": DisplayName,
        "label": label,
        "bounded": bounded,
        "path_end": path_end,
        "environment_key": environment_key,
        "environment_value": environment_value,
        "curve_alt": curve_alt,
    }
    shared.update(
        written | named | {"tell": report_sentence, "picture_uri": picture_uri, "small": small, "heated": behind.heated}
    )
    return environment
