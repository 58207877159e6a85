"""Other files: what lies beside pictures and is read by nobody. A few are told of by name, more are counted."""

from collections.abc import Collection, Iterator, Sequence

from olhar.base.texts import Sentence
from olhar.data.read_as import PassedOver, passed_over

_NAMED = 3


def other_files(names: Sequence[str]) -> list[PassedOver]:
    """What is to be told of files of these names: an entry, or nothing where there are none."""
    if not names:
        return []
    if len(names) > _NAMED:
        return [passed_over("", len(names), "reading.why_files", pictures=False, files=names)]
    listed = ", ".join(sorted(names))
    return [passed_over("", len(names), "reading.why_named_files", pictures=False, files=names, names=listed)]


def without_files(entries: Sequence[PassedOver], known: Collection[str]) -> list[PassedOver]:
    """Entries of what was passed over, where some of the other files are told of apart, or used after all."""
    rest: list[PassedOver] = []
    for entry in entries:
        rest += other_files([name for name in entry.files if name not in known]) if entry.files else [entry]
    return rest


def named_in(notes: Sequence[Sentence]) -> Iterator[str]:
    """What notes name: files are among it."""
    for note in notes:
        for value in note.values.values():
            if isinstance(value, Sentence):
                yield from named_in([value])
            elif isinstance(value, str):
                yield from (value, *value.split(", "))
