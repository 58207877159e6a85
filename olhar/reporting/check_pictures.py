"""The page of a check: which pictures it shows, read again for that, within bounds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from olhar.base.errors import PictureError
from olhar.base.files import write_text
from olhar.base.images import Pixels, as_bytes, decode
from olhar.base.levels import Levels
from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.checks.audit import OF_ALL, Audit
from olhar.data.checks.findings import Case, Finding
from olhar.data.checks.keep_suggestion import content_hashes_of
from olhar.data.dataset import Dataset
from olhar.data.keep_list import suggested_rows
from olhar.reporting.check_page import render_check
from olhar.reporting.check_story import CheckStory, ShownCase, ShownFinding, ShownPicture
from olhar.reporting.pictures import THUMBNAIL_SIDE

SUSPECTS, CASES, SIDE_BY_SIDE = 200, 40, 5
"""Cases that a page shows at most: of a finding that gives labels, of another; and pictures of one case."""
EXAMPLES = 10
"""Cases that a page shows where no picture wants a decision."""


def write_page(audit: Audit, into: StrPath, progress: Progress, train: str) -> Path:
    """Write what a check found as one HTML page in the language in use.

    Args:
        audit: what was found.
        into: the file.
        progress: where to tell how far it is.
        train: the command that learns from the same data, to which the page adds its list.

    Raises:
        DataError: it cannot be written.
    """
    findings = [finding for finding in audit.sorted() if finding.outcome in ("issue", "tip")]
    rows = sum(len(case.rows[:SIDE_BY_SIDE]) for finding in findings for case in _first(finding))
    with progress.stage(sentence("review.drawing"), rows) as advance:
        shown = [ShownFinding(one, tuple(_cases(audit, one, advance)), one.code not in OF_ALL) for one in findings]
    return write_text(Path(into), render_check(_story(audit, shown, train)))


def _story(audit: Audit, shown: Sequence[ShownFinding], train: str) -> CheckStory:
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
        read_as=dataset.read_as.statement() if dataset.read_as else "",
        train=train,
    )


def _first(finding: Finding) -> Sequence[Case]:
    if finding.code in OF_ALL:
        return finding.cases[:EXAMPLES]
    labelled = any(case.label >= 0 for case in finding.cases[:1])
    return finding.cases[: SUSPECTS if labelled else CASES]


def _cases(audit: Audit, finding: Finding, advance: Advance) -> Iterator[ShownCase]:
    for case in _first(finding):
        pictures = tuple(_shown(audit, row) for row in case.rows[:SIDE_BY_SIDE])
        advance(len(pictures))
        yield ShownCase(case, pictures, len(case.rows) - len(pictures))


def _shown(audit: Audit, row: int) -> ShownPicture:
    dataset, pixels = audit.dataset, _thumbnail(audit.dataset, row, audit.evidence.survey.levels)
    return ShownPicture(row, dataset.where[row], int(dataset.labels[row]), dataset.brought[row], pixels)


def _thumbnail(dataset: Dataset, row: int, levels: Levels) -> Pixels | None:
    """The picture, upright and in its own proportions, small; None where it cannot be read."""
    try:
        picture = dataset.read(row)
        if isinstance(picture, np.ndarray):
            return as_bytes(picture, levels)
        image = decode(picture, dataset.where[row], at_least=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), levels=levels)
    except PictureError:
        return None
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return np.asarray(image)
