"""A finished run -> its Story and its report: what the run's files say, with no need of the pictures."""

from collections.abc import Iterator
from pathlib import Path

from olhar.base.texts import typed
from olhar.data.files.files import legible
from olhar.foreign.opening import Opening
from olhar.models.network_shape import is_own
from olhar.reporting import figures
from olhar.reporting.page import render
from olhar.reporting.story import Story
from olhar.runs import history
from olhar.runs.folder import BASE, KEEP, RunFolder
from olhar.runs.request import StoredRequest
from olhar.runs.results import results
from olhar.runs.samples import read_samples, read_variations


def write_report(run: RunFolder) -> Path:
    """Write ``report.html`` and the figures into the run itself.

    Raises:
        RunError: a file of the run is missing or damaged, or one cannot be written.
    """
    told = story(run)
    for name, drawing in figures.files(told).items():
        run.write(name, drawing)
    return run.write("report.html", render(told))


def story(run: RunFolder) -> Story:
    """All that a finished run knows, in the form that a report shows.

    Raises:
        RunError: a file of it is missing or damaged.
    """
    kept, asked = results(run), run.request()
    samples, mistakes = read_samples(run)
    recipe = run.recipe()
    return Story(
        name=run.name,
        signature=run.signature(),
        recipe=vars(recipe) | {"split_from": _named(Path(recipe.split_from)) if recipe.split_from else ""},
        environment={key: str(value) for key, value in run.read_json("environment.json").items() if key != "olhar"},
        history=history.read(run),
        kept=kept.kept_epoch,
        counts=asked.counts,
        metrics=kept.metrics,
        measured=kept.measured,
        samples=samples,
        mistakes=mistakes,
        variations=read_variations(run),
        findings=[str(finding) for finding in asked.findings],
        agreement=kept.agreement,
        made=kept.made,
        where=typed(_named(run.path)),
        command=_command(asked, _named(run.path), recipe.model),
        began_from=asked.base.name if asked.base else "",
        before=kept.before,
        folds=kept.folds,
        brought=bool(asked.brought),
    )


def _named(path: Path) -> str:
    """How a person names a place; a path from the root, which tells of the machine and its owner, only by its last step."""
    return legible(path.name if path.is_absolute() else path.as_posix())


def _command(asked: StoredRequest, where: str, model: str) -> str:
    """The command that trains the same again: by the run's own recipe, in which every choice stands.

    A network of the person's own is named anew: nobody else's recipe runs code.
    """
    own = ("--model", model) if is_own(model) else ()
    keep = ("--keep", f"{where}/{KEEP}") if asked.keep else ()
    fold = ("--split-from", where) if asked.fold is not None else ()
    named = any(key != name for key, name in asked.names.items())
    names = ("--names", f"{where}/request.json") if named else ()
    opening = _opening(asked.base.opening, where) if asked.base else ()
    words = ("olhar", "train", _named(Path(asked.data)), "--recipe", f"{where}/recipe.toml")
    return " ".join(map(typed, (*words, *own, *opening, *names, *keep, *fold)))


def _opening(opening: Opening, where: str) -> Iterator[str]:
    """What has to be said to open the Keras file that a run began from; its architecture lies in the run, too."""
    if opening.architecture is not None:
        yield from ("--architecture", f"{where}/{BASE}/{opening.architecture.name}")
    for layer, formula in opening.lambdas.items():
        yield from ("--lambda", f"{layer}={formula}")
