"""compare: is one model, or one recipe, better than another, on the same pictures? Who, by how much, and on which."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack, get_args

from olhar.base.errors import UsageError
from olhar.base.files import refuse_unwritable
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.data.read_options import ReadKeywords
from olhar.data.sources import read
from olhar.evaluation.compare.comparing import Against
from olhar.evaluation.compare.comparison import Comparison
from olhar.studies.comparison_study import compare_on, compare_runs
from olhar.studies.contenders import contenders
from olhar.verbs.load import load
from olhar.verbs.run import Run
from olhar.verbs.several import Several

Given = StrPath | Run | Several
"""A run, a folder of several seeds, or a model file."""


@tells_paths
def compare(
    *models: Given | Sequence[Given],
    data: StrPath | Dataset | None = None,
    against: Against = "first",
    by_recipe: bool = False,
    page: StrPath | None = None,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    **reading: Unpack[ReadKeywords],
) -> Comparison:
    """Compare two or more models, or recipes of three seeds or more each, on the same pictures.

    Without data, on the pictures by which all runs were judged (test parts; folds where there are none), matched by content;
    pictures that taught one of them never judge. Of two models (McNemar 1947, Tango 1998) the answer is about these very models;
    of recipes it holds for other seeds too. See ``docs/compare.md``.

    Args:
        models: each a run, the folder of several seeds, a model file (with ``data`` alone), or a list of runs of one recipe.
        data: labelled pictures that all are asked about, as for ``train``; where it brings a test part, that part alone.
        against: ``first``: each is set beside the first; ``best``: beside the one that is right most often.
        by_recipe: runs whose recipes differ in the seed alone are taken together.
        page: write the comparison to this HTML file, with the pictures on which they differ.
        architecture: a JSON file, for a Keras file that holds weights only.
        lambdas: a formula of ``x`` for each Lambda layer of a Keras file.
        progress: where to tell how far it is.
        reading: how the data is to be read, as ``olhar.read`` takes it (``layout`` ...).

    Raises:
        UsageError: fewer than two, one of them twice, a model file without data, or recipes of fewer than three seeds.
        RunError: a run is unfinished, damaged or without test pictures, or no picture judges all of them.
        DataError: the data cannot be read, or none of it can judge.
        ModelError: a model cannot be opened.
    """
    progress = progress or default_progress()
    if against not in get_args(Against):
        raise UsageError("compare.against", found=str(against))
    if page:
        refuse_unwritable(page)
    named = contenders([_place(one) for one in models], by_recipe=by_recipe, progress=progress)
    if data is None:
        studied, dataset = compare_runs(named, against), None
    else:

        def opened(place: Path) -> Predictor:
            return load(place, architecture=architecture, lambdas=lambdas, progress=progress)

        dataset = read(data, progress=progress, **reading).test_part()
        studied = compare_on(named, dataset, opened, against, progress)
    if page:
        from olhar.reporting.compare_pictures import write_comparison

        write_comparison(studied.comparison, studied.contents, dataset, page, progress)
    return studied.comparison


def _place(given: Given | Sequence[Given]) -> Any:
    """A path, or a list of them."""
    if isinstance(given, (Run, Several)):
        return given.path
    return [_place(one) for one in given] if isinstance(given, (list, tuple)) else given
