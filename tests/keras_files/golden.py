"""The real Keras files of the data folder, which is not part of the project, and what Keras answered to each."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "keras-models"
ENTRIES = [
    (folder.name, name, entry)
    for folder in sorted(ROOT.glob("*"))
    if (folder / "golden.json").exists()
    for name, entry in json.loads((folder / "golden.json").read_text()).items()
]
ANSWERED = [each for each in ENTRIES if "output" in each[2]]

needed = pytest.mark.skipif(not ROOT.is_dir(), reason="no real model files here; set OLHAR_TEST_DATA")


def paths(folder: str, name: str) -> tuple[Path, Path | None]:
    """An entry's weights, and its architecture where that is a file of its own."""
    weights, _, architecture = name.partition(" + ")
    return ROOT / folder / weights, ROOT / folder / architecture if architecture else None
