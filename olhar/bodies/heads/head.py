"""Head: pooled outputs of a body -> logits of the classes: an affine map of each column, softsign, one dense layer.

Every form of export has these three: Keras and TensorFlow.js know ``softsign`` as an activation, ONNX as an operation. All that
was learnt is folded into four arrays: standardising, the pool of candidates, the temperature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Features = Mapping[str, NDArray[np.floating]]
"""The pooled outputs of a body by name, in the order in which a picture goes through it; the last one are its features."""


@dataclass(frozen=True)
class Head:
    """``softsign(x * scale + offset) @ kernel + bias``, where x are the pooled outputs side by side.

    Attributes:
        blocks: names of the pooled outputs that it takes, in the order in which they stand side by side.
        scale, offset: float32 (D,), D being the sum of their widths.
        kernel: float32 (D, K).
        bias: float32 (K,).
    """

    blocks: tuple[str, ...]
    scale: NDArray[np.float32]
    offset: NDArray[np.float32]
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, features: Features) -> NDArray[np.float32]:
        """float32 (N, K), of one view: each (N, width) by name; names that the head does not take are passed over."""
        return self.squashed(features) @ self.kernel + self.bias

    def squashed(self, features: Features) -> NDArray[np.float32]:
        """float32 (N, D), what the dense layer is given: the output ``features`` of a bundle."""
        columns = np.concatenate([np.asarray(features[name], dtype=np.float32) for name in self.blocks], axis=1)
        return softsign(columns * self.scale + self.offset)

    def probabilities(self, features: Features) -> NDArray[np.float32]:
        """float32 (N, K), each row with sum 1."""
        return softmax(self.logits(features))

    def scaled(self, by: float) -> Self:
        """The head whose logits are ``by`` times these."""
        return replace(self, kernel=(self.kernel * by).astype(np.float32), bias=(self.bias * by).astype(np.float32))


def softsign(x: NDArray[Any]) -> NDArray[Any]:
    """``x / (1 + |x|)``, between -1 and 1; of the type of x."""
    return x / (1 + np.abs(x))


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Probabilities over the last axis, of the type of the logits."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)
