"""What Olhar does not read, named as what it is: a list of recognisers, each with what it is seen by and what to do instead.

It is asked where no reader understands the files, where what they understood cannot teach, and for the few forms that would
otherwise be read wrongly. Each answers with an error of its own, whose sentence names the form and the way out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from olhar.base.errors import DataError
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files.files import Files
from olhar.data.known_forms import containers, detection
from olhar.data.layout import is_picture, part_of
from olhar.data.sets.catalogue import SETS

Seen = Mapping[str, Any]
"""What a sentence tells of it."""

RECOGNISERS: dict[str, Callable[[Files], Seen | None]] = {
    "known.open_images": detection.open_images,
    "known.coco": detection.coco,
    "known.yolo": detection.yolo,
    "known.voc": detection.voc,
    "known.boxes": detection.boxes,
    "known.spreadsheet": containers.spreadsheet,
    "known.workbook": containers.workbook,
    "known.container": containers.container,
    "known.medical": containers.medical,
    "known.video": containers.video,
    "known.model": containers.model,
    "known.pickle": containers.pickle,
    "known.sealed": containers.sealed,
    "known.archive": containers.archive,
    "known.lfs": containers.lfs,
}
"""The key of a sentence -> whether its form is there, and what the sentence tells of it. The first that sees it speaks."""

BESIDE_PICTURES = (
    "known.open_images",
    "known.coco",
    "known.yolo",
    "known.voc",
    "known.boxes",
    "known.spreadsheet",
)
"""The forms that say something of pictures which lie there, too."""

_SAID_BETTER = re.compile(
    r"picture\.|data\.(marked_alike|row|zip|not_whole|bomb|nested|no_room|pickle|several_labels|several_array|encoding|arrays|sample)"
    r"|table\.(several_|measure|parts_differ|families|categories)"
)
"""Errors of files that were understood: they say more than the form's name does."""


def refuse_workbook(files: Files) -> None:
    """Refuse a spreadsheet that was given as the data: it is a zip, and may hold pictures.

    Raises:
        DataError: it is one.
    """
    if containers.is_workbook(files):
        raise DataError("known.spreadsheet", where=files.origin, file=files.name)


def refuse_misread(dataset: Dataset, files: Files) -> None:
    """Refuse what was taken for classes and is none: a row a box, labels of which some say what is not there, COCO's parts.

    Raises:
        DataError: it is such a form.
    """
    keys = ["known.open_images"] if dataset.classes and all(key.startswith("/m/") for key in dataset.classes) else []
    boxes = detection.boxes(files) is not None and len(set(dataset.where)) < len(dataset.where)
    keys += ["known.boxes"] if boxes else []
    if dataset.classes and all(part_of(key.rstrip("0123456789")) for key in dataset.classes):
        keys += BESIDE_PICTURES  # train2017 and val2017 are no classes
    error = _of(files, keys)
    if error is not None:
        raise error


def explained(error: DataError, files: Files) -> DataError:
    """A better error than the one that the readers gave, where the form is known; else that one."""
    if _SAID_BETTER.match(error.key):
        return error
    # a contest's labels may lie beside its pictures in a zip
    packed = () if any(map(is_picture, files.names)) else ("known.sealed", "known.archive")
    return _of(files, (*BESIDE_PICTURES, *packed)) or error


def recognised(files: Files) -> DataError | None:
    """What the files are, as an error that says so; None where nobody knows."""
    return _of(files, list(RECOGNISERS))


def why_unteachable(dataset: Dataset, files: Files) -> DataError | None:
    """What pictures without classes, or with one alone, have beside them; None where they can teach, or nothing is known."""
    teaches = len(dataset.classes) > 1 and bool((dataset.labels != UNLABELLED).all())
    return None if teaches else _of(files, BESIDE_PICTURES) or _table_of_others(dataset)


def _table_of_others(dataset: Dataset) -> DataError | None:
    """That a table lies beside pictures without classes and names none of them."""
    tables = [entry.place for entry in dataset.read_as.passed_over if entry.why.key == "table.names_none"]
    return DataError("table.of_others", where=dataset.origin, table=tables[0]) if tables else None


def _of(files: Files, keys: Sequence[str]) -> DataError | None:
    for key in keys:
        seen = RECOGNISERS[key](files)
        if seen is not None:
            return DataError(key, **({"where": files.origin} | dict(seen)))
    return None


def refuse_url(text: str) -> None:
    """Refuse an address on the network, and say how to get what is there.

    Raises:
        DataError: it is one.
    """
    if not re.match(r"(https?|ftp)://|www\.|(kaggle|drive\.google|github|huggingface)\.(com|co)/", text, re.IGNORECASE):
        return
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise DataError("known.url", where=text) from error
    host, steps = (parts.hostname or "").lower().removeprefix("www."), [step for step in parts.path.split("/") if step]
    own = next((name for name, found in SETS.items() if _same_page(found.page, parts.path)), "")
    if own:
        raise DataError("known.url_of_set", where=text, name=own)
    raise _of_host(host, steps, text)


def _of_host(host: str, steps: list[str], text: str) -> DataError:
    if host == "kaggle.com" and len(steps) > 1:
        contest = steps[0] in ("c", "competitions")
        name = steps[1] if contest else "/".join(steps[1:3] if steps[0] == "datasets" else steps[:2])
        command = f"kaggle competitions download -c {name}" if contest else f"kaggle datasets download -d {name}"
        return DataError("known.url_kaggle", where=text, command=command)
    if host in ("drive.google.com", "docs.google.com"):
        return DataError("known.url_drive", where=text)
    if host == "github.com" and len(steps) > 1 and not steps[-1].endswith((".zip", ".gz", ".tar", ".tgz")):
        return DataError("known.url_github", where=text, name=steps[1].removesuffix(".git"))
    if host == "huggingface.co" and steps[:1] == ["datasets"] and len(steps) > 1:
        name = "/".join(steps[1:3])
        return DataError("known.url_hugging_face", where=text, name=name, folder=name.split("/")[-1])
    return DataError("known.url", where=text)


def _same_page(page: str, path: str) -> bool:
    """Whether an address is a set's own page, contests called ``/c/`` or ``/competitions/``."""
    plain = urlsplit(page).path.rstrip("/").replace("/competitions/", "/c/")
    return len(plain) > 1 and f"{path.rstrip('/')}/".replace("/competitions/", "/c/").startswith(f"{plain}/")
