"""Parts that a tree of folders brings: which folder is for training, validation, test, and what lies beside them."""

from collections.abc import Sequence
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.data.dataset import Part
from olhar.data.folders.found import Found, Place, listed, reading_of, together
from olhar.data.folders.sides import Side, sides_of
from olhar.data.folders.stems import classes_in_names, named_after
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import (
    is_augmented,
    is_container,
    is_set,
    part_alone,
    part_said,
    part_word,
    tokens,
    words_beside_part,
)
from olhar.data.folders.wrappers import repeats


def read_parts(root: Folder, found: Found) -> list[tuple[Part, Folder]] | None:
    """Rule 4: the parts, each with the folder that holds its classes; None where there are none.

    Raises:
        DataError: two folders say training, or nothing says whether a folder is a part or a class.
    """
    sides = _without_augmented(_without_repeats(sides_of(root), found), found)
    training = [side for side in sides if side.part == "train" and _teaches(side, sides, found)]
    if len(training) > 1 and not _are_shares(training):
        raise _two_trainings(training, found)
    if not training:
        return _without_training(root, sides, found)
    return _around(training, root, sides, found)


def _without_repeats(sides: Sequence[Side], found: Found) -> list[Side]:
    """``valid_mini`` beside ``valid`` that holds nothing but what it holds too is passed over, of whatever part both are."""
    by_count = sorted((side for side in sides if side.part and side.classes), key=lambda side: side.folder.count, reverse=True)
    kept = list[Side]()
    for side in by_count:
        if any(side.part == more.part and repeats(more.inner, side.inner, found) for more in kept):
            found.pass_over(side.folder, "reading.why_copy")
        else:
            kept.append(side)
    return [side for side in sides if side in kept or side not in by_count]


def _without_augmented(sides: Sequence[Side], found: Found) -> Sequence[Side]:
    """``train_aug`` beside ``train`` with the same classes is passed over."""
    originals = [side for side in sides if side.part == "train" and side.classes and not is_augmented(side.folder.name)]
    made = [side for side in sides if side.part == "train" and is_augmented(side.folder.name) and originals]
    made = [side for side in made if len(originals) == 1 and side.names <= originals[0].names]
    for side in made:
        found.pass_over(side.folder, "reading.why_augmented")
    return [side for side in sides if side not in made]


def _teaches(side: Side, sides: Sequence[Side], found: Found) -> bool:
    """Whether it holds two classes, one that another part has too, or pictures whose names carry classes."""
    if len(side.classes) > 1:
        return True
    others = {name.casefold() for other in sides if other is not side and other.part for name in other.names}
    if any(kid.name.casefold() in others for kid in side.classes):
        return True
    spoken_of = len({other.part for other in sides if other.part}) > 1 or all(other.part for other in sides)
    return not side.classes and spoken_of and classes_in_names(found.names(side.inner.rows())) is not None


def _are_shares(training: Sequence[Side]) -> bool:
    """Whether training lies in folders that a number tells apart, each with its own classes: ``train.X1``, ``train.X2``."""
    words = {tuple(word for word in tokens(side.folder.name) if not word.isdigit()) for side in training}
    names = [name for side in training for name in side.names]
    return len(words) == 1 and all(side.classes for side in training) and len({*names}) == len(names)


def _around(shares: Sequence[Side], root: Folder, sides: Sequence[Side], found: Found) -> list[tuple[Part, Folder]] | None:
    """The parts around the folder for training, or its several shares."""
    training = replace(shares[0], classes=tuple(kid for side in shares for kid in side.classes))
    others = [side for side in sides if side not in shares]
    if not any(side.part for side in others):
        if not part_alone(training.folder.name):
            return None
        unlike = [side for side in others if len(side.classes) > 1]
        if unlike or len(others) > 1:
            raise _part_or_class(root, training, found)
    elif not training.classes and all(side.folder.flat for side in sides) and not part_alone(training.folder.name):
        return None
    parts: list[tuple[Part, Folder]] = [("train", _taught(training, found)), *(("train", side.inner) for side in shares[1:])]
    for side in others:
        if side.part is None:
            found.pass_over(side.folder, "reading.why_no_part")
        elif side.part == "train" or not _joins(side, training, found):
            found.pass_over(side.folder, "reading.why_no_class")
        else:
            parts.append((side.part, side.inner))
    return parts


def _taught(training: Side, found: Found) -> Folder:
    """The training part; where its names carry the classes, they are known from here on."""
    if not training.classes:
        rows = list(training.inner.rows())
        classes = classes_in_names(found.names(rows)) or ()
        found.named.update(zip(rows, classes, strict=False))
        found.note("reading.from_names", place=training.folder.path)
    return training.inner


def _joins(side: Side, training: Side, found: Found) -> bool:
    """Whether a part has classes: folders of them, or names that carry those of training."""
    if side.classes and not _placeholder(side, training):
        return True
    rows = list(side.inner.rows())
    known = training.names or set(found.named.values())
    classes = named_after(found.names(rows), known) or classes_in_names(found.names(rows))
    if classes is None or not known.issuperset(classes):
        return False
    found.named.update(zip(rows, classes, strict=True))
    found.note("reading.from_names", place=side.folder.path)
    return True


def _placeholder(side: Side, training: Side) -> bool:
    """Whether the one folder of a part stands for no class, as some programs ask for one: ``test/0`` beside classes of words."""
    strange = len(side.classes) == 1 and not side.names & training.names
    return strange and side.classes[0].name.isdigit() and not any(name.isdigit() for name in training.names)


