"""The keep list that a check suggests: all but what cannot be read and further copies within a class."""

from collections.abc import Sequence
from pathlib import Path

from olhar.base.files import write_text
from olhar.base.types import StrPath
from olhar.data.checks.audit import Audit
from olhar.data.keep_list import make_keep_list, suggested_rows


def write_keep_suggestion(audit: Audit, into: StrPath) -> Path:
    """Write the keep list that a check suggests.

    Raises:
        DataError: it cannot be written.
    """
    contents = content_hashes_of(audit)
    keep_list = make_keep_list(audit.dataset, contents, suggested_rows(audit.dataset, contents))
    return write_text(Path(into), keep_list.to_csv())


def content_hashes_of(audit: Audit) -> Sequence[bytes]:
    """The content hash of each picture that was checked; empty where it cannot be read."""
    survey = audit.evidence.survey
    digests = dict(zip(survey.rows.tolist(), (row_digest.tobytes() for row_digest in survey.hashes), strict=True))
    return [digests.get(row, b"") for row in range(len(audit.dataset))]
