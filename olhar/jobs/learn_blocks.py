"""After the head: the last blocks of its body learn too, in a run; kept only if they are better. Needs torch."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.base.errors import Stopped
from olhar.base.images import Pixels
from olhar.base.progress import Advance, Progress
from olhar.base.texts import Sentence, sentence
from olhar.bodies.body import Body
from olhar.bodies.head_start import HeadStart
from olhar.bodies.heads.head import softmax
from olhar.bodies.heads.learning import LearntHead
from olhar.bodies.learning_part import learning_part
from olhar.bodies.opened import names_of, network_of, published_graph
from olhar.jobs.blocks_plan import Plan, plan_of
from olhar.jobs.interrupt import asked_to_stop
from olhar.jobs.last_blocks import Teaching, better, head_and_blocks, held_out, tempered, tuned_on
from olhar.jobs.prepare import Prepared
from olhar.models.learning_body import LearningBody
from olhar.runs.folder import RunFolder
from olhar.runs.head_record import LastBlocks
from olhar.training.augment import Augmentation
from olhar.training.augment_presets import preset_fields
from olhar.training.last_blocks import Gently
from olhar.training.process import training_process
from olhar.training.views import LiveViews, Varied, Views, keep_views

_ALL_FOLDS = 1500
"""Up to so many pictures, all folds judge also where a test part is there; beyond, one of them says enough."""


@dataclass(frozen=True)
class Tuned:
    """A body whose last blocks have learnt, and what stands in the place of the head alone.

    Attributes:
        learnt: the head on it, and what was said out of fold.
        body: the same with the weights that were learnt.
        answers: uint8 (N, H, W, C) -> probabilities, float32 (N, K), by torch from the first layer on.
        steps: that all pictures together took.
    """

    learnt: LearntHead
    body: Body
    answers: Callable[[Pixels], NDArray[np.float32]]
    steps: int


def learn_blocks(
    run: RunFolder,
    prepared: Prepared,
    begun_with: HeadStart,
    learnt: LearntHead,
    progress: Progress,
    *,
    weights: NDArray[np.float64] | None,
    begun: float,
) -> tuple[LastBlocks | None, Tuned | None]:
    """What came of it, None where it could not begin; and the network where it is better.

    Args:
        run: where folds that are done are kept until the end.
        prepared: the pictures and the recipe, whose ``learn`` says what learns.
        begun_with: the body, and what it says of the pictures.
        learnt: the head that all of them taught.
        progress: where to tell how far it is.
        weights: float64 (N,), how much each picture that teaches counts; None: all alike.
        begun: ``time.monotonic()`` when the person asked.

    Raises:
        Stopped: the person asked to stop; folds that are done are kept.
        DataError: the disk is full.
    """
    graph = published_graph(begun_with.body.name, begun_with.body.height)
    learning = learning_part(graph, prepared.recipe.learn)
    if learnt.kind == "nearest mean" or not learning:
        reason = "nothing_held_back" if learning else "head_only"
        progress.line(sentence(f"last_blocks.{reason}", found=prepared.recipe.learn))
        return None, None
    with training_process(), asked_to_stop() as stop:
        torch.set_num_threads(prepared.recipe.threads or torch.get_num_threads())
        network = LearningBody(graph, names_of(graph), learning)
        return _Stage(run, prepared, begun_with, learnt, weights, network, progress, stop).learn(begun)


@dataclass(frozen=True)
class _Stage:
    """The last blocks of one run at work."""

    run: RunFolder
    prepared: Prepared
    begun_with: HeadStart
    learnt: LearntHead
    weights: NDArray[np.float64] | None
    network: LearningBody
    progress: Progress
    stop: Callable[[], bool]

    @property
    def judged(self) -> list[int]:
        """The folds whose pictures judge."""
        all_folds = bool(self.prepared.recipe.folds) or len(self.learnt.fold) <= _ALL_FOLDS
        return np.unique(self.learnt.fold).tolist() if all_folds else [0]

    def learn(self, begun: float) -> tuple[LastBlocks | None, Tuned | None]:
        """Views, folds, the comparison, and the network that all pictures teach where it is better."""
        source, fold = self._source(), self.learnt.fold
        sizes = [int((fold != number).sum()) for number in self.judged] + [len(fold)]
        plan = plan_of(self.run, self.prepared.recipe, self.network, source, sizes, begun)
        if not plan.epochs:
            self.progress.line(sentence("last_blocks.no_time", minutes=self.prepared.recipe.minutes, needed=plan.minutes))
            return None, None
        self._tell(plan, len(fold))
        recipe = self.prepared.recipe
        how = Gently(plan.epochs, recipe.batch, recipe.learning_rate, recipe.weight_decay, recipe.label_smoothing, recipe.seed)
        teaching = self._teaching(self._views(source, plan))
        with self.progress.stage(sentence("last_blocks.judging"), sum(map(how.steps, sizes[:-1]))) as advance:
            logits = [self._fold(teaching, number, how, advance) for number in self.judged]
        record, probabilities = self._compared(teaching, logits, plan)
        self.progress.line(told(record))
        return record, self._tuned(teaching, how, record, probabilities) if record.kept else None

    def _source(self) -> Varied:
        recipe = self.prepared.recipe
        varied = recipe.with_(preset_fields(recipe, mirrors=self.prepared.dataset.mirrorable) | {"mixup": 0.0, "cutmix": 0.0})
        augmentation = Augmentation.of(varied, self._classes)
        return Varied(self.prepared.packed.pixels, self.prepared.teaching, self.prepared.signature, augmentation, recipe.seed)

    @property
    def _classes(self) -> int:
        return len(self.prepared.signature.classes)

    def _views(self, source: Varied, plan: Plan) -> Views:
        if not plan.views:
            return LiveViews(self.network, source)
        with self.progress.stage(sentence("last_blocks.looking"), plan.views * len(source.rows)) as advance:
            return keep_views(self.network, source, plan.views, self.run.checkpoints, self._heard(advance))

    def _teaching(self, views: Views) -> Teaching:
        rows = self.prepared.teaching
        features = {name: values[:, rows] for name, values in self.begun_with.features.blocks().items()}
        return Teaching(
            features, self.prepared.labels[rows], self.prepared.division.groups[rows], self._classes, self.weights, views
        )

    def _heard(self, advance: Advance) -> Callable[[int], None]:
        """The same, which ends the stage once somebody has asked to stop."""

        def move(n: int) -> None:
            advance(n)
            if self.stop():
                raise Stopped("last_blocks.stopped", where=str(self.run.path))

        return move

    def _fold(self, teaching: Teaching, number: int, how: Gently, advance: Advance) -> NDArray[np.float64]:
        """Logits (n, K) of one fold's pictures; those that an interrupted training has kept are taken."""
        name, own = _kept_as(number), self.learnt.fold == number
        kept = _kept_logits(self.run, name, (int(own.sum()), self._classes))
        if kept is not None:
            advance(how.steps(int((~own).sum())))
            return kept
        move = self._heard(advance)
        logits = held_out(self.network, teaching, self.learnt.fold, number, how, lambda: move(1))
        content = io.BytesIO()
        np.save(content, logits)
        self.run.write(name, content.getvalue())
        return logits

    def _compared(
        self, teaching: Teaching, logits: list[NDArray[np.float64]], plan: Plan
    ) -> tuple[LastBlocks, NDArray[np.float32]]:
        """What came of both ways; and probabilities, float32 (N, K), in which those that judged have the network's."""
        rows = np.concatenate([np.flatnonzero(self.learnt.fold == number) for number in self.judged])
        fold = self.learnt.fold[rows] if len(self.judged) > 1 else np.arange(len(rows)) % 2
        labels, head = teaching.labels[rows], self.learnt.out_of_fold
        own, temperature = tempered(np.concatenate(logits), labels, fold, self._classes)
        probabilities = head.copy()
        probabilities[rows] = own
        compared = head_and_blocks(head[rows], own, labels, teaching.groups[rows])
        record = LastBlocks(
            learn=self.prepared.recipe.learn,
            layers=tuple(sorted(self.network.learning)),
            numbers=self.network.numbers,
            views=plan.views,
            epochs=plan.epochs,
            pictures=len(rows),
            temperature=temperature,
            kept=better(compared),
            **asdict(compared),
        )
        return record, probabilities

    def _tuned(self, teaching: Teaching, how: Gently, record: LastBlocks, probabilities: NDArray[np.float32]) -> Tuned:
        """All pictures teach, from the head that all of them taught; then the temperature."""
        rows, by = np.arange(len(teaching.labels)), 1 / record.temperature
        with self.progress.stage(sentence("train.learning"), how.steps(len(rows))) as advance:
            move = self._heard(advance)
            tuned_on(self.network, teaching, rows, self.learnt.head, how, lambda: move(1))
        network = self.network.eval()
        source, body = self._source(), self.begun_with.body
        return Tuned(
            learnt=replace(self.learnt, head=network.learnt_head().scaled(by), out_of_fold=probabilities),
            body=replace(body, network=network_of(network.learnt_graph())),
            answers=lambda pixels: softmax(by * network.whole(source.scaled(pixels)).numpy()).astype(np.float32),
            steps=how.steps(len(rows)),
        )

    def _tell(self, plan: Plan, pictures: int) -> None:
        layers = len(self.network.learning)
        about = {"layers": layers, "numbers": self.network.numbers, "learn": self.prepared.recipe.learn, "epochs": plan.epochs}
        key = "begun" if plan.views else "begun_live"
        self.progress.line(sentence(f"last_blocks.{key}", **about, views=plan.views, n=pictures))


def told(record: LastBlocks) -> Sentence:
    """What was measured, and what is kept of it."""
    values = asdict(record) | {"head": record.head_right / record.pictures, "blocks": record.right / record.pictures}
    return sentence("last_blocks.kept" if record.kept else "last_blocks.not_kept", **values)


def _kept_as(number: int) -> str:
    return f"checkpoints/last-blocks-{number}.npy"


def _kept_logits(run: RunFolder, name: str, shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """Those of a fold that was done before; None where it was not."""
    try:
        values: NDArray[np.float64] = np.load(run.path / name, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return values if values.shape == shape and values.dtype == np.float64 else None
