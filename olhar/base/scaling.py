"""What becomes of the pixels before a network sees them: the usual ways by name, as means and deviations on pictures in 0..1."""

from typing import Literal, get_args

Scaling = Literal["0..1", "-1..1", "0..255", "z-score", "imagenet", "caffe", "lite"]
"""``z-score`` by the mean and deviation of the pictures at hand; ``caffe`` takes ImageNet's mean away and turns the channels;
``lite`` is EfficientNet-Lite's ``(x - 127) / 128``."""
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
FIXED_SCALINGS: tuple[Scaling, ...] = tuple(scaling for scaling in SCALINGS if scaling != "z-score")
"""Those that can be said without a picture."""

Numbers = tuple[tuple[float, ...], tuple[float, ...]]

_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_CAFFE = (123.68 / 255, 116.779 / 255, 103.939 / 255)


def mean_and_std(scaling: Scaling, channels: int) -> Numbers | None:
    """Mean and deviation, a number a channel in RGB's order, so that ``(pixels / 255 - mean) / std`` is that scaling.

    None where pictures are needed to tell (``z-score``), or where a gray picture has no such scaling.
    """
    table: dict[Scaling, Numbers] = {
        "0..1": ((0.0,) * channels, (1.0,) * channels),
        "-1..1": ((0.5,) * channels, (0.5,) * channels),
        "0..255": ((0.0,) * channels, (1 / 255,) * channels),
        "imagenet": _IMAGENET,
        "caffe": (_CAFFE, (1 / 255,) * channels),
        "lite": ((127 / 255,) * channels, (128 / 255,) * channels),
    }
    numbers = table.get(scaling)
    return numbers if numbers and len(numbers[0]) == channels else None
