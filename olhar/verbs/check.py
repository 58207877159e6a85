"""check: what is wrong with the pictures, before a minute is spent on training."""

from collections.abc import Collection
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from olhar.base.files import refuse_unwritable
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.runner import Runner
from olhar.base.signature import Fit
from olhar.base.texts import say, typed, undashed
from olhar.base.types import StrPath
from olhar.data.cache.near import near
from olhar.data.checks.audit import BY_FEATURES, DEEP, Audit, audit
from olhar.data.checks.check import Evidence
from olhar.data.checks.findings import Finding
from olhar.data.checks.survey import survey, with_copies_by_features
from olhar.data.dataset import Dataset
from olhar.data.keep_list import KeepList
from olhar.data.read_options import ReadKeywords, ReadOptions
from olhar.data.sources import read
from olhar.jobs.keep_list import taking_part
from olhar.training.recipe import Recipe
from olhar.verbs.on import runner_on


@tells_paths
def check(  # noqa: PLR0913 (each is a flag)
    data: StrPath | Dataset,
    *,
    deep: bool = False,
    minutes: float = 0,
    fit: Fit = "stretch",
    size: int = 0,
    ignore: Collection[str] = (),
    keep: StrPath | KeepList | None = None,
    page: StrPath | None = None,
    write_keep: StrPath | None = None,
    features: NDArray[np.floating] | None = None,
    progress: Progress | None = None,
    on: str | None = None,
    without_token: bool = False,
    **reading: Unpack[ReadKeywords],
) -> Audit:
    """Look at every picture once and say what is wrong. The pictures are never touched.

    Args:
        data: a folder, a zip, the name of a set, or what ``olhar.read`` gave.
        deep: look at all pictures through the body, however long it takes, and not at a sample; where that knows little of
            such pictures, train quick networks too, which judge labels and borders.
        minutes: the most that these may take; 0 leaves it at ten.
        fit: how pictures will be brought to the network's shape: ``stretch``, ``crop`` or ``pad``.
        size: side of the network's picture in pixels, where it is known.
        ignore: codes of checks to leave out (``["CHK012"]``).
        keep: a keep list, or its file: only what it lists is looked at, with its labels.
        page: write what was found to this HTML file, with the pictures side by side.
        write_keep: write a keep list to this CSV file: all but unreadable pictures and further copies within a class.
        features: float (N, F), a row a picture of the data, such as a network's: near copies are those whose features agree, in
            place of those that look alike as thumbnails.
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.
        on: where pictures are looked at through the body, and networks are trained, as for ``predict``; None: here. The quick
            checks are made here.
        without_token: take a cluster that lets anybody in.
        reading: how the data is to be read, as ``olhar.read`` takes it (``layout`` ...).

    Returns:
        The outcome of each check, with the pictures that it is about.

    Raises:
        DataError: the data or the keep list cannot be read, or a file cannot be written.
        RecipeError: no such way to fit, or size.
        UsageError: no such check to leave out, features that are not a row a picture, or ``on`` is no cluster that can be used.
        ExtraError: Ray is not installed.
        Stopped: Ctrl-C, with ``on``.
    """
    Recipe().with_({"fit": fit, "size": size, "minutes": minutes})
    progress = progress or default_progress()
    dataset = taking_part(near(read(data, progress=progress, **reading), progress), keep, progress).dataset
    for file in filter(None, (page, write_keep)):
        refuse_unwritable(file)
    looks = survey(dataset, progress)
    if features is not None:
        looks = with_copies_by_features(looks, np.asarray(features), len(dataset), progress)
    evidence = Evidence(dataset, looks, fit, size, dataset.mirrorable)
    audited = audit(evidence, ignore)
    with runner_on(on, progress, without_token=without_token, verb="check") as runner:
        audited = _seen(audited, deep, minutes, ignore, progress, runner)
    if page:
        from olhar.reporting.check_pictures import write_page

        write_page(audited, page, progress, _training(data, ReadOptions.from_dict(reading)))
    if write_keep:
        from olhar.data.checks.keep_suggestion import write_keep_suggestion

        write_keep_suggestion(audited, write_keep)
    return audited


def _training(data: StrPath | Dataset, said: ReadOptions) -> str:
    """The command that learns from the data."""
    named = say("cli.word.data") if isinstance(data, Dataset) else _named(data, say("cli.word.data"))
    flags = {flag: typed(value) for flag, value in zip(said.flags[::2], said.flags[1::2], strict=True)}
    for part, place in (("validation", said.validation), ("test", said.test)):
        if place:
            flags[f"--{part}"] = _named(place, say(f"train.part_{part}").upper())
    return " ".join(("olhar train", named, *(f"{flag} {value}" for flag, value in flags.items())))


def _named(place: StrPath, word: str) -> str:
    """A place as it was typed, or a word for it: where data lies on this machine stays out of a page that others may open."""
    return word if Path(place).is_absolute() else typed(undashed(str(place)))


def _seen(audited: Audit, deep: bool, minutes: float, ignore: Collection[str], progress: Progress, runner: Runner) -> Audit:
    """With what features say, and where asked for, networks that learn from nothing."""
    left_out, codes = {code.upper() for code in ignore}, {*BY_FEATURES, *(DEEP if deep else ())}
    if left_out.issuperset(codes):
        return audited.plus(*(Finding(code, "ignored") for code in codes))
    from olhar.studies.by_features import by_features

    seen = by_features(audited, progress, everything=deep, runner=runner)
    findings = seen.findings
    if deep:
        from olhar.studies.deep_check import deepened

        findings = deepened(audited, seen, minutes, progress, runner)
    return audited.plus(*(Finding(finding.code, "ignored") if finding.code in left_out else finding for finding in findings))
