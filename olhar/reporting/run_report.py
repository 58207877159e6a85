"""A finished run -> its Story and its report: what the run's files say, with no need of the pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from olhar.base.errors import RunError
from olhar.base.side_by_side import side_by_side
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, sentence, typed, undashed
from olhar.data.files.files import legible
from olhar.data.read_as import ReadAs
from olhar.evaluation.predictions import Predictions
from olhar.foreign.opening import Opening
from olhar.models.network_shape import is_own
from olhar.reporting import figures
from olhar.reporting.model_card import MODEL_CARD, model_card
from olhar.reporting.page import render
from olhar.reporting.story import Story
from olhar.runs import history
from olhar.runs.behind import BEHIND, Behind, read_behind
from olhar.runs.damage import damaged
from olhar.runs.folder import BASE, KEEP, RunFolder
from olhar.runs.head_record import OF_A_HEAD, OF_LAST_BLOCKS, HeadRecord
from olhar.runs.left_out import read_left_out
from olhar.runs.network import NETWORK, read_network
from olhar.runs.predicted import predictions_name, read_predictions
from olhar.runs.request import StoredRequest
from olhar.runs.results import Results, refuse_unlike, results
from olhar.runs.samples import Sample, read_samples, read_variations
from olhar.training.recipe import Recipe

T = TypeVar("T")
Kept = tuple[list[Sample], list[Sample]]
"""Samples and mistakes."""


def write_report(run: RunFolder, told: Story | None = None) -> Path:
    """Write ``report.html``, the figures and ``model-card.md`` into the run itself.

    Args:
        run: the run.
        told: its story, where that is known already.

    Raises:
        RunError: a file of the run is missing or damaged, or one cannot be written.
    """
    of_run = told or story(run)
    page, drawn = _drawn(of_run)
    for name, drawing in drawn.items():
        run.write(name, drawing)
    run.write(MODEL_CARD, model_card(of_run))
    return run.write("report.html", page)


def _drawn(of_run: Story) -> tuple[str, dict[str, bytes]]:
    """The page and the figures; side by side but for curves, as Matplotlib is not made for two threads."""
    if of_run.history:
        return render(of_run), figures.files(of_run)
    return side_by_side(lambda: render(of_run), lambda: figures.files(of_run))


def story(run: RunFolder) -> Story:
    """All that a finished run knows, in the form that a report shows.

    Raises:
        RunError: a file of it without which there is no report is missing or damaged.
    """
    numbers, request, signature = results(run), run.request(), run.signature()
    refuse_unlike(run, numbers, signature)
    lost: list[Sentence] = []
    samples, mistakes = _else(lost, "samples.npz", ([], []), lambda: _within(run, read_samples(run), signature))
    behind = _else(lost, BEHIND, Behind(), lambda: _behind(run, signature))
    return Story(
        name=run.name,
        signature=signature,
        recipe=_recipe(run.recipe(), numbers.head),
        environment=_else(lost, "environment.json", {}, lambda: _environment(run, numbers.head)),
        history=_else(lost, "history.jsonl", [], lambda: history.read(run)),
        kept=numbers.kept_epoch,
        counts=request.counts,
        metrics=numbers.metrics if numbers.judged else None,
        measured=numbers.measured,
        samples=samples,
        mistakes=mistakes if numbers.judged else [],
        variations=_else(lost, "variations.npz", [], lambda: read_variations(run)),
        findings=[*map(str, lost), *_read_as(request), *map(str, request.findings)],
        lost=lost,
        left_out=[picture.reason for picture in _else(lost, "left-out.csv", [], lambda: read_left_out(run))],
        agreement=numbers.agreement,
        made=numbers.made,
        where=_named(run.path),
        command=_command(request, _named(run.path), run.recipe().model),
        began_from=request.base.name if request.base else "",
        before=numbers.before,
        folds=numbers.folds,
        brought=bool(request.brought),
        head=numbers.head,
        learning_curve=numbers.curve,
        earlier=numbers.earlier,
        behind=behind if numbers.judged else Behind(),
        speed=numbers.speed,
        answered=numbers.answered,
        sets=numbers.sets,
        unlike=numbers.unlike if numbers.judged else None,
        predictions=_predictions(lost, run, numbers, signature) if numbers.judged else None,
        layers=_else(lost, NETWORK, None, lambda: read_network(run)) or (),
        asked=tuple(request.fields),
        check=_check(request),
        baselines=numbers.baselines if numbers.judged else (),
    )


def _predictions(lost: list[Sentence], run: RunFolder, numbers: Results, signature: Signature) -> Predictions | None:
    """The answers that the run is judged by."""
    name = predictions_name(numbers.measured)
    return _else(lost, name, None, lambda: read_predictions(run, numbers.measured, signature.classes))


def _check(request: StoredRequest) -> str:
    """The command that shows suspect labels side by side, where each can be mended."""
    words = ("olhar", "check", undashed(_named(Path(request.data))), *request.reading.flags, "--page", "check.html")
    return " ".join(map(typed, words))


def _read_as(request: StoredRequest) -> list[str]:
    """What the data was read as; nothing of a run from before that was kept."""
    read_as = ReadAs.from_record(request.read_as)
    return [read_as.statement()] if read_as else []


def _else(lost: list[Sentence], name: str, nothing: T, read: Callable[[], T]) -> T:
    """What a file of a run holds; where it is damaged ``nothing``, and a line in ``lost``."""
    try:
        return read()
    except RunError:
        lost.append(sentence("run.without", name=name))
        return nothing


def _within(run: RunFolder, kept: Kept, signature: Signature) -> Kept:
    """Samples and mistakes, once their classes are known to be some of the model's.

    Raises:
        RunError: they are not.
    """
    most = len(signature.classes)
    if any(not -1 <= index < most for part in kept for one in part for index in (one.label, one.predicted)):
        raise damaged(run.path, "samples.npz")
    return kept


def _behind(run: RunFolder, signature: Signature) -> Behind:
    """The pictures behind the numbers, once their classes are known to be some of the model's.

    Raises:
        RunError: they are not.
    """
    behind, most = read_behind(run), len(signature.classes)
    known = (one for part in (behind.unsure, behind.right, behind.unlike, behind.cells, behind.suspects) for one in part)
    if not all(0 <= index < most for one in known for index in (one.label, one.predicted)):
        raise damaged(run.path, BEHIND)
    return behind


def _environment(run: RunFolder, head: HeadRecord | None) -> dict[str, str]:
    """Versions and machine; torch is not told of a head alone, which learns without it."""
    untold = ("olhar", "torch") if head and head.last_blocks is None else ("olhar",)
    return {key: str(value) for key, value in run.read_json("environment.json").items() if key not in untold}


def _recipe(recipe: Recipe, head: HeadRecord | None) -> dict[str, Any]:
    """Every choice by name, of a head those alone that mean something to it; no place from the root."""
    of_head = (*OF_A_HEAD, *(name for name in OF_LAST_BLOCKS if head and head.last_blocks and name not in OF_A_HEAD))
    shown = {name: getattr(recipe, name) for name in (of_head if head else vars(recipe))}
    return shown | {name: _named(Path(shown[name])) for name in ("model", "split_from") if shown[name]}


def _named(path: Path) -> str:
    """How a person names a place; a path from the root, which tells of the machine and its owner, only by its last step."""
    return legible(path.name if path.is_absolute() else path.as_posix())


def _command(request: StoredRequest, where: str, model: str) -> str:
    """The command that trains the same again: by the run's own recipe, in which every choice stands.

    A network of the person's own is named anew: nobody else's recipe runs code. So is a file of theirs: it lies where they know.
    """
    own = _model(request, model)
    keep = ("--keep", f"{where}/{KEEP}") if request.keep else ()
    fold = ("--split-from", where) if request.fold is not None else ()
    named = any(key != name for key, name in request.names.items())
    names = ("--names", f"{where}/request.json") if named else ()
    opening = _opening(request.base.opening, where) if request.base else ()
    words = ("olhar", "train", undashed(_named(Path(request.data))), "--recipe", f"{where}/recipe.toml")
    return " ".join(map(typed, (*words, *own, *opening, *names, *keep, *fold, *request.reading.flags)))


def _model(request: StoredRequest, model: str) -> tuple[str, ...]:
    if request.went_on_from:
        return "--model", _named(Path(request.went_on_from))
    if Path(model).suffix.lower() == ".onnx":
        return "--model", _named(Path(model))
    return ("--model", model) if is_own(model) else ()


def _opening(opening: Opening, where: str) -> Iterator[str]:
    """What has to be said to open the Keras file that a run began from; its architecture lies in the run, too."""
    if opening.architecture is not None:
        yield from ("--architecture", f"{where}/{BASE}/{opening.architecture.name}")
    for layer, formula in opening.lambdas.items():
        yield from ("--lambda", f"{layer}={formula}")
