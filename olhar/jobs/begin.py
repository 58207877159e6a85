"""What a run's folder holds before its first step: what was asked, with what, and which picture is in which part."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from olhar.base.errors import RunError
from olhar.base.signature import Signature
from olhar.base.types import StrPath
from olhar.data.keep import Kept
from olhar.data.sets.catalogue import SETS
from olhar.exports.keep_as import KeepAs
from olhar.jobs.keep_list import keep_in
from olhar.jobs.prepare import Prepared
from olhar.runs.environment import environment
from olhar.runs.folder import RunFolder, is_several
from olhar.runs.split import to_csv

if TYPE_CHECKING:
    from olhar.networks.base_model import BaseModel


@dataclass(frozen=True)
class Asked:
    """What a person asked for.

    Attributes:
        data: as ``train`` took it.
        fields: of the recipe, by name.
        found: the pictures that take part.
        keep_as: where the best so far is kept too.
    """

    data: object
    fields: Mapping[str, Any]
    found: Kept
    keep_as: KeepAs | None = None


def write_start(run: RunFolder, prepared: Prepared, asked: Asked, **more: Any) -> None:
    """What was asked and with what; ``request.json``, by which a folder is known as a run, comes last."""
    run.write("signature.json", prepared.signature.to_json())
    run.write("recipe.toml", prepared.recipe.to_toml())
    run.write("split.csv", _split_csv(prepared))
    run.write_json("environment.json", dict(environment()))
    base = _keep_base(run, prepared.base) if prepared.base is not None else {}
    data = os.fspath(asked.data) if isinstance(asked.data, (str, os.PathLike)) else prepared.dataset.origin
    run.write_json(
        "request.json",
        {
            "data": str(data),
            "names": dict(zip(prepared.dataset.classes, prepared.dataset.names, strict=False)),
            "fields": dict(asked.fields),
            **base,
            **keep_in(run, asked.found),
            **({"keep_as": str(asked.keep_as.path)} if asked.keep_as else {}),
            "brought": sorted({*prepared.dataset.brought} - {""}),
            "counts": prepared.counts(),
            "findings": [finding.to_dict() for finding in (*asked.found.notices, *prepared.findings())],
            **more,
        },
    )


def _keep_base(run: RunFolder, base: "BaseModel") -> dict[str, Any]:
    from olhar.networks.base_file import keep_base

    return keep_base(run, base)


def refuse_other(run: RunFolder, prepared: Prepared) -> None:
    """See to it that a run that is gone on with has the pictures, the split and the classes that it began with.

    Raises:
        RunError: it has not.
    """
    was, now = run.read("split.csv").splitlines(), _split_csv(prepared).splitlines()
    if was != now or run.read("signature.json") != prepared.signature.to_json():
        apart = sorted(set(was) ^ set(now)) or [",".join(prepared.signature.names)]
        raise RunError("run.other_data", where=str(run.path), first=next(csv.reader(apart))[0])


def named_as_before(prepared: Prepared, run: RunFolder) -> Prepared:
    """A set by name tells its classes and licence in the language of the day; a run keeps those that it began with."""
    kept, now = Signature.from_json(run.read("signature.json"), str(run.path / "signature.json")), prepared.signature
    if prepared.dataset.origin not in SETS or kept.classes != now.classes:
        return prepared
    return replace(prepared, signature=replace(now, names=kept.names, licence=kept.licence))


def _split_csv(prepared: Prepared) -> str:
    classes, hashes, groups = prepared.dataset.classes, prepared.packed.hashes, prepared.division.groups
    alone = np.bincount(groups, minlength=len(groups))[groups] == 1
    return to_csv(
        (prepared.name(row), classes[label], part, hashes[row], b"" if alone[row] else hashes[group])
        for row, (label, part, group) in enumerate(zip(prepared.labels.tolist(), prepared.parts, groups.tolist(), strict=True))
    )


def as_the_first(prepared: Prepared, into: StrPath | None) -> Prepared:
    """What a seed after the first is prepared with, under the names that the first has.

    Raises:
        RunError: its pictures, classes or parts are not the first's: a mean over both would say nothing.
    """
    first = Path(prepared.recipe.split_from)
    if into is None or first.parent != Path(into).parent or not is_several(first.parent):
        return prepared
    prepared = named_as_before(prepared, RunFolder(first))
    refuse_other(RunFolder(first), prepared)
    return prepared
