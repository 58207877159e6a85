"""RunFolder: all that is known of a training, in one folder; every file is written whole or not at all."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from olhar.base.errors import ModelError, RecipeError, RunError
from olhar.base.files import reason, safe_name, write_error, write_whole
from olhar.base.parsing import parsing
from olhar.base.types import StrPath
from olhar.runs.damage import damaged

if TYPE_CHECKING:
    from olhar.base.signature import Signature
    from olhar.runs.request import StoredRequest
    from olhar.training.recipe import Recipe

VERSION = 1
REQUEST = "request.json"
"""By it a folder is known as a run; it is written last of what a training begins with."""
BASE = "base"
"""The folder in a run where the Keras file lies that it began from."""
KEEP = "keep.csv"
"""The run's copy of the keep list that it obeyed."""
LEFT_OUT = "left-out.csv"
"""The pictures that could not be read, and why."""
SEVERAL = "several.json"
"""By it a folder is known as one of several trainings."""

_OF_A_START = frozenset({"checkpoints", BASE, KEEP, LEFT_OUT, "signature.json", "recipe.toml", "split.csv", "environment.json"})


@dataclass(frozen=True)
class RunFolder:
    """A folder ``runs/NAME`` and the names of what lies in it."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.resolve().name

    @property
    def full_name(self) -> str:
        """The run's name; that of one among several after the name of them all."""
        whole = self.path.resolve()
        together = any((whole.parent / name).is_file() for name in (REQUEST, SEVERAL))
        return f"{whole.parent.name}-{whole.name}" if together else whole.name

    @property
    def checkpoints(self) -> Path:
        """Where a training goes on from."""
        return self.path / "checkpoints"

    @property
    def model(self) -> Path:
        """The exported model."""
        return self.path / "model.onnx"

    @property
    def predictions(self) -> Path:
        """What the model said of the test pictures."""
        return self.path / "predictions-test.csv"

    @property
    def finished(self) -> bool:
        """Whether the training came to its end."""
        return (self.path / "metrics.json").is_file()

    @classmethod
    def create(cls, path: Path, *, over_leftovers: bool = False) -> "RunFolder":
        """A new, empty run.

        Args:
            path: of the folder to be.
            over_leftovers: take an empty folder too, and one that holds no more than what a killed start left.

        Raises:
            RunError: it is taken (a free name is named), or cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(exist_ok=over_leftovers and not is_taken(path))
        except FileExistsError as error:
            raise RunError("run.taken", where=str(path), free=str(free_name(path))) from error
        except OSError as error:
            raise RunError("run.unwritable", where=str(path), reason=reason(error)) from error
        run = cls(path)
        run.make_folders()
        return run

    def make_folders(self) -> None:
        """See to it that the run's folders are there.

        Raises:
            RunError: the disk is full, or the folder may not be written.
        """
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError("run.unwritable", where=str(self.path), reason=reason(error)) from error

    @classmethod
    def open(cls, path: StrPath) -> "RunFolder":
        """An existing run.

        Raises:
            RunError: no such folder, or not a run.
        """
        run = cls(Path(path))
        if not run.path.is_dir():
            raise RunError("run.missing", where=str(path))
        if not run.begun:
            raise RunError("run.not_a_run", where=str(path))
        return run

    def write(self, name: str, content: str | bytes) -> Path:
        """Write one file of the run: under another name first, then renamed.

        Raises:
            RunError: the disk is full, the folder may not be written, or somebody has taken it away.
        """
        self.refuse_gone()
        data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        path = self.path / name
        try:
            path.parent.mkdir(exist_ok=True)
            write_whole(path, data)
        except OSError as error:
            raise write_error(path, error, len(data)) from error
        return path

    def refuse_gone(self, begun: bool = False) -> None:
        """See to it that the folder is where it was; it is not made again, for what lay in it is lost.

        Args:
            begun: what a run begins with is there already, and must be there still.

        Raises:
            RunError: it was deleted, emptied or moved.
        """
        if not self.path.is_dir() or (begun and not self.begun):
            raise RunError("run.gone", where=str(self.path))

    def write_json(self, name: str, value: dict[str, Any]) -> Path:
        """Write one JSON file, opened by the version of its form; a path that is not UTF-8 stands in it as JSON's escapes."""
        text = json.dumps({"olhar": VERSION} | value, ensure_ascii=False, indent=1) + "\n"
        return self.write(name, text.encode("utf-8", "backslashreplace"))

    def read(self, name: str) -> str:
        """The text of one file of the run.

        Raises:
            RunError: it is not there: the training has not come so far; or it is no text.
        """
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise damaged(self.path, name) from error
        except OSError as error:
            raise RunError("run.unfinished", where=str(self.path), name=name) from error

    def read_json(self, name: str) -> dict[str, Any]:
        """One JSON file of the run.

        Raises:
            RunError: not there, or not JSON.
        """
        with parsing(damaged(self.path, name)):
            read = json.loads(self.read(name))
            if not isinstance(read, dict):
                raise TypeError(name)
            return cast(dict[str, Any], read)

    @property
    def begun(self) -> bool:
        """Whether what was asked stands in it, by which a folder is known as a run."""
        return (self.path / REQUEST).is_file()

    def recipe(self) -> "Recipe":
        """The recipe, resolved as far as the training had come.

        Raises:
            RunError: it is not there, or damaged.
        """
        from olhar.training.recipe import Recipe

        text = self.read("recipe.toml")
        with parsing(damaged(self.path, "recipe.toml"), RecipeError):
            return Recipe.from_toml(text, "recipe.toml")

    def signature(self) -> "Signature":
        """The contract of the model.

        Raises:
            RunError: it is not there, or damaged.
            ModelError: it wants pixels by a rule that this version does not know.
        """
        from olhar.base.signature import Signature

        name, text = "signature.json", self.read("signature.json")
        try:
            return Signature.from_json(text, str(self.path / name))
        except ModelError as error:
            raise (damaged(self.path, name) if error.key == "bundle.signature_unreadable" else error) from error

    def request(self) -> "StoredRequest":
        """What was asked, and what was found of the data before the first step.

        Raises:
            RunError: it is not there, or damaged.
        """
        from olhar.runs.request import StoredRequest

        stored = self.read_json(REQUEST)
        with parsing(damaged(self.path, REQUEST)):
            return StoredRequest.from_dict(stored)


