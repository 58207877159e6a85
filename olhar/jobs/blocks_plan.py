"""How many views and epochs the last blocks get: the usual, fewer where the disk or the minutes ask for it. Needs torch."""

import time
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch.nn import functional as F

from olhar.base.errors import RunError
from olhar.bodies.heads.head import Head
from olhar.models.learning_body import LearningBody
from olhar.runs.folder import RunFolder
from olhar.training.recipe import Recipe
from olhar.training.views import Varied, kept_at_most

VIEWS, FEWEST_VIEWS = 4, 2
"""Of each picture, the plain one among them."""
FEWEST_EPOCHS = 3

_PLAN = "checkpoints/last-blocks.json"
_TRIED_ON = 16
_TO_FINISH = 5.0
"""Seconds that export and report take."""


@dataclass(frozen=True)
class Plan:
    """What is done. ``views`` 0: none is kept; ``epochs`` 0: there is no time, and ``minutes`` would be needed."""

    views: int
    epochs: int
    minutes: float = 0.0


def plan_of(run: RunFolder, recipe: Recipe, network: LearningBody, source: Varied, sizes: list[int], begun: float) -> Plan:
    """That of a run that goes on, or a new one, written down.

    Args:
        run: the run.
        recipe: its ``epochs`` and ``minutes``.
        network: what learns.
        source: the pictures.
        sizes: how many pictures teach in each of the trainings.
        begun: ``time.monotonic()`` when the person asked.
    """
    try:
        stored = run.read_json(_PLAN)
        return Plan(int(stored["views"]), int(stored["epochs"]))
    except (RunError, KeyError, TypeError, ValueError):
        pass
    room = kept_at_most(network, source, run.path)
    most = min(VIEWS, room) if room >= FEWEST_VIEWS else 0
    plan = Plan(most, recipe.epochs) if not recipe.minutes else _in_time(recipe, network, source, sizes, most, begun)
    if plan.epochs:
        run.write_json(_PLAN, asdict(plan))
    return plan


def _in_time(recipe: Recipe, network: LearningBody, source: Varied, sizes: list[int], most: int, begun: float) -> Plan:
    """As many epochs as fit, then as many views; the fewest of both where nothing else does."""
    a_view, a_step = _seconds(network, source)
    a_step += 0.0 if most else a_view
    left = begun + 60 * recipe.minutes - time.monotonic() - _TO_FINISH
    fewest = min(most, FEWEST_VIEWS)
    for epochs in range(recipe.epochs, FEWEST_EPOCHS - 1, -1):
        for views in range(most, fewest - 1, -1):
            if views * len(source.rows) * a_view + epochs * sum(sizes) * a_step <= left:
                return Plan(views, epochs)
    needed = fewest * len(source.rows) * a_view + FEWEST_EPOCHS * sum(sizes) * a_step
    return Plan(0, 0, (time.monotonic() - begun + _TO_FINISH + needed) / 60)


def _seconds(network: LearningBody, source: Varied) -> tuple[float, float]:
    """What a picture takes: to be read, varied and computed up to the first layer that learns; and to be learnt from."""
    places = np.arange(min(_TRIED_ON, len(source.rows)))
    network.begin(_no_head(network))
    a_view = a_step = 0.0
    for _ in range(2):
        start = time.perf_counter()
        border = network.border(source.scaled(source.augmented(source.read(places), torch.Generator().manual_seed(0))))
        middle = time.perf_counter()
        F.cross_entropy(network(border), torch.zeros(len(places), dtype=torch.long)).backward()
        a_view, a_step = (middle - start) / len(places), (time.perf_counter() - middle) / len(places)
    return a_view, a_step


def _no_head(network: LearningBody) -> Head:
    """On all outputs, of two classes: no more than something to measure with."""
    width = sum(int(network.graph.shapes[name][1] or 0) for name in network.graph.outputs)
    zeros = np.zeros(width, np.float32)
    return Head(tuple(network.names), zeros, zeros, np.zeros((width, 2), np.float32), np.zeros(2, np.float32))
