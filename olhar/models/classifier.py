"""Classifier: the one form of every network here, a body that gives features and a head that gives logits."""

from collections.abc import Sequence

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

    @property
    def is_data_initialised(self) -> bool:
        """Whether a layer takes its weights from training pictures before it learns."""
        return any(isinstance(layer, DataInitialised) for layer in self.body.modules())

    def initialise(self, pictures: Tensor) -> None:
        """Let the layers that take their weights from normalised training pictures (N, C, H, W) do so."""
        for layer in self.body.modules():
            if isinstance(layer, DataInitialised):
                layer.initialise(pictures)


class DataInitialised(nn.Module):
    """A layer that takes its weights from the training pictures before the training begins."""

    def initialise(self, pictures: Tensor) -> None:
        """Take the weights from normalised pictures (N, C, H, W)."""
        raise NotImplementedError


class Residual(nn.Module):
    """``x + f(x)`` (He et al. 2015)."""

    def __init__(self, branch: nn.Module) -> None:
        super().__init__()
        self.branch = branch

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, H, W) of the same shape."""
        return maps + self.branch(maps)


def convolution(inputs: int, outputs: int, stride: int = 1, norm: bool = True) -> nn.Sequential:
    """A 3x3 convolution, batch normalisation and ReLU; keeps the size, or divides it by ``stride``.

    Without normalisation the convolution has a bias.
    """
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=not norm)]
    return nn.Sequential(*layers, *([nn.BatchNorm2d(outputs)] if norm else []), nn.ReLU(inplace=True))


def halved(side: int) -> int:
    """What a convolution of stride 2 leaves of a side."""
    return -(-side // 2)


def stack_classifier(
    layers: Sequence[nn.Module], features: int, dense: Sequence[int], classes: int, dropout: float
) -> Classifier:
    """A classifier of ``layers``, which end in ``features`` numbers a picture, then dense layers, then the head.

    Dropout follows each dense layer; where there is none, the features.
    """
    body = [*layers, nn.Flatten()] if dense else [*layers]
    for number, width in enumerate(dense):
        body += [nn.Linear(features, width), nn.ReLU(inplace=True)]
        if dropout and number < len(dense) - 1:
            body.append(nn.Dropout(dropout))
        features = width
    return Classifier(nn.Sequential(*body), features, classes, dropout)