def run_of(model: Path) -> RunFolder | None:
    """The run that a path is of: its folder, or the ``model.onnx`` in it; None of any other file."""
    folder = model if model.is_dir() else model.parent
    inside = model.is_dir() or model.name == "model.onnx"
    return RunFolder(folder) if inside and (folder / REQUEST).is_file() else None


def is_several(path: StrPath) -> bool:
    """Whether a folder holds several trainings."""
    return (Path(path) / SEVERAL).is_file()


def is_taken(path: Path) -> bool:
    """Whether a place is not free for a new run. An empty folder is, and what a training left that was killed as it began."""
    if not path.is_dir() or path.is_symlink():
        return path.exists() or path.is_symlink()
    names = {entry.name for entry in path.iterdir()}
    if not names:
        return False
    ours = "checkpoints" in names and (BASE not in names or "signature.json" in names) and all(map(_of_a_start, names))
    return not ours or any(entry.name != "lock" and not _is_draft(entry.name) for entry in (path / "checkpoints").glob("*"))


def _of_a_start(name: str) -> bool:
    return name in _OF_A_START or _is_draft(name)


def _is_draft(name: str) -> bool:
    return name.startswith(".") and name.endswith(".draft")


def free_name(path: Path) -> Path:
    """The first of ``NAME-2``, ``NAME-3`` ... that is free; ``.`` and ``..`` are no names, but the folders that they mean are."""
    whole = path if path.name.strip(".") else path.resolve()
    stem = re.sub(r"-\d+$", "", whole.name)
    return next(free for n in range(2, 10**6) if not (free := whole.parent / f"{stem}-{n}").exists())


def next_name(runs: Path, data: str, model: str) -> Path:
    """``runs/DATA-MODEL-N`` with the first free N."""
    stem = f"{safe_name(data)}-{safe_name(model)}"
    return next(runs / f"{stem}-{n}" for n in range(1, 10**6) if not (runs / f"{stem}-{n}").exists())
