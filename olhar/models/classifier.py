"""Classifier: the one form of every network here, a body that gives features and a head that gives logits."""

from torch import Tensor, nn


class Classifier(nn.Module):
    """A body and a linear head.

    ``forward`` takes float (N, C, H, W) and gives logits (N, K); ``features`` gives what the head sees, (N, F).
    """

    def __init__(self, body: nn.Module, features: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.body = body
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(features, classes)

    def features(self, pictures: Tensor) -> Tensor:
        """Features (N, F) of normalised pictures (N, C, H, W)."""
        return self.body(pictures).flatten(1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (N, K) of normalised pictures (N, C, H, W)."""
        return self.head(self.dropout(self.features(pictures)))


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A 3x3 convolution, batch normalisation and ReLU; keeps the size, or divides it by ``stride``."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