def _without_training(root: Folder, sides: Sequence[Side], found: Found) -> list[tuple[Part, Folder]] | None:
    """No folder for training with classes: parts without classes, one folder that tests do not name, or no parts."""
    sides = _without_class_words(sides)
    said = [side for side in sides if side.part]
    rest = [side for side in sides if not side.part]
    kinds = {side.part for side in said}
    if not said or (len(sides) == 1 and not part_alone(sides[0].folder.name)):
        return None
    if "train" in kinds and (len(kinds) > 1 or not rest):
        return _without_classes(sides, found)
    if "train" in kinds or all(side.folder.flat for side in sides):
        return _without_classes(sides, found) if not rest and len(sides) > 1 else None
    if not rest:
        if all(len(side.classes) > 1 for side in said) and len(said) > 1:
            raise _no_training(root, said, found)
        return None
    if len(rest) > 1 or len(rest[0].classes) < 2:
        return None
    return _rest_teaches(root, rest[0], said, found)


def _without_class_words(sides: Sequence[Side]) -> Sequence[Side]:
    """Without the parts of names that are classes: ``test_tube`` has no partner with its own word, as ``fruit_test`` has.

    Where one is a class, all that say more than a part are; a folder of classes beside tests may be a partner too.
    """
    if not any(side.part == "train" for side in sides) and any(len(side.classes) > 1 for side in sides):
        return sides
    whole = all(side.part for side in sides)
    if all(side.part is None or _has_partner(side, sides, whole) for side in sides):
        return sides
    return [replace(side, part=None) if words_beside_part(side.folder.name) else side for side in sides]


def _has_partner(side: Side, sides: Sequence[Side], whole: bool) -> bool:
    """Whether a name says a part alone, or another part has its words too; or nothing else, where all folders are parts."""
    own = words_beside_part(side.folder.name)
    others = [words_beside_part(other.folder.name) for other in sides if other.part not in (None, side.part)]
    return not own or any(own & other for other in others) or (whole and not all(others) and bool(others))


def _rest_teaches(root: Folder, rest: Side, said: Sequence[Side], found: Found) -> list[tuple[Part, Folder]] | None:
    """One folder with classes beside tests: it is for training where its name fits theirs, or their pictures bear its classes."""
    words = {word for word in tokens(rest.folder.name) if not word.isdigit()}
    related = (
        is_container(rest.folder.name) or is_set(rest.folder.name) or any(words & set(tokens(side.folder.name)) for side in said)
    )
    related = related or all(not side.classes and named_after(found.names(side.inner.rows()), rest.names) for side in said)
    with_classes = [side for side in said if side.classes]
    if not related and (with_classes or not all(part_alone(side.folder.name) for side in said)):
        raise _part_or_class(root, rest, found)
    parts: list[tuple[Part, Folder]] = [("train", rest.inner)]
    for side in said:
        if side.part is not None and _joins(side, rest, found):
            parts.append((side.part, side.inner))
        else:
            found.pass_over(side.folder, "reading.why_no_class")
    if len(parts) > 1:
        found.note("reading.taken_for_training", place=rest.folder.path)
    return parts


def _without_classes(sides: Sequence[Side], found: Found) -> list[tuple[Part, Folder]]:
    """Parts, but no classes to learn: told as such by whoever wants to learn."""
    parts: list[tuple[Part, Folder]] = []
    for side in sides:
        if side.part is None:
            found.pass_over(side.folder, "reading.why_no_part")
        else:
            parts.append((side.part, side.inner))
    return parts


def class_above_part(root: Folder) -> list[Place] | None:
    """``cat/train``: part words below every class, with training among them; None where it is not so."""
    tops = root.kids
    if len(tops) < 2 or any(top.flat or part_said(top.name) for top in tops):
        return None
    places: list[Place] = []
    for top in tops:
        inner = content(top)
        if inner.pictures or not all(part_said(kid.name) and content(kid).flat for kid in inner.kids):
            return None
        places += [Place(kid, part_said(kid.name) or "", top.name) for kid in inner.kids]
    return places if any(place.part == "train" for place in places) and len({place.part for place in places}) > 1 else None


def tell_part_words(root: Folder, found: Found) -> None:
    """Say of a class that it bears a part's name."""
    for kid in root.kids:
        if part_word(kid.name):
            found.note("reading.part_word", name=kid.name)


def _two_trainings(training: Sequence[Side], found: Found) -> DataError:
    readings = [reading_of(side.folder, side.classes) for side in training]
    return DataError(
        "data.two_trainings", where=found.files.origin, folders=listed([side.folder.path for side in training])
    ).offering(readings)


def _no_training(root: Folder, said: Sequence[Side], found: Found) -> DataError:
    joined = together([side.inner for side in said], root, "*/class")
    readings: list[Reading] = [joined, *(reading_of(side.folder, side.classes) for side in said)]
    return DataError(
        "data.no_training_part", where=found.files.origin, folders=listed([side.folder.path for side in said])
    ).offering(readings)


def _part_or_class(root: Folder, side: Side, found: Found) -> DataError:
    readings = [reading_of(root, root.kids, layout="class"), reading_of(side.folder, side.classes)]
    return DataError(
        "data.part_or_class", where=found.files.origin, folder=side.folder.path, folders=listed([kid.name for kid in root.kids])
    ).offering(readings)
