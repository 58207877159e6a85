"""Recipe: every choice of a training, as one frozen dataclass; TOML in and out. Flags and keywords are made from its fields."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from dataclasses import field as declare
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from olhar.base.errors import RecipeError
from olhar.base.scaling import SCALINGS
from olhar.base.signature import FITS
from olhar.base.texts import say

AUTO = "auto"


def _field(
    default: Any, *, choices: tuple[str, ...] = (), also: str = "", low: float | None = None, high: float | None = None
) -> Any:
    """``also`` is a further choice in which N stands for a whole number from 1."""
    return declare(default=default, metadata=MappingProxyType({"choices": choices, "also": also, "low": low, "high": high}))


@dataclass(frozen=True)
class Recipe:
    """The choices of a training, in the data's order. 0 and ``auto`` leave a choice to Olhar, which writes down what it took.

    Attributes:
        size: side of the network's picture in pixels; 0: by the data.
        colour: ``rgb``, ``gray`` or ``auto`` (gray where all pictures are).
        fit: how a picture of another shape becomes the network's: ``stretch``, ``crop``, ``pad``, or ``auto`` (as a Keras file
            wants it, else stretched).
        scaling: of the pixels, see ``base.scaling``; ``auto``: as a Keras file wants it, else by the training pictures.
        split: shares of training, validation and test where the data brings no parts.
        group: a regular expression with one group in brackets; pictures in whose names it finds the same stay in one part.
        split_from: a run whose split is kept; pictures that it does not know are dealt as ever.
        bad_pictures: ``skip`` leaves them out and names them, ``stop`` ends at the first.
        seed: of the split, the weights, the order and the augmentation.
        model: name of the network, or a Keras file to begin from.
        learn: what of a Keras file learns: ``head``, ``last:N`` (leaf layers), ``all``; ``auto`` is ``head``.
        new_head: give a Keras file another head even where its classes are the pictures'.
        width: channels of its first stage; 0: the network's own.
        dropout: share of the features dropped while training.
        epochs: how often each training picture is seen.
        minutes: time from the command to its end, in place of ``epochs``; 0: none.
        batch: pictures a step; 0: by the data.
        optimizer: ``adamw`` (Loshchilov and Hutter 2019) or ``sgd`` with Nesterov's momentum 0.9.
        learning_rate: the peak; 0: by the optimiser and the batch.
        weight_decay: on matrices and kernels only; -1: the optimiser's own (0.05 for adamw, 0.0005 for sgd).
        label_smoothing: share of the target that is spread over all classes.
        schedule: ``one-cycle`` (Smith and Topin 2018), ``cosine`` or ``constant``.
        flip: mirror half of the training pictures: ``on``, ``off``, or ``auto`` (not for digits and letters).
        shift: move training pictures by up to this share of their side.
        patience: stop after so many epochs without a better validation loss; 0: never; -1: a third of them, ten at least.
        precision: ``fp32``, ``bf16``, or ``auto`` (bf16 where the machine has it in hardware).
        threads: of the processor; 0: by a short trial, as a core that is busy with something else makes two slower than one.
        device: ``cpu``, ``cuda``, ``mps`` or ``auto``.
    """

    size: int = _field(0, low=0, high=1024)
    colour: str = _field(AUTO, choices=(AUTO, "rgb", "gray"))
    fit: str = _field(AUTO, choices=(AUTO, *FITS))
    scaling: str = _field(AUTO, choices=(AUTO, *SCALINGS))
    split: str = _field("80/10/10")
    group: str = _field("")
    split_from: str = _field("")
    bad_pictures: str = _field("skip", choices=("skip", "stop"))
    seed: int = _field(0, low=0, high=2**31 - 1)
    model: str = _field("resnet")
    learn: str = _field(AUTO, choices=(AUTO, "head", "all"), also="last:N")
    new_head: bool = _field(False)
    width: int = _field(0, low=0, high=1024)
    dropout: float = _field(0.0, low=0, high=0.95)
    epochs: int = _field(20, low=1, high=100_000)
    minutes: float = _field(0.0, low=0, high=100_000)
    batch: int = _field(0, low=0, high=65_536)
    optimizer: str = _field("adamw", choices=("adamw", "sgd"))
    learning_rate: float = _field(0.0, low=0, high=100)
    weight_decay: float = _field(-1.0, low=-1, high=100)
    label_smoothing: float = _field(0.1, low=0, high=0.95)
    schedule: str = _field("one-cycle", choices=("one-cycle", "cosine", "constant"))
    flip: str = _field(AUTO, choices=(AUTO, "on", "off"))
    shift: float = _field(0.1, low=0, high=0.5)
    patience: int = _field(-1, low=-1, high=100_000)
    precision: str = _field(AUTO, choices=(AUTO, "fp32", "bf16"))
    threads: int = _field(0, low=0, high=1024)
    device: str = _field(AUTO, choices=(AUTO, "cpu", "cuda", "mps"))

    def with_(self, changes: Mapping[str, Any]) -> "Recipe":
        """The same recipe with other values, each checked.

        Raises:
            RecipeError: an unknown field (the nearest is named), a wrong type, or a value out of its range.
        """
        return replace(self, **{key: _checked(key, value) for key, value in changes.items()})

    def to_toml(self) -> str:
        """The recipe as TOML, a line a field."""
        return "".join(f"{key} = {_toml(value)}\n" for key, value in asdict(self).items())

    @classmethod
    def from_toml(cls, text: str, where: str) -> "Recipe":
        """Read a recipe; fields that are not named keep their defaults.

        Raises:
            RecipeError: not TOML, or as ``with_``; ``where`` names the file.
        """
        try:
            return cls().with_(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise RecipeError("recipe.not_toml", where=where, reason=str(error)) from error


FIELDS: Mapping[str, Any] = MappingProxyType({one.name: one for one in fields(Recipe)})


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


def _checked(key: str, value: Any) -> Any:
    """``value`` in the field's own type."""
    if key not in FIELDS:
        near = get_close_matches(key, FIELDS, 1)
        raise RecipeError("recipe.unknown_field", found=key, near=near[0] if near else "epochs")
    rules, kind = FIELDS[key].metadata, type(FIELDS[key].default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise wrong_type(key, value)
    if rules["choices"] and value not in rules["choices"] and not _numbered(rules["also"], value):
        known = ", ".join(filter(None, (*rules["choices"], rules["also"])))
        raise RecipeError("recipe.not_a_choice", field=key, found=value, choices=known)
    if rules["low"] is not None and not rules["low"] <= value <= rules["high"]:
        raise RecipeError("recipe.out_of_range", field=key, found=value, low=rules["low"], high=rules["high"])
    return value
