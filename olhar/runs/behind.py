"""The pictures behind a report's numbers, and where the model looks in some of them, kept in the run: ``behind.npz``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, checked, parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.samples import Sample, packed, stored_arrays

BEHIND = "behind.npz"


@dataclass(frozen=True, eq=False)
class Behind:
    """Answers with their pictures, small.

    Attributes:
        unsure: those with the lowest probability, right or wrong.
        right: some right answers, in which is shown where the model looks.
        unlike: those that are taken for unlike anything that taught, the strangest first.
        cells: some of each cell of the confusion matrix, the surest mistakes and the least sure right answers first.
        suspects: pictures whose label may be wrong, surest first; empty where the model is right too seldom to say so.
        heat: uint8 (M, h, w): where the model looks when it gives its answer, 255 where most; of the first ``heated`` of the most
            confident mistakes, then of ``right``, as far as time allowed.
        heated: so many maps are of mistakes.
        method: how the maps were made; empty where there are none.
    """

    unsure: Sequence[Sample] = ()
    right: Sequence[Sample] = ()
    cells: Sequence[Sample] = ()
    heat: NDArray[np.uint8] | None = None
    heated: int = 0
    method: Literal["activation", "occlusion", ""] = ""
    unlike: Sequence[Sample] = ()
    suspects: Sequence[Sample] = ()

    @property
    def of_mistakes(self) -> Sequence[NDArray[np.uint8]]:
        """The maps of the first mistakes."""
        return [] if self.heat is None else list(self.heat[: self.heated])

    @property
    def of_right(self) -> Sequence[NDArray[np.uint8]]:
        """The maps of the first of ``right``."""
        return [] if self.heat is None else list(self.heat[self.heated :])


@dataclass(frozen=True)
class _About:
    """What is said of the arrays."""

    rows: list[list[Any]]
    unsure: Count
    right: Count
    heated: Count
    method: Literal["activation", "occlusion", ""]
    unlike: Count = 0
    suspects: Count = 0


def write_behind(run: RunFolder, behind: Behind) -> None:
    """Keep them: pixels, maps and what is known of the pictures. Nothing is written where there are none."""
    flat = [*behind.unsure, *behind.right, *behind.unlike, *behind.cells, *behind.suspects]
    if not flat:
        return
    rows = [[one.picture, one.label, one.predicted, one.confidence] for one in flat]
    counts = len(behind.unsure), len(behind.right), behind.heated
    about = _About(rows, *counts, behind.method, len(behind.unlike), len(behind.suspects))
    heat = np.zeros((0, 1, 1), np.uint8) if behind.heat is None else behind.heat
    pixels = np.stack([one.pixels for one in flat])
    run.write(BEHIND, packed(pixels=pixels, heat=heat, about=np.array(json.dumps(vars(about)))))


def read_behind(run: RunFolder) -> Behind:
    """Those of a run; none where the file is missing, as in runs of earlier versions.

    Raises:
        RunError: it is damaged.
    """
    arrays = stored_arrays(run, BEHIND, ("about", "pixels", "heat"))
    if arrays is None:
        return Behind()
    with parsing(damaged(run.path, BEHIND)):
        about = checked(_About(**json.loads(str(arrays["about"]))))
        pixels, heat = arrays["pixels"], arrays["heat"]
        flat = [checked(Sample(name, pixels[i], *told)) for i, (name, *told) in enumerate(about.rows)]
        _refuse_unlike(about, pixels, heat)
        counts = about.unsure, about.right, about.unlike, len(flat) - about.unsure - about.right - about.unlike - about.suspects
        ends = np.cumsum([0, *counts, about.suspects]).tolist()
        unsure, right, unlike, cells, suspects = (flat[start:end] for start, end in pairwise(ends))
        maps = heat if len(heat) else None
        return Behind(unsure, right, cells, maps, about.heated, about.method, unlike, suspects)


def _refuse_unlike(about: _About, pixels: NDArray[Any], heat: NDArray[Any]) -> None:
    """See to it that arrays are of pictures, and as many as are told of."""
    fits = pixels.dtype == heat.dtype == np.uint8 and pixels.ndim == 4 and heat.ndim == 3 and pixels.shape[-1] in (1, 3)
    kept = about.unsure + about.right + about.unlike + about.suspects
    counted = len(about.rows) == len(pixels) >= kept and about.heated <= len(heat)
    if not fits or not counted or not pixels.size or (len(heat) and not heat.size):
        raise ValueError(BEHIND)
