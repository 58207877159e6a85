"""Event files for TensorBoard, through torch's own writer."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class TensorBoard:
    """Writes into one folder; a training that goes on adds a file, and takes back what it will do again."""

    name = "TensorBoard"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer: Any = None

    def begin(self, recipe: Mapping[str, Any], epoch: int | None) -> None:
        """The recipe as text."""
        from torch.utils.tensorboard import SummaryWriter

        self.writer = SummaryWriter(str(self.folder), purge_step=None if epoch is None else epoch + 1)
        table = "\n".join(f"    {key} = {json.dumps(value, ensure_ascii=False)}" for key, value in recipe.items())
        self.writer.add_text("recipe", table)

    def numbers(self, values: Mapping[str, float], step: int) -> None:
        """A point on each curve."""
        for key, value in values.items():
            self.writer.add_scalar(key, value, step)
        self.writer.flush()

    def close(self, state: str) -> None:  # noqa: ARG002
        """Close the file."""
        if self.writer is not None:
            self.writer.close()
