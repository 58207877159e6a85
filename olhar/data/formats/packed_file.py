"""Prepared pictures as one file: ``.npz`` for NumPy and Keras, ``.parquet`` as Hugging Face writes them. Written row by row.

A ``.npz`` holds ``x`` uint8 (N, H, W, C), ``y`` int64 (N,), ``split`` (``train``, ``validation`` or ``test``), ``class_names``,
``files`` and ``olhar``; a ``.parquet`` the columns ``image`` (PNG bytes and path), ``label`` and ``split``, with the class names
in the schema's metadata. ``olhar`` is JSON: what else is known, which ``pack_metadata`` reads and
``with_pack_metadata`` puts on a dataset.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from olhar.base.errors import DataError
from olhar.base.images import Pixels
from olhar.base.signature import Fit
from olhar.data.dataset import Dataset, Part

_ROWS = 1024
METADATA = "olhar.npy"
"""The member of a ``.npz`` of ``olhar pack`` that holds what it knew beyond the arrays."""
_LIMIT = 2**28


@dataclass(frozen=True)
class PackContents:
    """What goes into the file.

    Attributes:
        pixels: uint8 (N, H, W, C), on disk or in memory.
        labels: int64 (N,).
        parts: the part of each picture.
        files: the name of each picture.
        data: whence they come: classes, names to show, origin, licence, flip.
        fit: how they became this size.
    """

    pixels: Pixels
    labels: NDArray[np.int64]
    parts: Sequence[Part]
    files: Sequence[str]
    data: Dataset
    fit: Fit

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def about(self) -> str:
        """What has no place of its own in the file, as JSON."""
        data = self.data
        names = dict(zip(data.classes, data.shown, strict=True))
        facts = {"origin": data.origin, "names": names, "licence": data.licence, "flip": data.flip, "fit": self.fit}
        return json.dumps({"olhar": 1} | facts, ensure_ascii=False)


def write_npz(path: Path, contents: PackContents, advance: Callable[[int], object]) -> None:
    """Write a ``.npz``; pixels are stored as they are, so that they can be mapped into memory where they lie.

    Raises:
        OSError: it cannot be written.
    """
    small = {
        "y": contents.labels,
        "split": np.array(contents.parts, dtype=str),
        "class_names": np.array(contents.data.classes, dtype=str),
        "files": np.array(contents.files, dtype=str),
        "olhar": np.array(contents.about),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        with archive.open("x.npy", "w", force_zip64=True) as member:
            _write_pixels(member, contents.pixels, advance)
        for name, values in small.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, values, allow_pickle=False)


def _write_pixels(member: IO[bytes], pixels: Pixels, advance: Callable[[int], object]) -> None:
    head = {"descr": "|u1", "fortran_order": False, "shape": pixels.shape}
    np.lib.format.write_array_header_1_0(member, head)
    for start in range(0, len(pixels), _ROWS):
        rows = pixels[start : start + _ROWS]
        member.write(rows.tobytes())
        advance(len(rows))


def write_parquet(path: Path, contents: PackContents, advance: Callable[[int], object]) -> None:
    """Write a ``.parquet`` whose pictures are PNG, without loss.

    Raises:
        OSError: it cannot be written.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    picture = pl.Struct({"bytes": pl.Binary, "path": pl.String})
    schema = {"image": picture, "label": pl.Int64, "split": pl.String}

    def tables(_columns: Any, _predicate: Any, _rows: Any, _size: Any) -> Iterator[pl.DataFrame]:
        for start in range(0, len(contents), _ROWS):
            yield pl.DataFrame(_table_rows(contents, slice(start, start + _ROWS)), schema=schema)
            advance(min(_ROWS, len(contents) - start))

    label = {"names": list(contents.data.classes), "_type": "ClassLabel"}
    features = {"image": {"_type": "Image"}, "label": label, "split": {"dtype": "string", "_type": "Value"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}}, ensure_ascii=False), "olhar": contents.about}
    try:
        register_io_source(tables, schema=schema).sink_parquet(path, metadata=metadata, row_group_size=_ROWS, engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise OSError(str(error)) from error


def _table_rows(contents: PackContents, rows: slice) -> dict[str, list[Any]]:
    files = contents.files[rows]
    return {
        "image": [{"bytes": _png(pixels), "path": name} for pixels, name in zip(contents.pixels[rows], files, strict=True)],
        "label": contents.labels[rows].tolist(),
        "split": list(contents.parts[rows]),
    }


def _png(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(out, "PNG")
    return out.getvalue()


def pack_metadata(path: Path) -> dict[str, Any] | None:
    """What ``olhar pack`` knew beyond pixels, labels and split: ``origin``, ``names`` by class, ``licence``, ``flip``, ``fit``
    and the ``files`` by row; None where the file is not of ``olhar pack``.

    Raises:
        DataError: it is of ``olhar pack``, but damaged.
    """
    try:
        stored = _stored(path)
        if stored is None:
            return None
        about, files = json.loads(stored[0]), stored[1]
        if not isinstance(about["names"], dict) or not isinstance(about["origin"], str):
            raise TypeError("names")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, RecursionError) as error:
        raise DataError("pack.damaged", where=path.name, reason=str(error) or type(error).__name__) from error
    return {**about, "files": files}


def with_pack_metadata(dataset: Dataset, metadata: Mapping[str, Any]) -> Dataset:
    """A dataset that was read from a file of ``olhar pack``, with what ``pack_metadata`` read there."""
    files = [str(name) for name in metadata.get("files", ())]
    flip = metadata.get("flip")
    return replace(
        dataset,
        origin=str(metadata["origin"]),
        names=tuple(str(metadata["names"].get(key, key)) for key in dataset.classes),
        licence=str(metadata.get("licence", "")),
        flip=flip if isinstance(flip, bool) else None,
        where=files if len(files) == len(dataset) else dataset.where,
    )


def _stored(path: Path) -> tuple[str, list[str]] | None:
    """The JSON and the files' names, by the form that the first bytes tell."""
    with path.open("rb") as file:
        head = file.read(4)
    return _of_parquet(path) if head == b"PAR1" else _of_npz(path) if head == b"PK\x03\x04" else None


def _of_npz(path: Path) -> tuple[str, list[str]] | None:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if METADATA not in names or "x.npy" not in names:
            return None
        return str(_array(archive, METADATA)), _array(archive, "files.npy").tolist()


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    if archive.getinfo(name).file_size > _LIMIT:
        raise ValueError(name)
    return np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)


def _of_parquet(path: Path) -> tuple[str, list[str]] | None:
    import polars as pl

    try:
        about = pl.read_parquet_metadata(path).get("olhar")
        if about is None:
            return None
        files = pl.scan_parquet(path, glob=False).select(pl.col("image").struct.field("path")).collect()
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error
    return about, files["path"].to_list()
