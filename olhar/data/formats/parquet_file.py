"""What is in a Parquet file, asked of polars: names of columns, cells, and the names that Hugging Face gives numbers."""

import io
import json
import os
import posixpath
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

from olhar.base.errors import DataError
from olhar.data.files.files import Files
from olhar.data.files.folder import FolderFiles

PARQUET = b"PAR1"
"""How such files open."""
_ONE_AT_A_TIME = threading.RLock()
_MOST_ROWS = 20_000_000  # a few bytes can promise any number of equal rows


def class_names(files: Files, index: int, column: str) -> list[str]:
    """The names that Hugging Face's schema gives the numbers of a ``ClassLabel`` column; none where it gives none."""
    schema_json = _ask(files, index, lambda pl, source: pl.read_parquet_metadata(source)).get("huggingface")
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        names = json.loads(schema_json)["info"]["features"][column]["names"]
        return [str(name) for name in names]
    return []


def schema_of(files: Files, index: int) -> list[str]:
    """The names of its columns.

    Raises:
        DataError: damaged.
    """
    return _ask(files, index, lambda pl, source: list(pl.read_parquet_schema(source)))


def plain_columns(files: Files, index: int) -> list[str]:
    """The names of its columns of texts, numbers and truths.

    Raises:
        DataError: damaged.
    """

    def plain(pl: Any, source: Any) -> list[str]:
        kinds = (pl.String, pl.Categorical, pl.Enum, pl.Boolean)
        schema = pl.read_parquet_schema(source).items()
        return [name for name, dtype in schema if dtype in kinds or dtype.is_numeric()]

    return _ask(files, index, plain)


def small_columns(files: Files, index: int, columns: list[str], n: int | None = None) -> dict[str, list[Any]]:
    """The cells of some columns, of the first ``n`` rows or of all.

    Raises:
        DataError: damaged, or it promises more rows than anybody has.
    """

    def select(pl: Any, source: Any) -> dict[str, list[Any]]:
        if pl.scan_parquet(source, glob=False).select(pl.len()).collect().item() > _MOST_ROWS:
            raise ValueError
        frame = pl.scan_parquet(source, glob=False).select(columns).slice(0, n).collect()
        return {column: frame[column].to_list() for column in columns}

    return _ask(files, index, select)


def column_of(files: Files, index: int, column: str, begin: int, n: int | None) -> list[Any]:
    """Some cells of a column.

    Raises:
        DataError: damaged.
    """

    def select(pl: Any, source: Any) -> list[Any]:
        return pl.scan_parquet(source, glob=False).select(column).slice(begin, n).collect()[column].to_list()

    return _ask(files, index, select)


def _ask(files: Files, index: int, ask: Callable[[Any, Any], Any]) -> Any:
    """Ask polars; a file in an archive is handed to it whole, within the limit of a member."""
    import polars as pl

    name = posixpath.basename(files.names[index])
    source = files.path(index) if isinstance(files, FolderFiles) else io.BytesIO(files.read(index))
    try:
        with _stderr_silenced():
            return ask(pl, source)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, MemoryError, OverflowError) as error:
        raise DataError("data.not_whole", where=name) from error


@contextmanager
def _stderr_silenced() -> Generator[None]:
    """Keep polars' own panic messages, pages of addresses, from the person's terminal: the error says what is wrong."""
    with _ONE_AT_A_TIME:
        try:
            saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        except OSError:  # no standard error that could be written to
            yield
            return
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            os.close(nowhere)
