"""A network -> ONNX: raw uint8 pictures in; probabilities, logits and features out; scaling and softmax inside."""

import contextlib
import io
import logging
import warnings
from collections.abc import Generator
from typing import Any, cast

import torch
from torch import Tensor, nn

from olhar.base.errors import ModelError
from olhar.base.signature import Signature
from olhar.bundle.contract import to_bundle
from olhar.graph.from_torch import plain_from_torch
from olhar.graph.to_onnx import to_onnx as graph_to_onnx
from olhar.models.classifier import Classifier

OUTPUTS = ("probabilities", "logits", "features")


class _Contract(nn.Module):
    """The network with its signature's scaling before it and softmax behind it."""

    scale: Tensor
    offset: Tensor

    def __init__(self, network: nn.Module, signature: Signature) -> None:
        super().__init__()
        self.network = network
        std = torch.tensor(signature.std).reshape(1, -1, 1, 1)
        mean = torch.tensor(signature.mean).reshape(1, -1, 1, 1)
        self.register_buffer("scale", 1 / (255 * std))
        self.register_buffer("offset", -mean / std)

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        scaled = pictures.permute(0, 3, 1, 2).float() * self.scale + self.offset
        if not isinstance(self.network, Classifier):
            logits = self.network(scaled)
            return logits.softmax(1), logits
        features = self.network.features(scaled)
        logits = self.network.head(features)
        return logits.softmax(1), logits, features


def contract(network: nn.Module, signature: Signature) -> nn.Module:
    """A module that takes uint8 (N, H, W, C) and gives probabilities (N, K), logits (N, K) and features (N, F), in float32.

    A network that is not a ``Classifier`` gives logits only, so there are no features.
    """
    return _Contract(network, signature).float().eval()


def to_onnx(network: nn.Module, signature: Signature) -> bytes:
    """The serialised ONNX model of ``contract(network, signature)``, with a free batch size.

    A ``Classifier`` goes through our own graph, in a tenth of a second; torch's exporter takes three, and is for what the graph
    has no word for, and for networks of other people's making.
    """
    if isinstance(network, Classifier):
        with contextlib.suppress(ModelError):
            return _by_graph(network, signature)
    return _by_torch(network, signature)


def _by_graph(network: Classifier, signature: Signature) -> bytes:
    graph = plain_from_torch(network.cpu().float().eval(), signature.shape)
    return to_bundle(graph_to_onnx(graph), signature, "logits", channels_first=True)


def _by_torch(network: nn.Module, signature: Signature) -> bytes:
    example = torch.zeros((2, *signature.shape), dtype=torch.uint8)
    with _silence():
        program = cast(
            Any,
            torch.onnx.export(
                contract(network.cpu(), signature),
                (example,),
                input_names=["pictures"],
                output_names=list(OUTPUTS if isinstance(network, Classifier) else OUTPUTS[:2]),
                dynamic_shapes={"pictures": {0: torch.export.Dim("batch")}},
                dynamo=True,
                verbose=False,
            ),
        )
    return program.model_proto.SerializeToString()


@contextlib.contextmanager
def _silence() -> Generator[None]:
    """The exporter prints progress and warnings of its own, which no person can act on."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
