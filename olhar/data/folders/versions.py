"""Words in the names of class folders: what is a class once more in another version, and which part of a class it is."""

from collections.abc import Mapping, Sequence

from olhar.data.dataset import Part
from olhar.data.folders.found import Found, Place
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import how_made, is_augmented, is_original, part_said, tokens, without_fillers

Words = tuple[str, ...]


def pass_over_versions(root: Folder, found: Found) -> None:
    """``cats_augmented`` beside ``cats``; ``cats (cropped)`` beside ``cats (original)``, if each class has the same versions."""
    split = {kid: how_made(kid.name) for kid in root.kids}
    versions: dict[Words, dict[Words, Folder]] = {}
    for kid, (words, how) in split.items():
        versions.setdefault(words, {})[how] = kid
    originals = {words for words, kids in versions.items() if words and any(map(_is_original, kids))}
    augmented = [kid for kid, (words, how) in split.items() if words in originals and how and is_augmented(kid.name)]
    alike = len(versions) > 1 and originals == {*versions} and len({frozenset(kids) for kids in versions.values()}) == 1
    others = [kid for kid, (_, how) in split.items() if alike and not _is_original(how) and kid not in augmented]
    for kid in augmented:
        found.pass_over(kid, "reading.why_augmented")
    for kid in others:
        found.pass_over(kid, "reading.why_variant")
    root.without([*augmented, *others])


def _is_original(how: Words) -> bool:
    return all(map(is_original, how))


def parts_of_classes(root: Folder) -> list[Place] | None:
    """``cats_train``, ``dogs_train``, ``cats_test``: a part and a class in each name, or none of a part where that is training.

    None where training has not two classes at least and all of the others.
    """
    said: list[tuple[Folder, Part | None, str]] = [(kid, part_said(kid.name), _without_part(kid.name)) for kid in root.kids]
    if root.pictures or any(not _holds_pictures(kid) or not name for kid, _, name in said):
        return None
    if not all(how_made(name)[0] for _, _, name in said) or _differ_in_how([name for _, _, name in said]):
        return None
    training = _one_spelling([name for _, part, name in said if part in (None, "train")])
    others = [name for _, part, name in said if part not in (None, "train")]
    named = any(part == "train" for _, part, _ in said)
    if len(training) < 2 or not others or any(name.casefold() not in training for name in others):
        return None
    if named and any(part is None for _, part, _ in said):
        return None
    return [Place(kid, part or "train", training[name.casefold()]) for kid, part, name in said]


def _differ_in_how(names: Sequence[str]) -> bool:
    """Whether names differ in words alone that say how pictures were made: ``DIV2K_HR``, ``DIV2K_LR_bicubic_X2``."""
    shown = [tuple(word for word in how_made(name)[0] if len(word) > 1 and not word.isdigit()) for name in names]
    return len({*names}) > 1 and len({*shown}) == 1


def _holds_pictures(folder: Folder) -> bool:
    inner = content(folder)
    return inner.flat or (not inner.pictures and len(inner.folders) == 1)


def _without_part(name: str) -> str:
    """The name without its word for a part, and words that say no more than pictures: ``cats`` of ``cats_test_images``."""
    if part_said(name) is None:
        return name
    rest = without_fillers([step for step in _steps(name) if part_said(step) is None])
    return ("_" if "_" in name else " ").join(rest) if any(len(step) > 1 for step in rest) else ""


def _steps(name: str) -> list[str]:
    return [step for step in name.replace("_", " ").replace("-", " ").split() if tokens(step)]


def _one_spelling(names: Sequence[str]) -> Mapping[str, str]:
    return {name.casefold(): name for name in names}
