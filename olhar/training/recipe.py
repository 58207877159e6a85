"""Recipe: every choice of a training, as one frozen dataclass; TOML in and out. Flags and keywords are made from its fields."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from dataclasses import field as declare
from types import MappingProxyType
from typing import Any

from olhar.base.errors import RecipeError
from olhar.base.scaling import SCALINGS
from olhar.base.signature import FITS
from olhar.base.spellings import elsewhere, nearest, spelled_fields, spelled_value
from olhar.base.texts import Sentence, say, sentence
from olhar.models.network_shape import KNOWN, NORMS, NetworkShape, parse_widths
from olhar.training.augment_presets import PRESETS

AUTO = "auto"
FEATURES = "features"
WATCHED = ("loss", "accuracy", "f1")
GOAL = r"(|(accuracy|f1)(>=|=)(0?[.,]\d+|0|1([.,]0+)?)|loss(<=|=)(\d+([.,]\d+)?|[.,]\d+))"
"""A number of validation that ends the training once it is reached; ``=`` alone is for shells, to which ``>`` means a file."""


def _field(
    default: Any,
    *,
    choices: tuple[str, ...] = (),
    also: str = "",
    low: float | None = None,
    high: float | None = None,
    pattern: str = "",
) -> Any:
    """``also`` is a further choice in which N stands for a whole number from 1; ``pattern`` is for any text."""
    rules = {"choices": choices, "also": also, "low": low, "high": high, "pattern": pattern}
    return declare(default=default, metadata=MappingProxyType(rules))


@dataclass(frozen=True)
class Recipe:
    """The choices of a training, in the data's order. 0 and ``auto`` leave a choice to Olhar, which writes down what it took.

    Attributes:
        size: side of the network's picture in pixels; 0: by the data.
        colour: ``rgb``, ``gray`` or ``auto`` (gray where all pictures are).
        fit: how a picture of another shape becomes the network's: ``stretch``, ``crop``, ``pad``, or ``auto`` (as a Keras file
            wants it, else stretched).
        whole: decode large JPEGs whole, as browsers do, and not at a half or less of their size: slower.
        scaling: of the pixels, see ``base.scaling``; ``auto``: as a Keras file wants it, else by the training pictures.
        split: shares of training, validation and test where the data brings no parts.
        folds: so many trainings, each judged on the share of the pictures that it does not see, estimate how good the model
            is that then learns from all but those that choose its best epoch; 0: none; -1: five where a test part would be too
            small to judge by.
        group: a regular expression with one group in brackets; pictures in whose names it finds the same stay in one part.
        split_from: a run whose split is kept; pictures that it does not know are dealt as ever.
        bad_pictures: ``skip`` leaves them out and names them, ``stop`` ends at the first.
        seed: of the split, the weights, the order and the augmentation.
        model: name of the network, a Keras file to begin from, ``FILE.py:FUNCTION``, or ``auto``: by the number of
            pictures, their size and the time.
        learn: what of a Keras file, or of a head start's body, learns: ``head``, ``last:N`` (leaf layers), ``all``; ``auto`` is
            ``head``, and the last block too where a head start is given ``minutes``. ``features``: a new head learns from what
            the file sees in each picture, as that of a head start does: in seconds, without torch.
        new_head: give a Keras file another head even where its classes are the pictures'.
        width: channels of its first stage; 0: the network's own.
        depth: convolutions or blocks a stage; 0: the network's own.
        stages: channels of each stage, such as ``32,64,128``, in place of ``width``; empty: the network's own.
        dense: units of the dense layers before the last, such as ``256,256``; ``none``; empty: the network's own.
        dropout: share dropped while training after each dense layer, or of the features where there is none.
        stage_dropout: share dropped after each stage, in ``cnn`` and ``vgg``.
        norm: batch normalisation after each ``convolution``, after each ``stage``, or ``off``, in ``cnn`` and ``vgg``.
        epochs: how often each training picture is seen.
        minutes: time from the command to its end, in place of ``epochs``; 0: none.
        batch: pictures a step; 0: by the data.
        optimizer: ``adamw`` (Loshchilov and Hutter 2019), ``adam`` (Kingma and Ba 2015), ``sgd`` with Nesterov's momentum, or
            ``muon`` (Jordan 2024) for the kernels within, with AdamW for the rest; ``auto``: muon for a network of ours, but
            adamw with a learning rate, weight decay or AMSGrad of one's own, and for any other network.
        amsgrad: Adam's second moment never falls (Reddi 2018); for adam and adamw.
        momentum: of sgd and muon; -1: the optimiser's own (0.9 for sgd, 0.6 for muon).
        learning_rate: the peak; 0: by the optimiser and the batch.
        weight_decay: on matrices and kernels only, apart from the gradient; -1: the optimiser's own (0.05 for adamw, 0.0005 for
            sgd, 0.01 for muon, none for adam).
        l2: so much times the sum of the squares of matrices and kernels is added to the loss, as Keras's ``l2`` does.
        loss: ``cross-entropy``, or ``binary``: binary cross-entropy of each class's probability, its mean over the classes; for
            two classes the two are the same, and the same as one sigmoid unit.
        label_smoothing: share of the target that is spread over all classes.
        balance: classes of unequal size: ``weights`` lets a rare class's pictures count more, ``sampling`` shows them more
            often, ``none`` leaves them; ``auto`` samples where the largest class has three times the pictures of the smallest.
        schedule: ``one-cycle`` (Smith and Topin 2018), ``cosine``, ``constant``, ``exponential`` (times ``decay_factor`` after
            every ``decay_steps`` steps) or ``plateau`` (times ``plateau_factor`` after ``plateau_patience`` epochs with
            nothing better).
        warmup: share of the steps in which the rate rises; -1: the schedule's own (0.15 for one-cycle, 0.05 but 500 steps at
            most for the others).
        decay_factor: of the schedule ``exponential``.
        decay_steps: steps in which the rate falls by it.
        plateau_factor: of the schedule ``plateau``.
        plateau_patience: epochs with nothing better after which the rate falls by it.
        averaging: ``ema``: the network that answers is a moving average of the one that learns (Polyak and Juditsky 1992);
            ``tail``: the plain mean of its last steps (Izmailov 2018); ``none``.
        average_span: the share of all steps that the average reaches back.
        augment: the ranges by name: ``none``, ``light``, ``standard``, ``strong``, or a document's own; each of the following
            fields wins over it, -1 and ``auto`` leave the choice to it.
        flip: mirror half of the training pictures: ``on``, ``off``, or ``auto`` (not for digits and letters).
        flip_vertical: turn half of them upside down.
        shift: move them by up to this share of their side.
        rotate: turn them by up to so many degrees.
        zoom: scale them by a factor between 1 - zoom and 1 + zoom.
        shear: slant them by up to so many degrees.
        crop: keep a window whose side is between 1 - crop and 1 of theirs.
        brightness: multiply by a factor between 1 - brightness and 1 + brightness.
        contrast: the same for the distance from the picture's mean.
        saturation: the same for the distance from gray.
        hue: turn the colours by up to so many degrees.
        cutout: fill a square of this share of the side with the mean colour.
        mixup: mix each with another, by shares from Beta(mixup, mixup).
        cutmix: put a box of another into each, its area from Beta(cutmix, cutmix).
        fill: what lies outside a moved picture: ``reflect``, ``nearest`` or ``black``.
        patience: stop after so many epochs in which ``watch`` was not better; 0: never; -1: a third of them, ten at least.
        watch: the number of validation that patience waits for: ``loss`` (as it is learnt from, with its label smoothing),
            ``accuracy``, ``f1``; ``auto``: as ``keep_by``.
        keep_by: the number by which the best epoch is kept; ``auto``: that of ``stop_at``, else ``f1`` where ``balance`` acts,
            else ``loss``.
        plateau_watch: the number that the schedule ``plateau`` waits for; ``auto``: as ``keep_by``.
        stop_at: end once validation reaches this, as ``accuracy>=0.95``, ``f1>=0.9`` or ``loss<=0.2``.
        at_least: so many of the answers are to be right, as 0.99; where the model is not sure enough for that it says that it
            does not know. 0: it always answers.
        prediction_sets: beside its answer the model names a set of classes that holds the true one in so many of all pictures,
            as 0.95. 0: none.
        precision: ``fp32``, ``bf16``, or ``auto`` (bf16 where the machine has it in hardware).
        threads: of the processor; 0: by a short trial, as a core that is busy with something else makes two slower than one.
        device: ``cpu``, ``cuda``, ``mps`` or ``auto``.
    """

    size: int = _field(0, low=0, high=1024)
    colour: str = _field(AUTO, choices=(AUTO, "rgb", "gray"))
    fit: str = _field(AUTO, choices=(AUTO, *FITS))
    whole: bool = _field(False)
    scaling: str = _field(AUTO, choices=(AUTO, *SCALINGS))
    split: str = _field("80/10/10")
    folds: int = _field(-1, low=-1, high=100)
    group: str = _field("")
    split_from: str = _field("")
    bad_pictures: str = _field("skip", choices=("skip", "stop"))
    seed: int = _field(0, low=0, high=2**31 - 1)
    model: str = _field(AUTO)
    learn: str = _field(AUTO, choices=(AUTO, "head", FEATURES, "all"), also="last:N")
    new_head: bool = _field(False)
    width: int = _field(0, low=0, high=1024)
    depth: int = _field(0, low=0, high=64)
    stages: str = _field("")
    dense: str = _field("")
    dropout: float = _field(0.0, low=0, high=0.95)
    stage_dropout: float = _field(0.0, low=0, high=0.95)
    norm: str = _field(AUTO, choices=NORMS)
    epochs: int = _field(20, low=1, high=100_000)
    minutes: float = _field(0.0, low=0, high=100_000)
    batch: int = _field(0, low=0, high=65_536)
    optimizer: str = _field(AUTO, choices=(AUTO, "adamw", "adam", "sgd", "muon"))
    amsgrad: bool = _field(False)
    momentum: float = _field(-1.0, low=-1, high=0.9999)
    learning_rate: float = _field(0.0, low=0, high=100)
    weight_decay: float = _field(-1.0, low=-1, high=100)
    l2: float = _field(0.0, low=0, high=100)
    loss: str = _field("cross-entropy", choices=("cross-entropy", "binary"))
    label_smoothing: float = _field(0.1, low=0, high=0.95)
    balance: str = _field(AUTO, choices=(AUTO, "none", "weights", "sampling"))
    schedule: str = _field("one-cycle", choices=("one-cycle", "cosine", "constant", "exponential", "plateau"))
    warmup: float = _field(-1.0, low=-1, high=1)
    decay_factor: float = _field(0.96, low=1e-6, high=1)
    decay_steps: int = _field(1000, low=1, high=10**9)
    plateau_factor: float = _field(0.5, low=1e-6, high=1)
    plateau_patience: int = _field(3, low=1, high=100_000)
    averaging: str = _field("none", choices=("none", "ema", "tail"))
    average_span: float = _field(0.1, low=0.001, high=1)
    augment: str = _field("standard", choices=tuple(PRESETS))
    flip: str = _field(AUTO, choices=(AUTO, "on", "off"))
    flip_vertical: str = _field(AUTO, choices=(AUTO, "on", "off"))
    shift: float = _field(-1.0, low=-1, high=0.5)
    rotate: float = _field(-1.0, low=-1, high=180)
    zoom: float = _field(-1.0, low=-1, high=0.9)
    shear: float = _field(-1.0, low=-1, high=60)
    crop: float = _field(-1.0, low=-1, high=0.9)
    brightness: float = _field(-1.0, low=-1, high=0.95)
    contrast: float = _field(-1.0, low=-1, high=0.95)
    saturation: float = _field(-1.0, low=-1, high=1)
    hue: float = _field(-1.0, low=-1, high=180)
    cutout: float = _field(-1.0, low=-1, high=0.9)
    mixup: float = _field(-1.0, low=-1, high=10)
    cutmix: float = _field(-1.0, low=-1, high=10)
    fill: str = _field(AUTO, choices=(AUTO, "reflect", "nearest", "black"))
    patience: int = _field(-1, low=-1, high=100_000)
    watch: str = _field(AUTO, choices=(AUTO, *WATCHED))
    keep_by: str = _field(AUTO, choices=(AUTO, *WATCHED))
    plateau_watch: str = _field(AUTO, choices=(AUTO, *WATCHED))
    stop_at: str = _field("", pattern=GOAL)
    at_least: float = _field(0.0, low=0, high=0.9999)
    prediction_sets: float = _field(0.0, low=0, high=0.9999)
    precision: str = _field(AUTO, choices=(AUTO, "fp32", "bf16"))
    threads: int = _field(0, low=0, high=1024)
    device: str = _field(AUTO, choices=(AUTO, "cpu", "cuda", "mps"))

    def with_(self, changes: Mapping[str, Any]) -> "Recipe":
        """The same recipe with other values, each checked; names and values may be written as Keras writes them.

        Raises:
            RecipeError: an unknown field (the nearest is named), a wrong type, or a value out of its range.
        """
        return replace(self, **{key: _checked(key, value) for key, value in spelled_fields(changes, FIELDS).items()})

    @property
    def shape(self) -> NetworkShape:
        """What the recipe says of the network's shape.

        Raises:
            RecipeError: ``stages`` or ``dense`` are not numbers with commas between them.
        """
        return NetworkShape(
            width=self.width,
            depth=self.depth,
            stages=parse_widths("stages", self.stages),
            dense=parse_widths("dense", self.dense) if self.dense.strip() else None,
            dropout=self.dropout,
            stage_dropout=self.stage_dropout,
            norm=self.norm,
        )

    def to_toml(self) -> str:
        """The recipe as TOML, a line a field."""
        return "".join(f"{key} = {_toml(value)}\n" for key, value in asdict(self).items())

    @classmethod
    def from_toml(cls, text: str, where: str) -> "Recipe":
        """Read a recipe; fields that are not named keep their defaults, and ranges for ``olhar tune`` are passed over.

        Raises:
            RecipeError: not TOML, or as ``with_``; ``where`` names the file.
        """
        try:
            table = tomllib.loads(text)
            table.pop("tune", None)  # the ranges of olhar tune
            return cls().with_(table)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError("recipe.not_toml", where=where, reason=str(error)) from error


FIELDS: Mapping[str, Any] = MappingProxyType({field.name: field for field in fields(Recipe)})


def _toml(value: str | float) -> str:
    """A text or number as TOML: JSON's form, but that TOML wants DEL escaped too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def wrong_type(key: str, value: object) -> RecipeError:
    """The error for a value of a type that a field does not take."""
    kinds = {int: "recipe.whole_number", float: "recipe.any_number", str: "recipe.words", bool: "recipe.true_or_false"}
    return RecipeError("recipe.wrong_type", field=key, found=str(value), expected=say(kinds[type(FIELDS[key].default)]))


