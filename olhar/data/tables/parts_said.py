"""Which part of a split a name says: ``Train.csv``, ``sign_mnist_test.csv``, ``trainLabels.csv``, ``ISIC_Training_Input``."""

import posixpath
import re
from functools import lru_cache

from olhar.data.dataset import Part
from olhar.data.layout import part_of, plain

_APART = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|[\W_]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)")
_MORE: dict[str, Part] = {
    **dict.fromkeys(("trainval", "trainlist", "trainset", "trainingset"), "train"),
    **dict.fromkeys(("vallist", "valset", "validationset"), "validation"),
    **dict.fromkeys(("testlist", "testset"), "test"),
}
_WHOLE: dict[str, Part] = {"tr": "train", "trn": "train", "te": "test", "tst": "test", "vl": "validation"}
"""Said by the whole name of a list alone."""


@lru_cache(4096)
def part_said(name: str) -> Part | None:
    """The one part that the words of a name say; None where they say none, or two."""
    words = [word for word in _APART.split(name) if word]
    said: set[Part] = {part for word in words if (part := _MORE.get(plain(word)) or part_of(word))}
    return said.pop() if len(said) == 1 else None


def part_of_table(path: str) -> Part | None:
    """The part that a table's name says, else its folder: ``train.csv``, ``train/metadata.csv``."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name.removesuffix(".gz"))[0]
    if (whole := _WHOLE.get(stem.casefold())) is not None:
        return whole
    steps = [stem, *reversed(folder.split("/"))]
    return next((part for step in steps if step and (part := part_said(step))), None)
