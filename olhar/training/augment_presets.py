"""Ranges of augmentation by name; those named after a document are its own, as its tool understood them. No torch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_NOTHING: dict[str, Any] = {
    "flip": False,
    "flip_vertical": False,
    "shift": 0.0,
    "rotate": 0.0,
    "zoom": 0.0,
    "shear": 0.0,
    "crop": 0.0,
    "brightness": 0.0,
    "contrast": 0.0,
    "saturation": 0.0,
    "hue": 0.0,
    "cutout": 0.0,
    "mixup": 0.0,
    "cutmix": 0.0,
    "fill": "reflect",
}


def _preset(**ranges: Any) -> Mapping[str, Any]:
    return MappingProxyType(_NOTHING | ranges)


PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "none": _preset(),
        "light": _preset(flip=True, shift=0.05),
        "standard": _preset(flip=True, shift=0.1),
        "strong": _preset(
            flip=True, shift=0.1, rotate=15.0, zoom=0.15, brightness=0.2, contrast=0.2, saturation=0.3, cutout=0.25
        ),
        "emotions-1": _preset(flip=True, rotate=7.0, zoom=0.2, fill="nearest"),
        "emotions-2": _preset(flip=True, rotate=20.0, shift=0.2, shear=0.2, zoom=0.2, brightness=0.2, fill="nearest"),
        "cifar10-1": _preset(flip=True, rotate=36.0, zoom=0.1),
        "cifar10-2": _preset(flip=True, rotate=20.0, shift=0.1, zoom=0.1, fill="nearest"),
        "cats-dogs": _preset(flip=True, rotate=20.0, shift=0.2, fill="nearest"),
    }
)
"""What each name stands for. ``flip`` holds only where a mirrored picture is still of its class."""


def preset_fields(recipe: Any, mirrors: bool) -> dict[str, Any]:
    """What a Recipe leaves to its preset, by field, in the recipe's own values.

    Args:
        recipe: ``auto`` and numbers below zero are left to the preset.
        mirrors: whether a mirrored picture is still of its class.
    """
    settled: dict[str, Any] = {}
    for name, value in PRESETS[recipe.augment].items():
        chosen = getattr(recipe, name)
        if isinstance(chosen, str) and chosen == "auto":
            settled[name] = value if isinstance(value, str) else "on" if value and (mirrors or name != "flip") else "off"
        elif not isinstance(chosen, str) and chosen < 0:
            settled[name] = value
    return settled
