"""pack: pictures, prepared as ``train`` would prepare them, into one file that trains, loads and uploads as it is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack, cast

from olhar.base.errors import DataError, UsageError
from olhar.base.files import reason
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.spellings import spelled_fields
from olhar.base.texts import file_size, say, sentence
from olhar.base.types import StrPath
from olhar.data.dataset import Dataset, Part
from olhar.data.formats.packed_file import PackContents, write_npz, write_parquet
from olhar.data.read_options import OPTIONS, ReadKeywords, ReadOptions, without_options
from olhar.data.sources import read
from olhar.jobs.look import usual_side
from olhar.jobs.prepare import Prepared, prepare
from olhar.training.recipe import Recipe
from olhar.training.recipe_fields import PictureFields
from olhar.verbs.on import runner_on

_WRITERS: dict[str, Callable[[Path, PackContents, Callable[[int], object]], None]] = {
    ".npz": write_npz,
    ".parquet": write_parquet,
}
FIELDS = tuple(PictureFields.__annotations__)
"""The fields of a recipe that decide how pictures are prepared."""


class PackFields(PictureFields, ReadKeywords, total=False):
    """The keywords of ``pack``: how pictures are prepared, and how they are read."""


@dataclass(frozen=True, repr=False)
class PackedFile:
    """What was written.

    Attributes:
        path: the file.
        shape: N, height, width, channels.
        counts: pictures by part and class.
        bad: how many pictures were left out.
        bytes: its size.
        size: what ``--size`` must say for the same pixels; 0 where ``train`` takes them by itself.
    """

    path: Path
    shape: tuple[int, ...]
    counts: dict[Part, dict[str, int]]
    bad: int
    bytes: int
    size: int

    def __repr__(self) -> str:
        n, height, width, channels = self.shape
        told = {"n": n, "height": height, "width": width, "colour": say("train.gray" if channels == 1 else "train.rgb")}
        return say("pack.written", **told, where=str(self.path), size=file_size(self.bytes))


@tells_paths
def pack(
    data: StrPath | Dataset,
    to: StrPath,
    *,
    progress: Progress | None = None,
    on: str | None = None,
    without_token: bool = False,
    **fields: Unpack[PackFields],
) -> PackedFile:
    """Write pictures as one file: pixels at one size, labels, class names and the split, as ``train`` would have them.

    Args:
        data: as for ``train``.
        to: the file, ``.npz`` or ``.parquet``; it must not be there yet.
        progress: where to tell how far it is.
        on: where the pictures are decoded, as for ``predict``; None: here.
        without_token: take a cluster that lets anybody in.
        fields: ``size``, ``colour``, ``fit``, ``whole``, ``split``, ``bad_pictures`` and ``seed``, as for ``train``. Also what
            ``olhar.read`` takes to read the data (``layout`` ...).

    Returns:
        What was written, and where.

    Raises:
        DataError, RecipeError: as for ``train``; or the file cannot be written.
        UsageError: another form is asked for, the file is there already, or ``on`` is no cluster that can be used.
        ExtraError: Ray is not installed.
        Stopped: Ctrl-C, with ``on``.
    """
    path, progress = Path(to), progress or default_progress()
    if path.suffix.lower() not in _WRITERS:
        raise UsageError("pack.form", found=path.name)
    if path.exists():
        raise UsageError("pack.taken", where=str(path))
    said = spelled_fields(fields, (*FIELDS, *OPTIONS))
    recipe, reading = Recipe().with_(without_options(said)), ReadOptions.from_dict(said)
    if reading:
        data = read(cast(StrPath, data), progress=progress, **reading.keywords())
    with runner_on(on, progress, without_token=without_token, verb="pack") as runner:
        prepared = prepare(data, recipe, progress, runner=runner)
    for finding in prepared.findings()[:3]:
        progress.line(finding)
    _write(path, _contents(prepared), progress)
    shape = prepared.packed.pixels.shape
    size = 0 if shape[1] == usual_side([shape[1]]) else shape[1]
    return PackedFile(path, shape, prepared.counts(), len(prepared.packed.bad), path.stat().st_size, size)


def _contents(prepared: Prepared) -> PackContents:
    files = [prepared.name(row) for row in range(len(prepared.labels))]
    return PackContents(prepared.packed.array, prepared.labels, prepared.parts, files, prepared.dataset, prepared.signature.fit)


def _write(path: Path, contents: PackContents, progress: Progress) -> None:
    """Write under a draft name, so that a kill leaves no half file under the name asked for."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.draft")
    try:
        with progress.stage(sentence("pack.writing", name=path.name), len(contents)) as advance:
            _WRITERS[path.suffix.lower()](draft, contents, advance)
        draft.replace(path)
    except OSError as error:
        megabytes = contents.pixels.nbytes / 2**20
        raise DataError("pack.unwritable", where=str(path), reason=reason(error), megabytes=megabytes) from error
    finally:
        draft.unlink(missing_ok=True)
