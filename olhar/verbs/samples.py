"""The pictures that a report shows, chosen once, and kept in the run so that the report can be written again without the data."""

import io
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from olhar.data.split import rows_of
from olhar.evaluation.predictions import Predictions
from olhar.reporting.story import Sample
from olhar.runs.folder import RunFolder
from olhar.verbs.prepare import Prepared

_FILE = "samples.npz"
_OF_A_CLASS, _SAMPLES, _MISTAKES = 10, 200, 24


def chosen(prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64]) -> tuple[list[Sample], list[Sample]]:
    """Up to ten training pictures of each class, and the most confident mistakes; ``rows`` (N,): where those predicted stand."""
    return _samples(prepared), _mistakes(prepared, predictions, rows)


def _samples(prepared: Prepared) -> list[Sample]:
    rows = rows_of(prepared.parts, "train")
    each = max(1, min(_OF_A_CLASS, _SAMPLES // len(prepared.signature.classes)))
    found: list[Sample] = []
    for label in range(len(prepared.signature.classes)):
        for row in rows[prepared.labels[rows] == label][:each].tolist():
            found.append(Sample(prepared.name(row), prepared.packed.pixels[row], label))
    return found


def _mistakes(prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64]) -> list[Sample]:
    wrong = np.flatnonzero(predictions.predicted != predictions.labels)
    worst = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")][:_MISTAKES]
    return [
        Sample(
            str(predictions.pictures[i]),
            prepared.packed.pixels[rows[i]],
            int(predictions.labels[i]),
            int(predictions.predicted[i]),
            float(predictions.confidence[i]),
        )
        for i in worst.tolist()
    ]


def write_samples(run: RunFolder, both: tuple[Sequence[Sample], Sequence[Sample]]) -> None:
    """Keep samples and mistakes in the run: pixels and what is known of them, nothing else of the files."""
    flat = [*both[0], *both[1]]
    about = [[one.picture, one.label, one.predicted, one.confidence] for one in flat]
    out = io.BytesIO()
    pixels = np.stack([one.pixels for one in flat])
    np.savez_compressed(out, pixels=pixels, about=np.array(json.dumps({"rows": about, "samples": len(both[0])})))
    run.write(_FILE, out.getvalue())


def read_samples(run: RunFolder) -> tuple[list[Sample], list[Sample]]:
    """Samples and mistakes of a run; none where the file is missing."""
    path = run.path / _FILE
    if not path.is_file():
        return [], []
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
        about, pixels = json.loads(str(file["about"])), file["pixels"]
    found = [Sample(name, pixels[i], label, predicted, share) for i, (name, label, predicted, share) in enumerate(about["rows"])]
    return found[: about["samples"]], found[about["samples"] :]
