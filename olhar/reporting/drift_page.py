"""An Evaluation as one HTML page that opens with no network and runs no script: what drifted, with pictures, and the numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from olhar.base.errors import OlharError, PictureError
from olhar.base.files import write_text
from olhar.base.images import Pixels, as_bytes, decode, own_levels
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, say, sentence
from olhar.base.types import StrPath
from olhar.bundle.answers import Answers
from olhar.data.dataset import Dataset
from olhar.evaluation.compare.verdicts import chance_text
from olhar.evaluation.drift.drift import Drift, Shift
from olhar.evaluation.drift.lines import measure_name, value_text
from olhar.evaluation.evaluation import Evaluation
from olhar.reporting import trust
from olhar.reporting.display_names import DisplayName, bounded, display_names
from olhar.reporting.html_text import day_text, html_sentence
from olhar.reporting.page import environment
from olhar.reporting.pictures import THUMBNAIL_SIDE
from olhar.runs.folder import RunFolder
from olhar.runs.samples import read_samples

if TYPE_CHECKING:
    from jinja2 import Template


MOST_CLASSES = 200
_OF_RUN = 8
_SHOWN_AT_LEAST = 8


@dataclass(frozen=True)
class ShiftScale:
    """Where the pictures lie here and there, on one scale, in per cent of the width: ``(5%, 25%, 50%, 75%, 95%)``."""

    here: tuple[float, ...]
    there: tuple[float, ...]

    @classmethod
    def of(cls, shift: Shift) -> "ShiftScale":
        """Of one measure that is a number."""
        low, high = min(shift.here[0], shift.there[0]), max(shift.here[-1], shift.there[-1])
        width = max(high - low, 1e-9)
        here, there = ([100 * (value - low) / width for value in values] for values in (shift.here, shift.there))
        return cls(tuple(here), tuple(there))


def write_drift(
    evaluation: Evaluation,
    answers: Answers,
    examples: Mapping[str, Sequence[int]],
    run: RunFolder | None,
    into: StrPath,
    progress: Progress,
) -> Path:
    """Write an evaluation as one HTML page in the language in use.

    Args:
        evaluation: what came of it.
        answers: what it is of.
        examples: measure -> rows of the data that show it.
        run: whose pictures stand for those that the model learnt from; None: none do.
        into: the file.
        progress: where to tell how far it is.

    Raises:
        DataError: it cannot be written.
    """
    rows = {row for some in examples.values() for row in some}
    if not examples:
        examples = {"": _evenly(answers.rows)}
        rows = {*examples[""]}
    with progress.stage(sentence("drift.drawing"), len(rows)) as advance:
        pixels = {row: shown for row in sorted(rows) if (shown := thumbnail(answers.data, row)) is not None}
        advance(len(rows))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return write_text(Path(into), render_drift(evaluation, answers, examples, pixels, run, made))


def render_drift(
    evaluation: Evaluation,
    answers: Answers,
    examples: Mapping[str, Sequence[int]],
    pixels: Mapping[int, Pixels],
    run: RunFolder | None,
    made: str,
) -> str:
    """The same as HTML; ``pixels``: row -> the picture, uint8 (H, W, C)."""
    drift = evaluation.drift
    names = dict(zip(answers.classes, display_names(answers.predictor.signature.names), strict=True))
    told = [html_sentence(one.key, **_safe(one)) for one in evaluation.sentences()]
    return _template().render(
        evaluation=evaluation,
        title=say(
            "drift.title",
            data=bounded(evaluation.origin, 60),
            model=bounded(run.name if run is not None else answers.predictor.name, 40),
        ),
        headline=told[0] if told else "",
        lines=told[1:],
        scales=_scales(drift),
        differs=_differs(drift),
        mix=_mix(drift),
        answered=[(names[key], n, n / max(1, evaluation.pictures)) for key, n in evaluation.answered_mix.items()],
        metrics=evaluation.metrics,
        commonest=trust.commonest(evaluation.metrics, list(names.values())) if evaluation.metrics else None,
        by_class=[(names[one.key], one) for one in evaluation.metrics.by_class] if evaluation.metrics else [],
        most_classes=MOST_CLASSES,
        examples={key: [row for row in rows if row in pixels] for key, rows in examples.items()},
        pixels=pixels,
        learnt=_of_run(run),
        file=lambda row: bounded(str(answers.data.where[int(row)]), 48),
        made=made,
        day=day_text(made),
        say=html_sentence,
        text=say,
        measure=measure_name,
        value=value_text,
        chance=chance_text,
        class_name=lambda key: names.get(str(key)) or DisplayName(str(key)),
    )


def thumbnail(data: Dataset, row: int) -> Pixels | None:
    """A picture, upright and in its own proportions, small; None where it cannot be read."""
    try:
        picture = data.read(row)
        levels = own_levels(picture)
        if isinstance(picture, np.ndarray):
            return as_bytes(picture, levels)
        image = decode(picture, data.where[row], at_least=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), levels=levels)
    except PictureError:
        return None
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return np.asarray(image)


def _safe(told: Sentence) -> dict[str, object]:
    return {name: bounded(value, 300) if isinstance(value, str) else value for name, value in told.values.items()}


def _evenly(rows: Sequence[int]) -> tuple[int, ...]:
    places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _SHOWN_AT_LEAST)).astype(int)) if rows else []
    return tuple(rows[place] for place in places)


def _of_run(run: RunFolder | None) -> list[Pixels]:
    try:
        samples = read_samples(run)[0] if run is not None else []
    except OlharError:
        return []
    return [samples[place].pixels for place in _evenly(range(len(samples)))][:_OF_RUN]


def _differs(drift: Drift | None) -> bool:
    """Whether anything does, be it a little: only then is there anything to be told of each measure."""
    return any(one.verdict in ("drifted", "little") for one in (drift.shifts if drift else ()))


def _scales(drift: Drift | None) -> list[tuple[Shift, ShiftScale | None]]:
    """The measures that have something to show: where nothing differs, those that are numbers."""
    shifts = drift.shifts if drift else ()
    return [(one, ShiftScale.of(one) if one.here else None) for one in shifts if one.here or _differs(drift)]


def _mix(drift: Drift | None) -> tuple[str, Iterable[tuple[str, float, float]]] | None:
    """Whether classes are labelled or answered, and the share of each here and there, the most unlike first."""
    found = next((one for one in (drift.shifts if drift else ()) if one.shares is not None), None)
    if found is None or found.shares is None:
        return None
    rows = sorted(((key, *pair) for key, pair in found.shares.items()), key=lambda row: -abs(row[1] - row[2]))
    return found.measure, rows[:MOST_CLASSES]


@cache
def _template() -> "Template":
    return environment().get_template("drift.html")
