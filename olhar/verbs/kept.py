"""The keep list at work: the pictures that take part in a check or a training, and the list that a check suggests."""

import os
from collections.abc import Sequence
from errno import EISDIR
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from olhar.base.errors import DataError, RunError
from olhar.base.progress import Progress
from olhar.base.texts import say
from olhar.data.audit import Audit
from olhar.data.dataset import Dataset
from olhar.data.keep import KeepList, Kept, keep_list, obey, suggested
from olhar.runs.folder import RunFolder, reason, write_whole

KEEP = "keep.csv"
"""The run's copy of the list that it obeyed."""


def taking_part(dataset: Dataset, keep: str | os.PathLike[str] | KeepList | None, progress: Progress) -> Kept:
    """What a keep list leaves of a dataset, and what is to be told of it; all of it where there is no list.

    Raises:
        DataError: the list cannot be read, or does not go with the data.
    """
    if keep is None:
        return Kept(dataset)
    listed = keep if isinstance(keep, KeepList) else KeepList.read(keep)
    with progress.stage(say("keep.reading"), len(dataset)) as advance:
        found = obey(dataset, listed, advance)
    for notice in found.notices:
        progress.line(str(notice))
    return found


def keep_in(run: RunFolder, found: Kept) -> dict[str, Any]:
    """Keep the list in the run, so that it goes on without the file; what ``request.json`` says of it."""
    if found.listed is None:
        return {}
    run.write(KEEP, found.listed.to_csv().encode("utf-8", "backslashreplace"))
    return {"keep": found.listed.name}


def kept_in(run: RunFolder, keep: str | os.PathLike[str] | KeepList | None) -> KeepList | None:
    """The list that a run obeys; None where it obeys none.

    Raises:
        RunError: another list was asked for.
    """
    name = run.read_json("request.json").get("keep")
    own = KeepList.from_csv(run.read(KEEP), name) if name is not None else None
    wanted = KeepList.read(keep) if keep is not None and not isinstance(keep, KeepList) else keep
    if wanted is not None and (own is None or wanted.to_csv() != own.to_csv()):
        raise RunError("keep.other", where=str(run.path), found=wanted.name)
    return own


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
        raise _unwritable(path, error) from error
    return path


def refuse_unwritable(path: str | os.PathLike[str]) -> None:
    """See to it, before the work of minutes, that a file can be written there.

    Raises:
        DataError: there is no such folder, it may not be written, or the file is a folder itself.
    """
    try:
        if Path(path).is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        with TemporaryFile(dir=Path(path).parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: str | os.PathLike[str], error: OSError) -> DataError:
    return DataError("keep.unwritable", where=os.fspath(path), reason=reason(error))
