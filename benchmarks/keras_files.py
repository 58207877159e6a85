"""Real Keras files, opened by Keras 3, by tf_keras and by Olhar, side by side.

    python benchmarks/keras_files.py                          # prints the table
    python benchmarks/keras_files.py --into docs/keras-files.md

Reads the folder that OLHAR_TEST_DATA names (default ../shared/data): for each model ``golden.json`` says what Keras 3 and
tf_keras answered to four pictures. Expected: every file with an answer within 1e-5, through ONNX Runtime and through torch.
"""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.base.texts import speaking
from olhar.keras_files.model import KerasModel, open_keras

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data")) / "keras-models"
BEGIN, END = "<!-- table: benchmarks/keras_files.py -->", "<!-- end of table -->"
HEAD = ("project", "file", "written by", "Keras 3.15.1", "tf_keras 2.21.0", "Olhar, ONNX", "Olhar, torch")


def main() -> None:
    """Print the table, or write it between the marks of a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path)
    given = parser.parse_args()
    with speaking("en"):
        table = "\n".join(_lines(list(rows())))
    if given.into is None:
        print(table)
        return
    before, _, rest = given.into.read_text(encoding="utf-8").partition(BEGIN)
    given.into.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def rows() -> Iterator[tuple[str, ...]]:
    """A row for each entry of each golden.json, and for each model file without an entry."""
    for folder in sorted(DATA.glob("*")):
        golden = folder / "golden.json"
        entries: dict[str, Any] = json.loads(golden.read_text()) if golden.exists() else {}
        models = json.loads((folder / "meta.json").read_text())["models"]
        for model in models:
            name = model["file"]
            weights = not name.endswith(".json")
            if weights and not any(key.split(" + ")[0] == name for key in entries):
                entries[name] = {"says": {}}
        for name, entry in entries.items():
            yield _row(folder, name, entry)


def _row(folder: Path, name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    weights, _, architecture = name.partition(" + ")
    says = entry["says"]
    theirs = (_short(says.get("keras 3.15.1", "not asked")), _short(says.get("tf_keras 2.21.0", "not asked")))
    try:
        model = open_keras(folder / weights, architecture=folder / architecture if architecture else None)
    except ModelError as error:
        said = str(error).replace("|", "/")
        said = said if len(said) <= 160 else said[:157] + "..."
        return folder.name.partition("__")[2], name, "", *theirs, said, ""
    return folder.name.partition("__")[2], name, model.keras_version, *theirs, *_differences(model, entry)


def _short(said: str) -> str:
    kind, _, rest = said.partition(":")
    return said if said == "opens" or not rest else f"{kind}: {rest.strip()[:40]}...".replace("|", "/")


def _differences(model: KerasModel, entry: dict[str, Any]) -> tuple[str, str]:
    """The largest difference from Keras's answer, as a share of the largest number where that is above 1."""
    import torch

    if "output" not in entry:
        return "opens", "opens"
    x = (np.random.RandomState(7).randint(0, 256, entry["input_shape"]) / 127.5 - 1).astype(np.float32)
    expected = np.asarray(entry["output"])
    with torch.no_grad():
        answers = model.predict(x), model.module.eval()(torch.from_numpy(x)).numpy()
    scale = max(1.0, float(np.abs(expected).max()))
    one, other = (f"{np.abs(answer - expected).max() / scale:.1e}" for answer in answers)
    return one, other


def _lines(found: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{'---|' * len(HEAD)}"
    for row in found:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    main()