def _numbered(form: str, value: Any) -> bool:
    """Whether a value is of a form like ``last:N``."""
    return bool(form) and re.fullmatch(re.escape(form).replace("N", r"[1-9]\d{0,4}"), str(value)) is not None


def _hint(key: str) -> Sentence:
    """What to say of a field that is none: what there is in its place, or the nearest name."""
    near = nearest(key, [field.replace("_", "-") for field in FIELDS])
    said = sentence("recipe.near", near=near.replace("-", "_")) if near else sentence("recipe.fields")
    return elsewhere(key) or said


def _checked(key: str, value: Any) -> Any:
    """``value`` in the field's own type."""
    if key not in FIELDS:
        raise RecipeError("recipe.unknown_field", found=key, hint=_hint(key))
    rules, kind = FIELDS[key].metadata, type(FIELDS[key].default)
    value = spelled_value(key, value, (AUTO, *KNOWN) if key == "model" else rules["choices"])
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise wrong_type(key, value)
    if rules["choices"] and value not in rules["choices"] and not _numbered(rules["also"], value):
        choices = ", ".join(filter(None, (*rules["choices"], rules["also"])))
        raise RecipeError("recipe.not_a_choice", field=key, found=value, choices=choices)
    if rules["pattern"] and not re.fullmatch(rules["pattern"], str(value)):
        flag, example = key.replace("_", "-"), say(f"recipe.example_{key}")
        raise RecipeError("recipe.not_of_form", field=key, found=value, flag=flag, example=example)
    left_open = rules["low"] == -1 and value == -1
    if rules["low"] is not None and not left_open and not max(rules["low"], 0) <= value <= rules["high"]:
        raise RecipeError("recipe.out_of_range", field=key, found=value, low=rules["low"], high=rules["high"])
    return value
