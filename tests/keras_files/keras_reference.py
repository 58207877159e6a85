"""The tricky operations once more, in plain NumPy and loops, as Keras documents them."""

import numpy as np


def same_pads(side: int, window: int, stride: int) -> tuple[int, int]:
    total = max((-(-side // stride) - 1) * stride + window - side, 0)
    return total // 2, total - total // 2


def padded(x: np.ndarray, window: tuple[int, int], stride: int, value: float) -> np.ndarray:
    pairs = [same_pads(side, w, stride) for side, w in zip(x.shape[1:3], window, strict=True)]
    return np.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=value)


def windows(x: np.ndarray, window: tuple[int, int], stride: int) -> np.ndarray:
    """(N, H, W, C) -> (N, H', W', h, w, C)."""
    tall, wide = ((side - w) // stride + 1 for side, w in zip(x.shape[1:3], window, strict=True))
    rows = [
        [x[:, i * stride : i * stride + window[0], j * stride : j * stride + window[1]] for j in range(wide)] for i in range(tall)
    ]
    return np.stack([np.stack(row, 1) for row in rows], 1)


def conv(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | float = 0.0, stride: int = 1, same: bool = False) -> np.ndarray:
    x = padded(x, kernel.shape[:2], stride, 0.0) if same else x
    return np.einsum("nabhwc,hwco->nabo", windows(x, kernel.shape[:2], stride), kernel) + bias


def depthwise(x: np.ndarray, kernel: np.ndarray, stride: int = 1, same: bool = False) -> np.ndarray:
    x = padded(x, kernel.shape[:2], stride, 0.0) if same else x
    found = np.einsum("nabhwc,hwcm->nabcm", windows(x, kernel.shape[:2], stride), kernel)
    return found.reshape(*found.shape[:3], -1)


def pool(x: np.ndarray, size: int, stride: int, kind: str, same: bool = False) -> np.ndarray:
    empty = -np.inf if kind == "max" else np.nan
    x = padded(x, (size, size), stride, empty) if same else x
    seen = windows(x, (size, size), stride)
    return seen.max((3, 4)) if kind == "max" else np.nanmean(seen, (3, 4))


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)
