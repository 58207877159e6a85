"""What follows the last epoch: the best weights become a bundle, the test pictures judge it once, and the report is written.

Learnt -> FinishedModel -> Judgement -> pictures and numbers in the run -> Story -> report.
"""

import time

from olhar.base.one_thread import one_blas_thread
from olhar.base.progress import Progress
from olhar.base.side_by_side import side_by_side
from olhar.bundle.predictor import Predictor
from olhar.jobs.baselines import baselines
from olhar.jobs.behind import PredictedPictures, behind
from olhar.jobs.distribution import taught_distribution
from olhar.jobs.finished_model import FinishedModel, carry_card, finished_model
from olhar.jobs.judging import Judgement, judge
from olhar.jobs.learnt import Learnt
from olhar.jobs.prepare import Prepared
from olhar.jobs.run_numbers import Numbers, run_numbers
from olhar.jobs.samples import chosen
from olhar.reporting.page import compile_templates
from olhar.reporting.run_report import story, write_report
from olhar.runs.behind import write_behind
from olhar.runs.distribution import write_distribution
from olhar.runs.environment import kept_environment
from olhar.runs.folder import RunFolder
from olhar.runs.network import write_network
from olhar.runs.samples import write_samples, write_variations
from olhar.runs.weights import write_weights


@one_blas_thread()
def finish(run: RunFolder, prepared: Prepared, learnt: Learnt, progress: Progress, seconds: float) -> None:
    """Turn what was learnt into a finished run.

    Args:
        run: the run's folder.
        prepared: the pictures.
        learnt: what the training came to.
        progress: where to tell how far it is.
        seconds: that the training took until now.

    Raises:
        ModelError: the exported file does not agree with the trained weights; nothing is kept of it.
        RunError: the folder cannot be written, or is gone.
    """
    begun = time.monotonic()
    model, _ = side_by_side(lambda: finished_model(run, prepared, learnt, progress), lambda: write_weights(run, learnt.weights))
    judgement = judge(run, prepared, model.learnt, model.predictor, progress)
    _, plain = side_by_side(
        lambda: _keep_pictures(run, prepared, judgement, model.predictor),
        lambda: _taught_and_plain(run, prepared, judgement, model),
    )
    _keep_environment(run, learnt, seconds + time.monotonic() - begun)
    run.write_json("metrics.json", run_numbers(prepared, model, judgement, plain, progress))
    _report(run)
    run.refuse_gone(begun=True)


def _taught_and_plain(run: RunFolder, prepared: Prepared, judgement: Judgement, model: FinishedModel) -> Numbers:
    """What needs nothing of the pictures that are shown: what taught is kept; what plain models come to is found."""
    _keep_taught(run, prepared, model)
    compile_templates()
    return baselines(prepared, judgement.part, judgement.folds)


def _keep_taught(run: RunFolder, prepared: Prepared, model: FinishedModel) -> None:
    """What learnt, and what the pictures were like that it learnt from."""
    write_network(run, model.learnt.layers)
    write_variations(run, model.learnt.variations)
    write_distribution(run, taught_distribution(prepared, model.predictor, model.learnt))


def _keep_pictures(run: RunFolder, prepared: Prepared, judgement: Judgement, predictor: Predictor) -> None:
    """Keep the pictures that the report shows."""
    answers = judgement.shown
    if answers is None:
        return
    samples, mistakes = chosen(prepared, answers.predictions, answers.rows)
    write_samples(run, samples, mistakes)
    pictures = PredictedPictures(answers.predictions, prepared.packed.pixels, answers.rows)
    write_behind(run, behind(pictures, mistakes, predictor))


def _keep_environment(run: RunFolder, learnt: Learnt, seconds: float) -> None:
    """Where and with what it was learnt, and how long that took."""
    took = {"device": learnt.device, "precision": learnt.precision, "seconds": f"{seconds:.1f}"}
    run.write_json("environment.json", kept_environment(run) | took)


def _report(run: RunFolder) -> None:
    told = story(run)
    side_by_side(lambda: write_report(run, told), lambda: carry_card(run, told))
