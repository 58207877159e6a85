"""A recipe's fields as keywords of ``train``, ``tune`` and ``pack``, so that an editor knows them; ``Recipe`` tells of each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from olhar.base.types import StrPath
from olhar.data.read_options import ReadKeywords

if TYPE_CHECKING:
    from torch import nn


class PictureFields(TypedDict, total=False):
    """What decides how pictures are prepared: the keywords of ``pack``."""

    size: int
    colour: str
    fit: str
    whole: bool
    split: str
    bad_pictures: str
    seed: int


class TrialFields(PictureFields, total=False):
    """What the trials of a tuning may share: the keywords of ``tune``, whose ``minutes`` are those of the whole."""

    scaling: str
    folds: int
    group: str
    split_from: str
    model: "StrPath | nn.Module | Callable[[int, int, tuple[int, int]], nn.Module]"
    learn: str
    new_head: bool
    width: int
    depth: int
    stages: str
    dense: str
    dropout: float
    stage_dropout: float
    norm: str
    epochs: int
    batch: int
    optimizer: str
    amsgrad: bool
    momentum: float
    learning_rate: float
    weight_decay: float
    l2: float
    loss: str
    label_smoothing: float
    balance: str
    schedule: str
    warmup: float
    decay_factor: float
    decay_steps: int
    plateau_factor: float
    plateau_patience: int
    averaging: str
    average_span: float
    augment: str
    flip: str
    flip_vertical: str
    shift: float
    rotate: float
    zoom: float
    shear: float
    crop: float
    brightness: float
    contrast: float
    saturation: float
    hue: float
    cutout: float
    mixup: float
    cutmix: float
    fill: str
    patience: int
    watch: str
    keep_by: str
    plateau_watch: str
    stop_at: str
    at_least: float
    prediction_sets: float
    precision: str
    threads: int
    device: str


class RecipeFields(TrialFields, total=False):
    """All of them: the keywords of ``train``."""

    minutes: float


class TrainFields(RecipeFields, ReadKeywords, total=False):
    """The keywords of ``train``: fields of ``Recipe``, and how the data is to be read."""


class TuneFields(TrialFields, ReadKeywords, total=False):
    """The keywords of ``tune``: fields of ``Recipe`` that trials share, and how the data is to be read."""
