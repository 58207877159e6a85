"""Dataset: a table of pictures (where, label, split). Decodes nothing by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, PictureError
from olhar.base.html import Html, paragraph, picture, table
from olhar.base.images import own_levels, to_pixels
from olhar.base.texts import number, say
from olhar.data.mirror import mirrorable
from olhar.data.read_as import ReadAs

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")
Brought = Literal["train", "validation", "test", ""]
UNLABELLED = -1

_SHOWN, _SIDE = 12, 64


class Source(Protocol):
    """Where a dataset's pictures lie: a folder, an archive, an array."""

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The encoded bytes of one picture, or its pixels: ``uint8``, or numbers of more than 8 bits (``base.levels``)."""
        ...

    def fingerprint(self) -> Iterator[bytes]:
        """What changes when any picture changes, without reading the pictures."""
        ...


@dataclass(frozen=True)
class Selection:
    """Some pictures of another source."""

    source: Source
    rows: Sequence[int]

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The picture at ``index`` of the selection."""
        return self.source.read(self.rows[index])

    def fingerprint(self) -> Iterator[bytes]:
        """The whole source's fingerprint, and which of it."""
        yield from self.source.fingerprint()
        yield repr(list(self.rows)).encode()


@dataclass(frozen=True)
class Dataset:
    """A table of pictures, one row each.

    Attributes:
        origin: what the person called the data: a name, never a path.
        source: where the pictures lie.
        where: the name of each picture inside the source.
        classes: keys of the classes, sorted.
        labels: int64 (N,), an index into ``classes``; -1 where unknown.
        brought: the part each picture is in by the data's own say, or ``""``.
        passed_over: how many other files were seen and left alone.
        names: the names to show, in the order of ``classes``.
        licence: of the pictures, where it is known.
        flip: whether a mirrored picture is still of its class; None where it is not known.
        groups: what each picture was taken of (one patient, one video), where the data says so: pictures of one group stay
            together in a split; empty, or N of them, ``""`` where a picture has none.
        read_as: what it was read as, and what was passed over.
        unteachable: why nothing can be learnt from it, where more is known than that classes are missing.
        why_unlabelled: what keeps a table beside the pictures from saying their classes, where nothing else says them.
    """

    origin: str
    source: Source
    where: Sequence[str]
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    brought: Sequence[Brought]
    passed_over: int = 0
    names: tuple[str, ...] = field(default=())
    licence: str = ""
    flip: bool | None = None
    groups: Sequence[str] = field(default=())
    read_as: ReadAs = field(default=ReadAs())
    unteachable: DataError | None = field(default=None)
    why_unlabelled: DataError | None = field(default=None)

    def __len__(self) -> int:
        return len(self.where)

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The encoded bytes, or the pixels, of picture ``index``: see ``Source``."""
        return self.source.read(index)

    @property
    def shown(self) -> tuple[str, ...]:
        """The class names to show."""
        return self.names or self.classes

    @property
    def labelled(self) -> bool:
        """Whether every picture has a class."""
        return bool((self.labels != UNLABELLED).all())

    @property
    def mirrorable(self) -> bool:
        """Whether a mirrored picture is still of its class: as the data says, else as names shown and keys of sides tell."""
        return mirrorable(self.shown, self.classes) if self.flip is None else self.flip

    def counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        numbers = np.bincount(self.labels[self.labels >= 0], minlength=len(self.classes))
        return dict(zip(self.classes, numbers.tolist(), strict=True))

    def only(self, rows: Sequence[int]) -> "Dataset":
        """Some of the pictures, in the order of ``rows``."""
        return replace(
            self,
            source=Selection(self.source, rows),
            where=[self.where[row] for row in rows],
            labels=self.labels[list(rows)],
            brought=[self.brought[row] for row in rows],
            groups=[self.groups[row] for row in rows] if self.groups else (),
        )

    def test_part(self) -> "Dataset":
        """Its test pictures, where it brings a test part; else all of it."""
        if "test" not in self.brought:
            return self
        return self.only([row for row, part in enumerate(self.brought) if part == "test"])

    def ordered(self, classes: Sequence[str]) -> "Dataset":
        """The same pictures with the classes in another order, and with classes of which there is no picture."""
        shown = dict(zip(self.classes, self.shown, strict=True))
        place_of = {key: place for place, key in enumerate(classes)}
        new_labels = np.array([*(place_of[key] for key in self.classes), UNLABELLED], dtype=np.int64)
        return replace(
            self, classes=tuple(classes), names=tuple(shown.get(key, key) for key in classes), labels=new_labels[self.labels]
        )

    def named(self, names: tuple[str, ...]) -> "Dataset":
        """The same pictures with other names to show."""
        return replace(self, names=names)

    def __repr__(self) -> str:
        return say("data.summary", n=len(self), origin=self.origin, classes=len(self.classes))

    def _repr_html_(self) -> str:
        heads = say("run.class"), say("run.pictures")
        counts = zip(self.shown, map(number, self.counts().values()), strict=True)
        return paragraph(repr(self)) + self._sample() + (table(heads, counts, numbers=(1,)) if self.classes else "")

    def _sample(self) -> str:
        """A few pictures from all over the table; those that cannot be read are passed over."""
        rows: list[int] = np.unique(np.linspace(0, len(self) - 1, _SHOWN).astype(int)).tolist() if len(self) else []
        pictures = (self.thumbnail(row, self.shown[self.labels[row]] if self.labels[row] >= 0 else "") for row in rows)
        return f"<p>{' '.join(filter(None, pictures))}</p>"

    def thumbnail(self, row: int, name: str = "") -> Html:
        """Picture ``row`` as HTML, 64 pixels a side; empty where it cannot be read."""
        try:
            content = self.read(row)
            return picture(to_pixels(content, (_SIDE, _SIDE), 3, "pad", self.where[row], levels=own_levels(content)), name)
        except PictureError:
            return Html()
