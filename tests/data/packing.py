"""Archives of tiny files, made by their names."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.data.folders.grown import photo


def photos(*names: str, seed: int = 0) -> dict[str, bytes]:
    """A picture for each name, all different; another seed, other pictures."""
    return {name: photo(7919 * seed + sum(map(ord, name)) * 100 + place) for place, name in enumerate(names)}


def classes(n: int, *names: str, seed: int = 0) -> dict[str, bytes]:
    """``n`` pictures in a folder for each class."""
    return photos(*(f"{name}/{i}.png" for name in names for i in range(n)), seed=seed)


def pack(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """A zip or tar, by the path's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as archive:
        for name, data in members.items():
            content = data.encode() if isinstance(data, str) else data
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path
