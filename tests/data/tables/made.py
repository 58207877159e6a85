"""Small sets as people have them: pictures by their paths, and tables beside them."""

import copy
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.progress import Quiet
from olhar.data.dataset import Dataset
from olhar.data.labelled import require_labelled
from tests.conftest import assert_says, encoded, noisy


def pictures(root: Path, paths: Iterable[str]) -> Path:
    """A picture at each path, no two alike."""
    for i, path in enumerate(paths):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(encoded(noisy((9, 99, 199), i + 1000, 4)))
    return root


def table(root: Path, name: str, rows: Iterable[Sequence[object]], separator: str = ",") -> Path:
    """A table of text."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("\n".join(separator.join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return root / name


def read(data: object, **options: str) -> Dataset:
    return require_labelled(olhar.read(data, progress=Quiet(), **options))  # pyright: ignore[reportArgumentType]


def counts(dataset: Dataset) -> Mapping[str, Mapping[str, int]]:
    """How many pictures each class has in each part; ``""`` is no part."""
    found: dict[str, Counter[str]] = {}
    for row in range(len(dataset)):
        found.setdefault(dataset.brought[row], Counter())[dataset.classes[dataset.labels[row]]] += 1
    return {part: dict(classes) for part, classes in found.items()}


def classes(dataset: Dataset) -> dict[str, str]:
    """The class of each picture by its name."""
    return {where: dataset.classes[label] for where, label in zip(dataset.where, dataset.labels.tolist(), strict=True)}


def told(dataset: Dataset) -> str:
    with olhar.base.texts.speaking("en"):
        return str(dataset.read_as)


def refused(data: object, *words: str, **options: str) -> DataError:
    """The error of data that is refused; it says all of ``words``."""
    with pytest.raises(DataError) as error:
        read(data, **options)
    assert_says(error, *words)
    return error.value


def damaged(value: Any, wild: Iterable[object], seed: int) -> Any:
    """A copy of a JSON value with ``wild`` things in the place of some of its own."""
    changed = copy.deepcopy(value)
    for odd in wild:
        places = [*_places(changed)]
        if places:
            container, key = random.Random(seed).choice(places)
            container[key] = copy.deepcopy(odd)
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place within a JSON value: the container, and the key or index in it."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from _places(value[key])
