"""The pictures that a training leaves out, in its terminal: by name, with the reason, twenty at most."""

from collections.abc import Sequence

from olhar.base.texts import Sentence, sentence
from olhar.data.cache.store import MOST_NAMED, BadPicture
from olhar.runs.folder import LEFT_OUT


def unreadable(bad: Sequence[BadPicture]) -> list[Sentence]:
    """A line for each picture that cannot be read but the first, which the findings name, and where all of them stand."""
    lines = [picture.reason for picture in bad[1:MOST_NAMED]]
    rest = len(bad) - MOST_NAMED
    return [*lines, sentence("train.more_left_out", n=rest, where=LEFT_OUT)] if rest > 0 else lines
