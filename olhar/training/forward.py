"""Forward: uint8 pictures -> logits, with a signature's scaling and an engine's precision."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from olhar.base.signature import Signature
from olhar.training.engine import Engine


@dataclass(frozen=True)
class Forward:
    """The way of pictures through a network.

    Attributes:
        engine: where, and in what precision.
        scale, offset: of pixels 0 to 255, float32 (1, C, 1, 1).
    """

    engine: Engine
    scale: Tensor
    offset: Tensor

    @classmethod
    def of(cls, signature: Signature, engine: Engine) -> "Forward":
        """With a signature's scaling."""
        std = torch.tensor(signature.std).reshape(1, -1, 1, 1)
        mean = torch.tensor(signature.mean).reshape(1, -1, 1, 1)
        return cls(engine, (1 / (255 * std)).to(engine.device), (-mean / std).to(engine.device))

    def __call__(self, network: nn.Module, pictures: Tensor) -> Tensor:
        """Logits, float32 (N, K), of uint8 pictures (N, C, H, W)."""
        with self.engine.autocast():
            return network(self.scaled(pictures)).float()

    def scaled(self, pictures: Tensor) -> Tensor:
        """Float pictures, as the network takes them, of uint8 pictures (N, C, H, W)."""
        scaled = pictures.to(self.engine.device).float() * self.scale + self.offset
        return scaled.contiguous(memory_format=torch.channels_last)
