"""tune: many short trainings, judged on validation pictures alone -> the choices that did best, as a recipe file."""

from collections.abc import Mapping
from typing import Any, Unpack

from olhar.base.errors import UsageError
from olhar.base.extras import need
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.spellings import spelled_fields
from olhar.base.types import StrPath
from olhar.data.read_options import OPTIONS, ReadOptions, without_options
from olhar.networks.own_network import with_own
from olhar.runs.request import Request
from olhar.studies.tuning import run_tuning
from olhar.studies.tuning_result import Search
from olhar.training.recipe import FIELDS, Recipe
from olhar.training.recipe_fields import TuneFields
from olhar.verbs.on import runner_on


@tells_paths
def tune(  # noqa: PLR0913 (each is a flag)
    data: Any = None,
    *,
    minutes: float | None = None,
    into: StrPath | None = None,
    resume: bool = False,
    recipe: Recipe | StrPath | None = None,
    ranges: Mapping[str, Any] | None = None,
    keep: StrPath | None = None,
    progress: Progress | None = None,
    on: str | None = None,
    without_token: bool = False,
    **fields: Unpack[TuneFields],
) -> Search:
    """Look for better choices: short trainings on the training pictures, judged on those of validation; no test picture is used.

    Args:
        data: what ``olhar.train`` takes; with ``resume`` it may be left out.
        minutes: the time that it may take, ten by default; with ``resume``, so many more.
        into: the folder of the tuning; by default ``runs/DATA-tune-N``.
        resume: go on with the tuning ``into`` where it stopped.
        recipe: what all trials share; its file may name ranges in a table ``[tune]``.
        ranges: what may be chosen, by field: two numbers are the ends of a range, a list is what to choose from. By default
            rate, network, width, depth, dropout and augmentation.
        keep: a keep list, as ``train`` takes it.
        progress: where to tell how far it is.
        on: where trials are trained, several at once, as for ``train``; None: here, one after the other. What several at once
            try hangs on the order in which they come to their end.
        without_token: take a cluster that lets anybody in.
        fields: fields of ``Recipe`` that all trials share; ``epochs`` is how long a trial is, else it goes by the time. Also
            what ``olhar.read`` takes to read the data (``layout`` ...).

    Raises:
        ExtraError: Optuna is not installed, or Ray, with ``on``.
        UsageError: no time to take, or ``on`` is no cluster that can be used.
        RecipeError: what is to be chosen from is no field, or cannot be chosen; the recipe and the pictures do not go together.
        DataError: the pictures cannot be read, or cannot teach.
        RunError: ``into`` is taken, or is no tuning to go on with; or the folder cannot be written.
        Stopped: Ctrl-C; the tuning can go on with ``resume``.
    """
    need("tune", "tune")
    progress = progress or default_progress()
    if minutes is not None and minutes <= 0:
        raise UsageError("tune.minutes", found=f"{minutes:g}")
    request = with_own(_request(data, keep, recipe, fields), progress)
    with runner_on(on, progress, without_token=without_token, verb="tune") as runner:
        return run_tuning(request, minutes, into, ranges, resume=resume, progress=progress, runner=runner)


def _request(data: Any, keep: StrPath | None, recipe: Recipe | StrPath | None, fields: Mapping[str, Any]) -> Request:
    named = spelled_fields(fields, (*FIELDS, *OPTIONS))
    reading = ReadOptions.from_dict(named)
    return Request(data=data, keep=keep, recipe=recipe, fields=without_options(named), reading=reading)
