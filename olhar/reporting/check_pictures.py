"""The page of a check: which pictures it shows, read again for that, within bounds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from olhar.base.errors import PictureError
from olhar.base.files import write_text
from olhar.base.images import Pixels, decode
from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.checks.audit import Audit
from olhar.data.checks.findings import Case, Finding
from olhar.data.checks.keep_suggestion import content_hashes_of
from olhar.data.dataset import Dataset
from olhar.data.keep_list import suggested_rows
from olhar.reporting.check_page import render_check
from olhar.reporting.check_story import CheckStory, ShownCase, ShownFinding, ShownPicture
from olhar.reporting.pictures import THUMBNAIL_SIDE

SUSPECTS, CASES, SIDE_BY_SIDE = 200, 40, 5
"""Cases that a page shows at most: of a finding that gives labels, of another; and pictures of one case."""


def write_page(audit: Audit, into: StrPath, progress: Progress) -> Path:
    """Write what a check found as one HTML page in the language in use.

    Raises:
        DataError: it cannot be written.
    """
    findings = [finding for finding in audit.sorted() if finding.outcome in ("issue", "tip")]
    rows = sum(len(case.rows[:SIDE_BY_SIDE]) for finding in findings for case in _first(finding))
    with progress.stage(sentence("review.drawing"), rows) as advance:
        shown = [ShownFinding(finding, tuple(_cases(audit.dataset, finding, advance))) for finding in findings]
    return write_text(Path(into), render_check(_story(audit, shown)))


def _story(audit: Audit, shown: Sequence[ShownFinding]) -> CheckStory:
    dataset, contents = audit.dataset, content_hashes_of(audit)
    return CheckStory(
        origin=dataset.origin,
        pictures=len(dataset),
        classes=dataset.classes,
        names=dataset.shown,
        findings=shown,
        others=[finding for finding in audit.sorted() if finding.outcome not in ("issue", "tip")],
        where=dataset.where,
        labels=dataset.labels.tolist(),
        contents=[content.hex() for content in contents],
        kept=suggested_rows(dataset, contents).tolist(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        read_as=str(dataset.read_as) if dataset.read_as else "",
    )


def _first(finding: Finding) -> Sequence[Case]:
    labelled = any(case.label >= 0 for case in finding.cases[:1])
    return finding.cases[: SUSPECTS if labelled else CASES]


def _cases(dataset: Dataset, finding: Finding, advance: Advance) -> Iterator[ShownCase]:
    for case in _first(finding):
        pictures = tuple(_shown(dataset, row) for row in case.rows[:SIDE_BY_SIDE])
        advance(len(pictures))
        yield ShownCase(case, pictures, len(case.rows) - len(pictures))


def _shown(dataset: Dataset, row: int) -> ShownPicture:
    return ShownPicture(row, dataset.where[row], int(dataset.labels[row]), dataset.brought[row], _thumbnail(dataset, row))


def _thumbnail(dataset: Dataset, row: int) -> Pixels | None:
    """The picture, upright and in its own proportions, small; None where it cannot be read."""
    try:
        picture = dataset.read(row)
        if isinstance(picture, np.ndarray):
            return picture
        image = decode(picture, dataset.where[row], at_least=(THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    except PictureError:
        return None
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return np.asarray(image)
