"""Pictures that a run keeps in itself, so that its report can be written again without the data."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.parsing import Share, checked, is_count, parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

_SAMPLES, _VARIATIONS = "samples.npz", "variations.npz"


@dataclass(frozen=True)
class Sample:
    """A picture as the network sees it.

    Attributes:
        picture: its name.
        pixels: uint8 (H, W, C).
        label: index of the true class; -1 where unknown.
        predicted: index of the answer; -1 where not asked.
        confidence: probability of the answer.
    """

    picture: str
    pixels: Pixels
    label: int = -1
    predicted: int = -1
    confidence: Share = 0.0


def write_samples(run: RunFolder, samples: Sequence[Sample], mistakes: Sequence[Sample]) -> None:
    """Keep samples and mistakes in the run: pixels and what is known of them, nothing else of the files."""
    flat = [*samples, *mistakes]
    about = [[sample.picture, sample.label, sample.predicted, sample.confidence] for sample in flat]
    pixels = np.stack([sample.pixels for sample in flat])
    run.write(_SAMPLES, packed(pixels=pixels, about=np.array(json.dumps({"rows": about, "samples": len(samples)}))))


def read_samples(run: RunFolder) -> tuple[list[Sample], list[Sample]]:
    """Samples and mistakes of a run; none where the file is missing.

    Raises:
        RunError: it is damaged.
    """
    stored = _stored(run, _SAMPLES, 4)
    if stored is None:
        return [], []
    about, pixels = stored
    with parsing(damaged(run.path, _SAMPLES)):
        found = [checked(Sample(name, pixels[i], *told)) for i, (name, *told) in enumerate(about["rows"])]
        if len(found) != len(pixels) or not is_count(about["samples"]):
            raise ValueError(_SAMPLES)
        return found[: about["samples"]], found[about["samples"] :]


def write_variations(run: RunFolder, rows: Sequence[Sequence[Sample]]) -> None:
    """Keep rows of a picture and its variations in the run: pixels, name and class, nothing else of the files."""
    if not rows:
        return
    pixels = np.stack([np.stack([sample.pixels for sample in row]) for row in rows])
    about = np.array(json.dumps([[row[0].picture, row[0].label] for row in rows]))
    run.write(_VARIATIONS, packed(pixels=pixels, about=about))


def read_variations(run: RunFolder) -> list[list[Sample]]:
    """The rows of variations of a run; none where the file is missing.

    Raises:
        RunError: it is damaged.
    """
    stored = _stored(run, _VARIATIONS, 5)
    if stored is None:
        return []
    about, pixels = stored
    with parsing(damaged(run.path, _VARIATIONS)):
        rows = zip(about, pixels, strict=True)
        return [[checked(Sample(name, picture, label)) for picture in row] for (name, label), row in rows]


def _stored(run: RunFolder, name: str, axes: int) -> tuple[Any, NDArray[np.uint8]] | None:
    """What is said of pictures, from JSON, and their pixels, uint8 (..., H, W, C); None where the file is missing."""
    arrays = stored_arrays(run, name, ("about", "pixels"))
    if arrays is None:
        return None
    about, pixels = arrays["about"], arrays["pixels"]
    with parsing(damaged(run.path, name)):
        if pixels.dtype != np.uint8 or pixels.ndim != axes or pixels.shape[-1] not in (1, 3) or not pixels.size:
            raise ValueError(name)
        return json.loads(str(about)), pixels


def stored_arrays(run: RunFolder, name: str, members: Sequence[str]) -> dict[str, NDArray[Any]] | None:
    """Arrays of an ``.npz`` of a run by their names; None where the file is missing.

    Raises:
        RunError: it is damaged.
    """
    path = run.path / name
    if not path.is_file():
        return None
    data = path.read_bytes()
    with parsing(damaged(run.path, name), OSError), zipfile.ZipFile(io.BytesIO(data)) as file:
        return {member: _array(file.read(f"{member}.npy")) for member in members}


def _array(member: bytes) -> NDArray[Any]:
    """An array of an ``.npz``: as large as its bytes, so that a damaged header asks for no memory.

    Raises:
        ValueError: it is damaged.
    """
    file = io.BytesIO(member)
    version = np.lib.format.read_magic(file)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
    shape, fortran, dtype = read(file)
    if dtype.hasobject:
        raise ValueError(dtype)
    return np.frombuffer(member[file.tell() :], dtype).reshape(shape, order="F" if fortran else "C")


def packed(**arrays: NDArray[Any]) -> bytes:
    """Arrays as an ``.npz``, lightly compressed: NumPy's own way takes four times as long for a tenth of the size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return out.getvalue()
