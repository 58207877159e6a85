"""The keep list at work: the pictures that take part in a check or a training, and the list that a check suggests."""

import os
from collections.abc import Sequence
from pathlib import Path

from olhar.base.errors import DataError
from olhar.base.progress import Progress
from olhar.base.texts import say
from olhar.data.audit import Audit
from olhar.data.dataset import Dataset
from olhar.data.keep import Kept, KeepList, keep_list, obey, suggested
from olhar.runs.folder import write_whole


def kept(dataset: Dataset, keep: str | os.PathLike[str] | KeepList | None, progress: Progress) -> Kept:
    """What a keep list leaves of a dataset, and what is to be told of it; all of it where there is no list.

    Raises:
        DataError: the list cannot be read, or does not go with the data.
    """
    if keep is None:
        return Kept(dataset, ())
    listed = keep if isinstance(keep, KeepList) else KeepList.read(keep)
    with progress.stage(say("keep.reading"), len(dataset)) as advance:
        found = obey(dataset, listed, advance)
    for notice in found.notices:
        progress.line(str(notice))
    return found


def write_suggestion(audit: Audit, into: str | os.PathLike[str]) -> Path:
    """Write the keep list that a check suggests.

    Raises:
        DataError: it cannot be written.
    """
    contents = contents_of(audit)
    listed = keep_list(audit.dataset, contents, suggested(audit.dataset, contents))
    return write_text(Path(into), listed.to_csv())


def contents_of(audit: Audit) -> Sequence[bytes]:
    """The content hash of each picture that was checked; empty where it cannot be read."""
    survey = audit.evidence.survey
    known = dict(zip(survey.rows.tolist(), (digest.tobytes() for digest in survey.hashes), strict=True))
    return [known.get(row, b"") for row in range(len(audit.dataset))]


def write_text(path: Path, text: str) -> Path:
    """Write a whole file, or leave what was there.

    Raises:
        DataError: it cannot be written.
    """
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise DataError("keep.unwritable", where=os.fspath(path), reason=error.strerror or str(error)) from error
    return path
