"""Checkpoints of TensorFlow: numbers in several files, told by the names that their writer gives; the network is not in them."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

_MOST = 2000
_INDEX, _DATA, _STATE = ".index", ".data-0", "checkpoint"


def names_in(folder: Path, most: int = _MOST) -> tuple[str, ...]:
    """Names in a folder, sorted; none of one that may not be read."""
    try:
        return tuple(sorted(each.name for each in islice(folder.iterdir(), most)))
    except OSError:
        return ()


def checkpoint_prefix(path: Path, head: bytes = b"") -> str | None:
    """What ``load_weights`` wants of the checkpoint that a path belongs to: its files without their endings.

    Args:
        path: a folder, one of the files of a checkpoint, or what they have in common.
        head: what the file opens with.

    Returns:
        None where the path is nothing of the kind.
    """
    if path.is_dir():
        names = names_in(path)
        return _newest(path, names) if _STATE in names or any(_DATA in name for name in names) else None
    if path.name == _STATE and head.startswith(b"model_checkpoint_path"):
        return _newest(path.parent, names_in(path.parent))
    prefix = path.with_name(path.name.removesuffix(_INDEX).partition(_DATA)[0])
    if prefix != path:
        return str(prefix) if _DATA in path.name or _has_data(prefix) else None
    return str(path) if _has_data(path) and not path.exists() else None


def _has_data(prefix: Path) -> bool:
    return prefix.suffix == ".ckpt" or any(name.startswith(f"{prefix.name}{_DATA}") for name in names_in(prefix.parent))


def _newest(folder: Path, names: Iterable[str]) -> str | None:
    """The last checkpoint of a folder."""
    indices = [name.removesuffix(_INDEX) for name in names if name.endswith(_INDEX)]
    return str(folder / max(indices, key=lambda name: (len(name), name))) if indices else None
