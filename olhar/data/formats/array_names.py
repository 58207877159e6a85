"""What the name of an array, or of a file that holds one, says: pictures or classes, of which part, of which set.

``x_train``, ``train_images``, ``kmnist-test-labels.npz:arr_0``, ``train_set_x``, ``camelyonpatch_level_2_split_valid_y.h5:y``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from olhar.data.dataset import Brought, Part
from olhar.data.layout import part_of, plain

ArrayRole = Literal["pictures", "labels", "parts", "groups", "names"]

ROLES: dict[str, ArrayRole] = {
    **dict.fromkeys(("x", "images", "image", "imgs", "img", "pixels", "pictures", "data", "features", "arr_0"), "pictures"),
    **dict.fromkeys(("y", "labels", "label", "targets", "target", "ans", "answers", "lbls", "fine_labels", "arr_1"), "labels"),
    "fea": "pictures",
    "gnd": "labels",
    **dict.fromkeys(("split", "splits", "part", "parts"), "parts"),
    **dict.fromkeys(("groups", "group"), "groups"),
    **dict.fromkeys(("class_names", "label_names", "target_names", "classes", "names", "list_classes", "classnames"), "names"),
}  # fmt: skip
_UNNAMED = ("arr_0", "data", "array", "arr", "dataset")
"""Names under which programs save an array that they have none for: the file's name says what it is."""
_FILLERS = ("set", "split", "dataset", "orig", "raw")
_SIZE = re.compile(r"\d+(x\d+)*")


@dataclass(frozen=True)
class ArrayMeaning:
    """What an array holds, and the part that it is of, or ``""``."""

    role: ArrayRole
    part: Brought


def meaning(name: str) -> tuple[ArrayRole, Brought] | None:
    """What the array of a name is, and the part that it is of: ``x_train`` and ``train_images`` are pictures to learn from."""
    words = _words(name)
    parts: list[Part | None] = [part_of(word) for word in words]
    rest = [word for word, part in zip(words, parts, strict=True) if part is None]
    part: Brought = next(filter(None, parts), None) or ""
    role = ROLES.get("_".join(rest)) or ROLES.get("_".join(word for word in rest if word not in _FILLERS))
    return (role, part) if role else None


def meaning_in_file(file: str, name: str, alone: bool) -> ArrayMeaning | None:
    """What an array is by its own name and by those of its file and folders, which may say what its own leaves open.

    Args:
        file: the file's path, without its endings.
        name: the array's name in it; empty where the file keeps no names.
        alone: whether it is the only array of the file.
    """
    own, words = meaning(name.replace(".", "_")), _path_words(file)
    part = _last_part(words)
    if alone and (own is None or name.lower() in _UNNAMED):
        role = _role_at_end([word for word in words if _part(word) is None and not _means_nothing(word)])
        if role is not None:
            return ArrayMeaning(role, part)
    return ArrayMeaning(own[0], own[1] or part) if own is not None else None


def stem_of(file: str) -> str:
    """What a file's name says of the set: its words without parts, roles and numbers."""
    words = [word for word in _path_words(file) if word not in ROLES and _part(word) is None and not _means_nothing(word)]
    return "-".join(words)


def _role_at_end(words: Sequence[str]) -> ArrayRole | None:
    """The role that the last words of a file's name say."""
    return ROLES.get("_".join(words[-2:])) or (ROLES.get(words[-1]) if words else None)


def _last_part(words: Sequence[str]) -> Brought:
    """The part that the last of the words which say one says."""
    for word in reversed(words):
        part = _part(word)
        if part is not None:
            return part
    return ""


def _part(word: str) -> Part | None:
    return "test" if word == "t10k" else part_of(word)


def _means_nothing(word: str) -> bool:
    return word in _FILLERS or _SIZE.fullmatch(word) is not None


def _path_words(file: str) -> list[str]:
    words = [word for step in file.split("/") for word in _words(step)]
    return ["train", *words] if "data_batch" in file else words  # CIFAR's training pictures, as its makers call them


def _words(name: str) -> list[str]:
    """``X_train``, ``trainImages`` and ``train images`` as words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[-_./ ]+", plain(apart)) if word]
