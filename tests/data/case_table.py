"""What comes of each shared case today, as a short cell; ``python -m tests.data.case_table`` writes them into the page."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import olhar
from olhar.base.errors import OlharError, PictureError
from olhar.base.images import to_pixels
from olhar.base.progress import Quiet
from olhar.data.dataset import PARTS, Dataset
from olhar.data.labelled import require_labelled, require_taught

CASES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")).parent / "cases"
PAGE = Path(__file__).parents[2] / "docs" / "data-cases.md"
ROW = re.compile(r"^\| `([\w-]+)` \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)


def comes(case: Path) -> str:
    """What comes of a case: parts and classes with their counts, or the code of the refusal."""
    special = SPECIAL.get(case.name)
    return special(case) if special else _read(case)


def _read(case: Path) -> str:
    try:
        return _told(_readable(require_taught(require_labelled(olhar.read(case / "data")))))
    except OlharError as error:
        return f"refused: {error.code}"


def _readable(dataset: Dataset) -> Dataset:
    def opens(row: int) -> bool:
        try:
            to_pixels(dataset.read(row), (8, 8), 3, "stretch")
        except PictureError:
            return False
        return True

    return dataset.only([row for row in range(len(dataset)) if opens(row)])


def _told(dataset: Dataset) -> str:
    counts = Counter(zip(dataset.brought, dataset.labels.tolist(), strict=True))
    pieces: list[str] = []
    for part in ("", *PARTS):
        classes = ", ".join(f"{name} {counts[part, i]}" for i, name in enumerate(dataset.classes) if counts[part, i])
        pieces += [f"{part}: {classes}" if part else classes] if classes else []
    groups = len({*dataset.groups} - {""})
    pieces += [f"{groups} groups"] if groups else []
    left = dataset.read_as.n_passed_over
    return "; ".join(pieces + ([f"{left} passed over"] if left else []))


def _thirty_headers(case: Path) -> str:
    folders = sorted((case / "data").iterdir())
    return f"{sum(_told(olhar.read(folder)) == 'cat 2, dog 2' for folder in folders)} of {len(folders)}: cat 2, dog 2"


def _ramps(case: Path) -> str:
    seen = Counter[str]()
    for path in sorted((case / "data").iterdir()):
        pixels = to_pixels(path.read_bytes(), (8, 32), 1, "stretch", path.name)
        seen[f"{pixels.min()}, {int(np.median(pixels))}, {pixels.max()}"] += 1
    return "; ".join(f"{n} of {seen.total()}: {values}" for values, n in seen.items())


def _blank(case: Path) -> str:
    issues = olhar.check(case / "data", progress=Quiet()).issues
    (issue,) = (one for one in issues if one.code == "CHK010")
    return f"{_read(case)}; {issue.values['n']} to mend, too dark or blank"


def _unreadable(case: Path) -> str:
    issues = olhar.check(case / "data", progress=Quiet()).issues
    (issue,) = (one for one in issues if one.code == "CHK001")
    return f"{_read(case)}; {len(issue.cases)} unreadable ones named"


def _class_case(case: Path) -> str:
    """How many pictures of ``red`` a model that says ``RED`` gets right."""
    with TemporaryDirectory() as place:
        model = Path(shutil.copytree(case, place, dirs_exist_ok=True)) / "model.h5"
        olhar.inspect(model, classes=case / "labels.txt", scaling="0..1", save=True, progress=Quiet())
        accuracy = olhar.evaluate(model, case / "data", progress=Quiet()).accuracy
    return f"{accuracy.value * accuracy.n:.0f} of {accuracy.n} right"


def _class_files(case: Path) -> str:
    """How many files give zero to nine in the order of their numbers, and how many are refused."""
    digits = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    answers = Counter[str]()
    for path in sorted((case / "files").iterdir()):
        try:
            found = olhar.inspect(case / "model.h5", classes=path, progress=Quiet())
            answers["right" if tuple(found.classes or ()) == digits else "wrong"] += 1
        except OlharError as error:
            answers[f"refused: {error.code}"] += 1
    return "; ".join(f"{n} {answer}" for answer, n in answers.items())


SPECIAL: dict[str, Callable[[Path], str]] = {
    "tables-15-header-names": _thirty_headers,
    "pictures-03-five-ranges": _ramps,
    "pictures-04-unreadable": _unreadable,
    "pictures-05-mostly-blank": _blank,
    "models-01-class-case": _class_case,
    "models-08-class-files": _class_files,
}


def written(page: str, cases: Path) -> str:
    """The page with what comes of each case that is here."""

    def row(match: re.Match[str]) -> str:
        case = cases / match[1]
        now = comes(case) if case.is_dir() else match[4]
        return f"| `{match[1]}` | {match[2]} | {match[3]} | {now} |"

    return ROW.sub(row, page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), CASES), encoding="utf-8")
