"""What a recipe may say of a network, its name and its shape; one for all networks, and no torch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from olhar.base.errors import RecipeError
from olhar.base.texts import sentence
from olhar.bodies.published import PUBLISHED

NETWORKS = ("cnn", "vgg", "separable", "resnet", "quick")
"""The names of our own networks, in the order in which they are shown."""
KNOWN = (*NETWORKS, *PUBLISHED)
"""All that ``model`` may be by name: our own networks, and bodies that have seen a million pictures."""
_OF_KERAS = re.compile(
    r"(?i)(mobilenet|efficientnet|resnet|vgg|inception|xception|densenet|nasnet|convnext|vit|alexnet|yolo)[\w.-]*\d"
)
"""Networks that Keras, torchvision and others have by name, and we have not."""
STACKED = ("cnn", "vgg")
"""Those of plain stages, which alone have a use for ``norm`` and ``stage_dropout``."""
SMALLEST_SIDE = 8
"""Pictures of fewer pixels a side are too small for any of them."""
OWN_PREFIX = "own:"
NORMS = ("auto", "convolution", "stage", "off")
_MOST_LAYERS, _WIDEST = 12, 8192


@dataclass(frozen=True)
class NetworkShape:
    """A network's shape, as far as somebody has chosen it; the rest is the network's own.

    Attributes:
        width: channels of the first stage; the others follow in the network's own proportions. 0: the network's own.
        depth: convolutions or blocks a stage; 0: the network's own.
        stages: channels of each stage; empty: the network's own.
        dense: units of each dense layer before the last; empty: none; None: the network's own.
        dropout: share dropped after each dense layer, or of the features where there is none.
        stage_dropout: share dropped after each stage.
        norm: batch normalisation after each ``convolution``, after each ``stage``'s pooling, or ``off``; ``auto``: the
            network's own.
    """

    width: int = 0
    depth: int = 0
    stages: tuple[int, ...] = ()
    dense: tuple[int, ...] | None = None
    dropout: float = 0.0
    stage_dropout: float = 0.0
    norm: str = "auto"

    def channels(self, own: Sequence[int]) -> tuple[int, ...]:
        """Channels of each stage: those that were given, or the network's ``own``, brought to ``width``."""
        if self.stages:
            return self.stages
        return tuple(max(1, n * self.width // own[0]) for n in own) if self.width else tuple(own)


def refuse_unusable(name: str, shape: NetworkShape) -> None:
    """See to it that a network of ours can have a shape.

    Raises:
        RecipeError: no network of that name (the nearest is named), or it has no use for something of ``shape``.
    """
    if name not in NETWORKS:
        known = ", ".join(KNOWN)
        if _OF_KERAS.match(name):
            raise RecipeError("recipe.model_of_keras", found=name, known=known)
        near = get_close_matches(name.lower(), KNOWN, 1)
        raise RecipeError("recipe.model", found=name, known=known, hint=sentence("recipe.near", near=near[0]) if near else "")
    if shape.stages and shape.width:
        raise RecipeError("recipe.stages_and_width", stages=",".join(map(str, shape.stages)), width=shape.width)
    for field in ("norm", "stage_dropout"):
        if name not in STACKED and getattr(shape, field) != getattr(NetworkShape, field):
            raise RecipeError("recipe.form", field=field, found=getattr(shape, field), model=name, known=", ".join(STACKED))


def is_own(model: str) -> bool:
    """Whether a recipe's ``model`` names a network of a person's own: ``own:NAME`` or ``FILE.py:FUNCTION``."""
    return model.startswith(OWN_PREFIX) or model.rpartition(":")[0].endswith(".py")


def parse_widths(field: str, text: str) -> tuple[int, ...]:
    """The numbers of a text such as ``32,64,128``; ``none`` and the empty text have none.

    Raises:
        RecipeError: not numbers from 1 to 8192, or more than twelve.
    """
    plain = text.strip()
    if plain in ("", "none"):
        return ()
    widths = re.split(r"\s*[,\s-]\s*", plain)
    if len(widths) > _MOST_LAYERS or not all(re.fullmatch(r"[0-9]{1,4}", n) and 1 <= int(n) <= _WIDEST for n in widths):
        raise RecipeError("recipe.widths", field=field, found=text, most=_WIDEST)
    return tuple(map(int, widths))
