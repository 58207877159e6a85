"""What a run's folder holds before its first step: what was asked, with what, and which picture is in which part."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from olhar.base.cells import unguarded
from olhar.base.errors import RunError
from olhar.base.types import StrPath
from olhar.data.keep_list import KeptPictures
from olhar.data.sets.catalogue import SETS
from olhar.jobs.going_on import earlier_run
from olhar.jobs.keep_list import write_keep
from olhar.jobs.prepare import Prepared
from olhar.runs.environment import environment
from olhar.runs.folder import REQUEST, RunFolder, is_several
from olhar.runs.left_out import write_left_out
from olhar.runs.request import BaseFile, Request, StoredRequest
from olhar.runs.split import rows as split_rows
from olhar.runs.split import to_csv

if TYPE_CHECKING:
    from olhar.networks.base_model import BaseModel


def write_start(
    run: RunFolder,
    prepared: Prepared,
    request: Request,
    listed: KeptPictures,
    *,
    folds_seed: int | None = None,
    fold: int | None = None,
) -> None:
    """What was asked and with what; ``request.json``, by which a folder is known as a run, comes last.

    Args:
        run: its folder.
        prepared: the pictures and the resolved recipe.
        request: what was asked.
        listed: the pictures that take part, and the keep list that says so.
        folds_seed: the seed that dealt the folds of the run.
        fold: which fold of another run this is.
    """
    run.write("signature.json", prepared.signature.to_json())
    run.write("recipe.toml", prepared.recipe.to_toml())
    run.write("split.csv", _split_csv(prepared))
    write_left_out(run, prepared.packed.bad)
    run.write_json("environment.json", dict(environment()))
    dataset = prepared.dataset
    record = StoredRequest(
        data=request.data_path or dataset.origin,
        names=dict(zip(dataset.classes, dataset.names, strict=False)),
        fields=request.fields,
        base=_keep_base(run, prepared.base) if prepared.base is not None else None,
        keep=write_keep(run, listed.keep_list),
        keep_as=str(request.keep_as) if request.keep_as else "",
        learning_curve=request.learning_curve,
        brought=tuple(sorted({*dataset.brought} - {""})),
        counts=prepared.counts(),
        findings=(*listed.notices, *(prepared.base.told if prepared.base is not None else ()), *prepared.findings()),
        folds_seed=folds_seed,
        fold=fold,
        reading=request.reading,
        read_as=dataset.read_as.to_record(),
        went_on_from=str(request.explicit_fields["model"]) if _goes_on(request) else "",
    )
    run.write_json(REQUEST, record.to_dict())


def _goes_on(request: Request) -> bool:
    return earlier_run(str(request.explicit_fields.get("model", ""))) is not None


def _keep_base(run: RunFolder, base: "BaseModel") -> BaseFile:
    """What opens such files is imported only then, as it takes its time."""
    from olhar.networks.base_file import keep_base

    return keep_base(run, base)


def refuse_other(run: RunFolder, prepared: Prepared) -> None:
    """See to it that a run that is gone on with has the pictures, the split and the classes that it began with.

    Raises:
        RunError: it has not, or what it keeps of them is damaged.
        ModelError: its signature wants pixels by a rule that this version does not know.
    """
    split_rows(run)
    split_then, split_now = _plain_rows(run.read("split.csv")), _plain_rows(_split_csv(prepared))
    later = dict.fromkeys(("at_least", "threshold", "prediction_sets", "set_threshold"), 0.0)  # of the end of a training
    signature = replace(run.signature(), **later)
    if split_then != split_now or signature != prepared.signature:
        apart = sorted(set(split_then) ^ set(split_now)) or [prepared.signature.names]
        raise RunError("run.other_data", where=str(run.path), first="".join(apart[0][:1]))


def _plain_rows(split: str) -> list[tuple[str, ...]]:
    """The rows of a split, their cells as they were meant: of the first versions none is guarded."""
    return [tuple(map(unguarded, row)) for row in csv.reader(io.StringIO(split, newline=""))]


def named_as_before(prepared: Prepared, run: RunFolder) -> Prepared:
    """A set by name tells its classes and licence in the language of the day; a run keeps those that it began with."""
    earlier, signature = run.signature(), prepared.signature
    if prepared.dataset.origin not in SETS or earlier.classes != signature.classes:
        return prepared
    return replace(prepared, signature=replace(signature, names=earlier.names, licence=earlier.licence))


def _split_csv(prepared: Prepared) -> str:
    classes, hashes, groups = prepared.dataset.classes, prepared.packed.hashes, prepared.division.groups
    alone = np.bincount(groups, minlength=len(groups))[groups] == 1
    return to_csv(
        (prepared.name(row), classes[label], part, hashes[row], b"" if alone[row] else hashes[group])
        for row, (label, part, group) in enumerate(zip(prepared.labels.tolist(), prepared.parts, groups.tolist(), strict=True))
    )


def matched_to_first_seed(prepared: Prepared, into: StrPath | None) -> Prepared:
    """Check that a later seed has the pictures, classes and parts of the first, and give it the first one's class names.

    Raises:
        RunError: its pictures, classes or parts are not the first's: a mean over both would say nothing.
    """
    first = Path(prepared.recipe.split_from)
    if into is None or first.parent != Path(into).parent or not is_several(first.parent):
        return prepared
    prepared = named_as_before(prepared, RunFolder(first))
    refuse_other(RunFolder(first), prepared)
    return prepared
