"""Files of weights without a network: torch's ``.pt`` and ``.pth`` of any age, and safetensors. Only their tables are read."""

import json
import pickletools
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from olhar.base.errors import DataError, ModelError
from olhar.data.files.zip import ZipMembers
from olhar.data.formats.pickles import DAMAGES, PickleRefused
from olhar.data.formats.tensor_pickle import Tensor, TensorMachine, sides

WeightsForm = Literal["torch", "torch_old", "safetensors"]

_MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""How the files of torch before 1.6 open, after the pickle's protocol."""
_ENDINGS = (".pt", ".pth")
_FIRST = ("data.pkl", "constants.pkl", "version", "byteorder", ".format_version")
_LARGEST_TABLE = 2**26
_SCRIPT = "TorchScript"
_TYPES = {"F32": "float32", "F64": "float64", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
          "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool"}  # fmt: skip
_ZIP, _PICKLE = b"PK\x03\x04", b"\x80"


@dataclass(frozen=True)
class WeightsFile:
    """What a file of weights holds.

    Attributes:
        form: who wrote it: torch, torch before 1.6, or safetensors.
        content: the whole of it, tensors as ``Tensor``; of safetensors a table of them.
        metadata: what stands beside the tensors of safetensors.
    """

    form: WeightsForm
    content: Any
    metadata: dict[str, str]


def weights_form(path: Path) -> WeightsForm | None:
    """The form of a file of weights, told by its content; None for anything else."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head, size = file.read(256), path.stat().st_size
    except OSError:
        return None
    if head.startswith(_ZIP):
        first = head[30 : 30 + int.from_bytes(head[26:28], "little")].decode("utf-8", "replace")
        return "torch" if first.rpartition("/")[2] in _FIRST or path.suffix.lower() in _ENDINGS else None
    if head.startswith(_PICKLE):
        return "torch_old" if head[2:].startswith(_MAGIC) or path.suffix.lower() in _ENDINGS else None
    table = int.from_bytes(head[:8], "little")
    return "safetensors" if head[8:9] == b"{" and 2 <= table <= size - 8 else None


def read_weights(path: Path) -> WeightsFile:
    """What a file of weights holds; its numbers are not read.

    Raises:
        ModelError: damaged, or it wants to be more than weights; the sentence names what it wants.
    """
    kind = weights_form(path)
    try:
        if kind == "safetensors":
            return WeightsFile(kind, *_safetensors(path))
        if kind == "torch_old":
            return WeightsFile(kind, _old(path), {})
        return WeightsFile("torch", _zipped(path), {})
    except PickleRefused as error:
        if str(error) == _SCRIPT:
            raise ModelError("weights.script", where=path.name) from error
        raise ModelError("weights.wants", where=path.name, found=str(error) or "?") from error
    except DataError as error:
        if error.key == "data.bomb":
            raise ModelError("keras.zip_bomb", where=path.name, member="data.pkl", megabytes=error.values["megabytes"]) from error
        raise ModelError("weights.damaged", where=path.name) from error
    except (*DAMAGES, OSError, zipfile.BadZipFile, RecursionError) as error:
        raise ModelError("weights.damaged", where=path.name) from error


def _zipped(path: Path) -> Any:
    members = ZipMembers(path)
    parts = [name.split("/") for name in members.names]
    if any("code" in steps[:2] for steps in parts):
        raise PickleRefused(_SCRIPT)
    tables = [index for index, steps in enumerate(parts) if steps[-1] == "data.pkl" and len(steps) <= 2]
    if len(tables) != 1:
        raise ValueError
    return TensorMachine().run(members.open(tables[0]))


def _old(path: Path) -> Any:
    """Three small pickles (a number, a version, the machine), then that of the tensors, then their numbers."""
    with path.open("rb") as file:
        ours = file.read(2 + len(_MAGIC))[2:] == _MAGIC
        if not ours:
            file.seek(0)
            TensorMachine().run(file)
            raise ModelError("keras.pickle", where=path.name)
        for _ in range(2):
            _pass_over(file)
        return TensorMachine().run(file)


def _pass_over(file: BinaryIO) -> None:
    for _ in pickletools.genops(file):
        pass


def _safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The table that a file of safetensors opens with."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if size > _LARGEST_TABLE:
            raise ValueError
        table: dict[str, Any] = json.loads(file.read(size))
    metadata = table.pop("__metadata__", {})
    room = path.stat().st_size - 8 - size
    if any(not 0 <= about["data_offsets"][0] <= about["data_offsets"][1] <= room for about in table.values()):
        raise ValueError
    tensors = {
        name: Tensor(sides(about["shape"]), _TYPES.get(about["dtype"], str(about["dtype"]))) for name, about in table.items()
    }
    return tensors, {str(key): str(value) for key, value in metadata.items()}
