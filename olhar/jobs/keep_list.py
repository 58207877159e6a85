"""The keep list at work: the pictures that take part in a check or a training, and the list that a check suggests."""

from olhar.base.errors import RunError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.dataset import Dataset
from olhar.data.keep_list import KeepList, KeptPictures, apply_keep_list
from olhar.runs.folder import KEEP, RunFolder


def taking_part(dataset: Dataset, keep: StrPath | KeepList | None, progress: Progress) -> KeptPictures:
    """What a keep list leaves of a dataset, and what is to be told of it; all of it where there is no list.

    Raises:
        DataError: the list cannot be read, or does not go with the data.
    """
    if keep is None:
        return KeptPictures(dataset)
    keep_list = keep if isinstance(keep, KeepList) else KeepList.read(keep)
    with progress.stage(sentence("keep.reading"), len(dataset)) as advance:
        listed = apply_keep_list(dataset, keep_list, advance)
    for notice in listed.notices:
        progress.line(notice)
    return listed


def write_keep(run: RunFolder, listed: KeepList | None) -> str:
    """Keep a list in a run, so that it goes on without the file; the list's name, empty where there is none."""
    if listed is None:
        return ""
    run.write(KEEP, listed.to_csv().encode("utf-8", "backslashreplace"))
    return listed.name


def kept_in(run: RunFolder, keep: StrPath | KeepList | None) -> KeepList | None:
    """The list that a run obeys; None where it obeys none.

    Raises:
        RunError: another list was asked for.
    """
    name = run.request().keep
    kept = KeepList.from_csv(run.read(KEEP), name) if name else None
    asked = KeepList.read(keep) if keep is not None and not isinstance(keep, KeepList) else keep
    if asked is not None and (kept is None or asked.to_csv() != kept.to_csv()):
        raise RunError("keep.other", where=str(run.path), found=asked.name)
    return kept
