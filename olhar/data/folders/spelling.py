"""Class names that differ by case or plural between two sides: matched where the mapping is one to one, else left alone."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.layout import plain

_WORD = 3
_PLURALS = (("ies", "y"), ("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"), ("es", ""), ("s", ""))


def spelled_alike(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """How ``names`` are spelled among ``known``, where the two differ by case or plural; empty where nothing is to be changed.

    Only where each name of the side that has fewer has exactly one partner, and no other name is near.

    Args:
        names: the class names of one side.
        known: those of the other, whose spelling is taken.
    """
    names, known = set(names), set(known)
    if names <= known:
        return {}
    by_case = _one_to_one(names, known, lambda name: {_bare(name)})
    return by_case or _one_to_one(names, known, lambda name: _singulars(_bare(name)))


def one_spelling(words: Sequence[str]) -> list[str]:
    """Words, those that differ by case and accents alone spelled as most of them are; not letters: ``A`` and ``a`` are two."""
    counts = Counter(words)
    by_form: dict[str, str] = {}
    for word in sorted(counts, key=lambda word: (counts[word], care_of(word), word)):
        by_form[plain(word) if len(word) >= _WORD else word] = word
    spelled = {word: by_form[plain(word) if len(word) >= _WORD else word] for word in counts}
    return [spelled[word] for word in words]


def care_of(name: str) -> tuple[int, bool, bool]:
    """How much of a name's spelling is left: accents, blanks, and letters that are not all large or small."""
    return sum(not letter.isascii() for letter in name), "_" not in name, not (name.isupper() or name.islower())


def _one_to_one(names: set[str], known: set[str], forms: Callable[[str], set[str]]) -> dict[str, str]:
    """The partner of each name that has one; empty where a name has several, or one of the smaller side has none."""
    by_form: dict[str, list[str]] = {}
    for other in sorted(known):
        for form in forms(other):
            by_form.setdefault(form, []).append(other)
    pairs = {name: sorted({other for form in forms(name) for other in by_form.get(form, ())}) for name in sorted(names)}
    partners = [other for found in pairs.values() for other in found]
    alone = all(len(found) <= 1 for found in pairs.values()) and len(set(partners)) == len(partners)
    whole = len(partners) == min(len(names), len(known))
    return {name: found[0] for name, found in pairs.items() if found and found[0] != name} if alone and whole else {}


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", plain(name)).strip()


def _singulars(name: str) -> set[str]:
    """What the name may be the plural of, and itself; a word of four letters at least, and not one in ``ss``."""
    found = {name}
    if len(name) > 3 and not name.endswith("ss"):
        found |= {name.removesuffix(end) + single for end, single in _PLURALS if name.endswith(end)}
    return found


def spelled_as(dataset: Dataset, known: Sequence[str], progress: Progress | None = None, names: Sequence[str] = ()) -> Dataset:
    """A dataset with its classes spelled as a model spells them, told once; itself where they agree or cannot be matched.

    Args:
        dataset: the pictures.
        known: the model's classes.
        progress: who is told.
        names: how the model shows each of them; they are matched where no class is.
    """
    spelling = spelled_alike(dataset.classes, known) or _shown_as(dataset.classes, known, names)
    if not spelling:
        return dataset
    if progress is not None:
        progress.line(sentence("reading.spelled", pairs=pairs_of(spelling)))
    renamed = [spelling.get(name, name) for name in dataset.classes]
    classes = tuple(sorted(renamed))
    places = np.array([classes.index(name) for name in renamed] + [UNLABELLED], dtype=np.int64)
    shown = dict(zip(renamed, dataset.names, strict=False))
    names = tuple(shown.get(name, name) for name in classes) if dataset.names else ()
    return replace(dataset, classes=classes, names=names, labels=places[dataset.labels])


def _shown_as(classes: Sequence[str], known: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The class of each name that a model shows in its place: people call their folders what they read on the screen."""
    if {*classes} & {*known} or len({*names}) != len(known):
        return {}
    class_of, spelling = dict(zip(names, known, strict=True)), spelled_alike(classes, names)
    return {name: class_of[shown] for name in classes if (shown := spelling.get(name, name)) in class_of}


def pairs_of(spelling: dict[str, str]) -> str:
    """``Cat = cat, Dog = dog``, the first few."""
    pairs = [f"{name} = {other}" for name, other in sorted(spelling.items())]
    return ", ".join(pairs[:3]) + (", ..." if len(pairs) > 3 else "")
