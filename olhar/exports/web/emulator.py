"""The kernels' doubles in NumPy: they compute a laid plan on the same memory, so that an export is proved before it is kept."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.exports.web.program import FIRST, Laid
from olhar.graph.graph import Floats

_PANEL = 8


def computed(laid: Laid, pixels: Pixels, numbers: int) -> Floats:
    """What is said of prepared pictures, uint8 (N, height, width, channels): float32 (N, numbers).

    K probabilities, and the unlikeness behind them in a program that tells it.
    """
    memory = np.zeros(-(-laid.memory // 4), np.float32)
    start = FIRST // 4
    for values in (laid.singles, laid.matrices):
        memory[start : start + values.size] = values
        start += values.size
    answers = np.empty((len(pixels), numbers), np.float32)
    for answer, picture in zip(answers, pixels, strict=True):
        memory.view(np.uint8)[laid.picture : laid.picture + picture.size] = picture.ravel()
        for kernel, *arguments in laid.calls:
            KERNELS[str(kernel)](memory, *arguments)
        answer[:] = memory[laid.answer // 4 : laid.answer // 4 + numbers]
    return answers


def _at(memory: Floats, address: int, *shape: int) -> Floats:
    """An array in the memory, whole rows after each other."""
    size = int(np.prod(shape))
    return memory[address // 4 : address // 4 + size].reshape(shape)


def _rows(memory: Floats, address: int, m: int, n: int, stride: int) -> Floats:
    """Rows of ``n`` numbers, ``stride`` apart."""
    return as_strided(memory[address // 4 :], (m, n), (4 * stride, 4))


def _matrix(memory: Floats, address: int, k: int, n: int) -> Floats:
    """A matrix out of its panels."""
    panels = -(-n // _PANEL)
    return _at(memory, address, panels, k, _PANEL).transpose(1, 0, 2).reshape(k, -1)[:, :n]


def _gemm(memory: Floats, a: int, b: int, bias: int, out: int, *numbers: Any) -> None:
    m, k, n, lda, ldo, low, high = numbers
    product = _rows(memory, a, m, k, lda) @ _matrix(memory, b, k, n) + _at(memory, bias, n)
    _rows(memory, out, m, n, ldo)[:] = np.clip(product, low, high)


def _windows(picture: Floats, value: float, *geometry: Sequence[int]) -> Floats:
    """(out height, out width, kernel height, kernel width, channels) of a picture (height, width, channels).

    ``geometry``: sides after, window, strides, dilations and borders before, each along height and width.
    """
    after, window, strides, dilations, before = geometry
    reach = [(o - 1) * s + (w - 1) * d + 1 for o, s, w, d in zip(after, strides, window, dilations, strict=True)]
    sides = [max(r, b + side) for r, b, side in zip(reach, before, picture.shape[:2], strict=True)]
    wide = np.full((*sides, picture.shape[2]), value, np.float32)
    wide[before[0] : before[0] + picture.shape[0], before[1] : before[1] + picture.shape[1]] = picture
    y, x, c = wide.strides
    steps = (y * strides[0], x * strides[1], y * dilations[0], x * dilations[1], c)
    return as_strided(wide, (after[0], after[1], window[0], window[1], picture.shape[2]), steps)


def _conv(memory: Floats, source: int, b: int, bias: int, out: int, _room: int, *numbers: Any) -> None:
    h, w, c, ldi, oh, ow, n, ldo, kh, kw, sy, sx, dy, dx, top, left, low, high = numbers
    picture = _rows(memory, source, h * w, c, ldi).reshape(h, w, c)
    windows = _windows(picture, 0, (oh, ow), (kh, kw), (sy, sx), (dy, dx), (top, left))
    product = windows.reshape(oh * ow, -1) @ _matrix(memory, b, kh * kw * c, n) + _at(memory, bias, n)
    _rows(memory, out, oh * ow, n, ldo)[:] = np.clip(product, low, high)


def _depthwise(memory: Floats, source: int, weights: int, bias: int, out: int, *numbers: Any) -> None:
    h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, low, high = numbers
    windows = _windows(_at(memory, source, h, w, c), 0, (oh, ow), (kh, kw), (sy, sx), (dy, dx), (top, left))
    total = np.zeros((oh, ow, c), np.float32) + _at(memory, bias, c)
    for i in range(kh):
        for j in range(kw):
            total += windows[:, :, i, j] * _at(memory, weights, kh, kw, c)[i, j]
    _at(memory, out, oh, ow, c)[:] = np.clip(total, low, high)


def _pool(memory: Floats, source: int, out: int, kind: int, *numbers: Any) -> None:
    h, w, c, oh, ow, kh, kw, sy, sx, top, left = numbers
    picture, to = _at(memory, source, h, w, c), _at(memory, out, oh, ow, c)
    geometry = ((oh, ow), (kh, kw), (sy, sx), (1, 1), (top, left))
    if kind == 0:
        to[:] = _windows(picture, -np.inf, *geometry).max((2, 3))
        return
    total = _windows(picture, 0, *geometry).sum((2, 3))
    inside = _windows(np.ones((h, w, 1), np.float32), 0, *geometry).sum((2, 3))
    to[:] = total / (kh * kw if kind == 2 else inside)


def _bytes(memory: Floats, source: int, out: int, n: int) -> None:
    _at(memory, out, n)[:] = memory.view(np.uint8)[source : source + n]


_PAIRS: tuple[Callable[[Floats, Floats], Floats], ...] = (
    *(np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum),
    lambda x, y: y - x,
    lambda x, y: y / x,
)


def _pair(memory: Floats, a: int, b: int, out: int, *numbers: int) -> None:
    kind, n, period = numbers
    x, y = _at(memory, a, n // period, period), _at(memory, b, period)
    _at(memory, out, n // period, period)[:] = _PAIRS[kind](x, y)


def _softplus(x: Floats) -> NDArray[Any]:
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


def _erf(x: Floats) -> NDArray[Any]:
    z = np.abs(x)
    t = 1 / (1 + 0.3275911 * z)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - series * np.exp(-z * z))


def _each_value(x: Floats, kind: int, a: float, b: float) -> NDArray[Any]:
    """The function of a kind, by the numbers that ``each`` in ``kernels.c`` gives them."""
    match kind:
        case 0:
            return np.clip(x, a, b)
        case 3:
            return np.where(x >= 0, x, a * x)
        case 4:
            return b * np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0)))
        case 5:
            return np.clip(a * x + b, 0, 1)
        case _:
            return _PLAIN[kind](x)


_PLAIN: dict[int, Callable[[Floats], NDArray[Any]]] = {
    1: lambda x: 1 / (1 + np.exp(-x)),
    2: np.tanh,
    6: lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    7: lambda x: x / (1 + np.abs(x)),
    8: _softplus,
    9: np.exp,
    10: np.log,
    11: np.sqrt,
    12: lambda x: x * np.tanh(_softplus(x)),
    13: np.negative,
    14: np.abs,
    15: lambda x: 1 / x,
    16: _erf,
}


def _each(memory: Floats, source: int, out: int, *numbers: Any) -> None:
    kind, n, a, b = numbers
    _at(memory, out, n)[:] = _each_value(_at(memory, source, n), kind, a, b)


def _reduce(memory: Floats, source: int, out: int, *numbers: int) -> None:
    kind, outer, n, inner = numbers
    ways: Any = (np.mean, np.sum, np.max, np.min)
    _at(memory, out, outer, inner)[:] = ways[kind](_at(memory, source, outer, n, inner), axis=1)


def _softmax(memory: Floats, source: int, out: int, *numbers: int) -> None:
    outer, n, inner, log = numbers
    x = _at(memory, source, outer, n, inner)
    less = x - x.max(1, keepdims=True)
    total = np.exp(less).sum(1, keepdims=True)
    _at(memory, out, outer, n, inner)[:] = less - np.log(total) if log else np.exp(less) / total


def _copy(memory: Floats, source: int, out: int, *numbers: int) -> None:
    shape, come, go = numbers[:5], numbers[5:10], numbers[10:]
    places = [
        sum(
            np.arange(side).reshape((-1, *(1,) * (4 - axis))) * stride
            for axis, (side, stride) in enumerate(zip(shape, way, strict=True))
        )
        for way in (come, go)
    ]
    memory[out // 4 + places[1]] = memory[source // 4 + places[0]]


def _fill(memory: Floats, out: int, n: int, value: float) -> None:
    _at(memory, out, n)[:] = value


KERNELS: dict[str, Callable[..., None]] = {
    "gemm": _gemm,
    "conv": _conv,
    "depthwise": _depthwise,
    "pool": _pool,
    "bytes": _bytes,
    "pair": _pair,
    "each": _each,
    "reduce": _reduce,
    "softmax": _softmax,
    "copy": _copy,
    "fill": _fill,
}
"""By the names under which the kernels are exported."""
