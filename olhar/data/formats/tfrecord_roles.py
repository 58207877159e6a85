"""Which feature of TFRecords says what: the picture by what it holds, the class by its name; and what a class says."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from olhar.base.errors import DataError
from olhar.data.dataset import Brought
from olhar.data.formats.columns import as_text, roles
from olhar.data.formats.tf_example import Feature
from olhar.data.layout import part_of
from olhar.data.pieces import class_key
from olhar.data.read_options import ReadOptions

Features = Mapping[str, Feature]

_PICTURES = ("image/encoded", "image", "image_raw")
_NUMBERS = ("label", "class", "image/class/label", "target")
_TEXTS = ("image/class/text", "class_name", "label_name", "label/text", "image/class/synset")
_BOXES = ("image/object/", "objects/")
_ENCODED = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
_LONGEST = 200


@dataclass(frozen=True)
class FeatureRoles:
    """The features that say something of a picture, by name.

    Attributes:
        picture: its encoded bytes.
        label: its class.
        text: the class in words, where ``label`` may be a number.
        group: what it was taken of.
        part: the part that it is in, where a person says so.
        boxes: whether others mark things on it.
        header: all names but those of pictures.
    """

    picture: str
    label: str | None
    text: str | None
    group: str | None
    part: str | None
    boxes: bool
    header: Sequence[str]


def feature_roles(samples: Sequence[Features], options: ReadOptions, where: str) -> FeatureRoles | None:
    """What some records' features are; None where none of them is a picture, or several are and none is called so.

    Raises:
        DataError: a feature that a person names is not there.
    """
    encoded = {name for features in samples for name, feature in features.items() if _is_picture(feature)}
    called = [name for name in _PICTURES if name in encoded] or sorted(encoded)
    if not called or (len(called) > 1 and called[0] not in _PICTURES):
        return None
    header = sorted({name for features in samples for name in features} - encoded)
    said = roles(header, options, where)
    own = [said["label"]] if options.label_column else [name for name in _NUMBERS if name in header]
    texts = [name for name in _TEXTS if name in header and not options.label_column]
    return FeatureRoles(
        called[0],
        next(iter([*own, *texts]), said.get("label")),
        next(iter(texts), None),
        said.get("group"),
        said["part"] if options.split_column else None,
        any(name.startswith(_BOXES) for name in header),
        header,
    )


def _is_picture(feature: Feature) -> bool:
    with suppress(ValueError):
        places = feature.places() if feature.kind == "bytes" else []
        return len(places) == 1 and feature.record[places[0][0] : places[0][1]].startswith(_ENCODED)
    return False


def place_of(features: Features, name: str) -> tuple[int, int]:
    """Where the picture begins and ends in its record.

    Raises:
        ValueError: there is none.
    """
    places = features[name].places() if name in features and features[name].kind == "bytes" else []
    if len(places) != 1 or places[0][0] == places[0][1]:
        raise ValueError
    return places[0]


def class_of(features: Features, name: str | None, where: str, row: int) -> str | None:
    """The class that a feature says; None where there is none: nothing, an empty text, or a number below 0.

    Raises:
        ValueError: damaged.
        DataError: several classes, or what is no class.
    """
    values = features[name].values() if name is not None and name in features else []
    value = values[0] if len(values) == 1 else _one_of(values)
    if len(values) > 1 and value is None:
        raise DataError("data.several_labels", where=where, row=row, found=str(values[:10])[:60])
    text = class_key(as_text(value))
    if len(text) > _LONGEST:
        raise DataError("data.sample_class", where=where, member=f"{name} ({row})")
    return None if not text or (isinstance(value, int) and value < 0) else sys.intern(text)


def _one_of(values: Sequence[bytes] | Sequence[int] | Sequence[float]) -> int | None:
    """The place of the only 1 among noughts; None where they are anything else."""
    ones = [place for place, value in enumerate(values) if value == 1]
    return ones[0] if len(ones) == 1 and all(value in (0, 1) for value in values) else None


def text_of(features: Features, name: str | None) -> str:
    """A feature's only value as text; empty where there is none.

    Raises:
        ValueError: damaged.
    """
    values = features[name].values() if name is not None and name in features else []
    return sys.intern(class_key(as_text(values[0])[:_LONGEST])) if len(values) == 1 else ""


def part_in(features: Features, name: str | None, where: str, row: int) -> Brought:
    """The part that a feature says.

    Raises:
        ValueError: damaged.
        DataError: it is none.
    """
    if name is None:
        return ""
    text = text_of(features, name)
    part = part_of(text)
    if part is None:
        raise DataError("data.row_part", where=where, row=row, found=text[:60])
    return part
