"""What a person wants compared -> contenders, each with the runs or models of its seeds."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import say, sentence
from olhar.base.types import StrPath
from olhar.evaluation.compare.recipe_difference import FEW_SEEDS
from olhar.runs.folder import RunFolder, is_several
from olhar.studies.seeds import SeedsPlan

_OF_CHANCE = frozenset({"seed", "split_from", "minutes", "threads", "device"})
"""Fields of a recipe that runs of one recipe may have each its own: seeds, and what a machine has."""


@dataclass(frozen=True)
class NamedContender:
    """A contender before anything is read of it.

    Attributes:
        name: as it is shown.
        places: the run folder or model file of each seed.
    """

    name: str
    places: tuple[Path, ...]


def contenders(given: Sequence[StrPath | Sequence[StrPath]], *, by_recipe: bool, progress: Progress) -> list[NamedContender]:
    """Who is compared with whom.

    Args:
        given: a run, a folder of several seeds, a model file; or several runs that are taken together.
        by_recipe: runs whose recipes differ in the seed alone are taken together.
        progress: where to tell which were.

    Raises:
        UsageError: fewer than two, one of them twice, or one of a single seed beside one of several.
        RunError: a folder is no run, or damaged.
    """
    places = [_places(one) for one in given]
    if not places:
        raise UsageError("cli.missing", name=sentence("cli.word.run"))
    if by_recipe:
        places = _by_recipe(places, progress)
    if len(places) < 2:
        raise UsageError("compare.one", found=", ".join(str(path) for group in places for path in group))
    _refuse_twice(places)
    _refuse_unlike(places)
    return [NamedContender(name, group) for name, group in zip(_names(places), places, strict=True)]


def is_run(path: Path) -> bool:
    """Whether it is a run folder, and not a model file."""
    return path.is_dir() and RunFolder(path).begun


def _places(given: StrPath | Sequence[StrPath]) -> tuple[Path, ...]:
    if not isinstance(given, (str, os.PathLike)):
        return tuple(place for one in given for place in _places(one))
    path = Path(given).expanduser()
    if not is_several(path):
        return (path,)
    return tuple(path / f"seed-{seed}" for seed in SeedsPlan.read(RunFolder(path)).seeds)


def _by_recipe(places: Sequence[tuple[Path, ...]], progress: Progress) -> list[tuple[Path, ...]]:
    groups: dict[str, list[Path]] = {}
    for place in (place for group in places for place in group):
        groups.setdefault(_recipe_of(place), []).append(place)
    found = [tuple(group) for group in groups.values()]
    if len(found) < 2 or min(map(len, found)) < FEW_SEEDS:
        everyone = [place for group in found for place in group]
        raise UsageError("compare.one_recipe", first=str(everyone[0]), last=str(everyone[-1]), n=len(everyone))
    for name, group in zip(_names(found), found, strict=True):
        progress.line(sentence("compare.together", name=name, n=len(group)))
    return found


def _recipe_of(place: Path) -> str:
    """All that makes runs of one recipe: its fields but the seed, and the classes."""
    run = RunFolder.open(place)
    fields = {name: value for name, value in vars(run.recipe()).items() if name not in _OF_CHANCE}
    return repr((sorted(fields.items()), run.signature().classes))


def _refuse_twice(places: Sequence[tuple[Path, ...]]) -> None:
    seen: set[Path] = set()
    for place in (place for group in places for place in group):
        if place.resolve() in seen:
            raise UsageError("compare.twice", where=str(place))
        seen.add(place.resolve())


def _refuse_unlike(places: Sequence[tuple[Path, ...]]) -> None:
    """Models are compared with models, and recipes, of several seeds each, with recipes."""
    fewest = min(places, key=len)
    if len(max(places, key=len)) == 1 or len(fewest) >= FEW_SEEDS:
        return
    found = sentence("compare.seeds_found", n=len(fewest))
    raise UsageError("compare.seeds", where=str(_together(fewest)), found=found, run=str(max(places, key=len)[0]))


def _together(group: tuple[Path, ...]) -> Path:
    """The folder of several seeds, or the first run of a group."""
    first, *others = group
    return first.parent if others and is_several(first.parent) else first


def _names(places: Sequence[tuple[Path, ...]]) -> list[str]:
    """The shortest that tell them apart: a folder's own name, or the whole path where two would be alike."""
    short = [_name(group, whole=False) for group in places]
    if len(set(short)) == len(short):
        return short
    return [_name(group, whole=True) for group in places]


def _name(group: tuple[Path, ...], *, whole: bool) -> str:
    above = _together(group)
    if len(group) == 1 or above != group[0]:
        return str(above) if whole else RunFolder(above).full_name
    first, last = (str(place) if whole else RunFolder(place).full_name for place in (group[0], group[-1]))
    return str(sentence("compare.names", first=first, last=last))


def refuse_files(named: Sequence[NamedContender]) -> None:
    """See to it that all are runs, which keep answers of their own.

    Raises:
        UsageError: a model file.
        RunError: there is no such run.
    """
    for place in (place for one in named for place in one.places):
        if not place.exists():
            raise RunError("run.missing", where=str(place))
        if not is_run(place) and place.is_file():
            raise UsageError("compare.needs_data", where=str(place))


def counted(left_out: dict[str, int]) -> str:
    """Why pictures were left out, in a few words each, most first."""
    parts = [sentence(f"compare.why.{reason}", n=n) for reason, n in left_out.items()]
    return ", ".join(map(str, parts)) or say("compare.why.nothing")
