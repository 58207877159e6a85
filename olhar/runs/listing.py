"""runs: what runs there are, how far each is, and how good; for a person and for somebody who watches one from elsewhere."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from olhar.base.errors import RunError
from olhar.base.types import StrPath
from olhar.evaluation.metrics import Interval
from olhar.runs import history
from olhar.runs.folder import RunFolder
from olhar.runs.lock import busy
from olhar.runs.results import results

State = Literal["finished", "running", "stopped", "damaged"]


@dataclass(frozen=True)
class Listed:
    """A run as a line of a list.

    Attributes:
        path: its folder.
        state: ``finished``; ``running`` in some process of this machine; ``stopped``, to be resumed; ``damaged``, not to be read.
        data, model: what was asked for.
        epoch: epochs done.
        accuracy: of its test part, or of validation (``measured``) once it is finished; else None.
        val_accuracy: the best of validation so far; None before the first epoch.
        begun: when, in UTC.
    """

    path: Path
    state: State
    data: str = ""
    model: str = ""
    epoch: int = 0
    accuracy: Interval | None = None
    measured: str = ""
    val_accuracy: float | None = None
    begun: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        found = self.accuracy
        interval = {"value": found.value, "low": found.low, "high": found.high, "n": found.n} if found else None
        begun = self.begun.isoformat(timespec="seconds") if self.begun else None
        kept = {"state": self.state, "data": self.data, "model": self.model, "epoch": self.epoch, "measured": self.measured}
        return {"run": str(self.path)} | kept | {"accuracy": interval, "val_accuracy": self.val_accuracy, "begun": begun}


def runs(folder: StrPath = "runs") -> list[Listed]:
    """The runs below a folder, those of several seeds each, the newest last.

    Raises:
        RunError: there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise RunError("run.no_folder", where=str(folder))
    below = [path for several in root.glob("*/several.json") for path in several.parent.iterdir()]
    found = [listed(path) for path in (*root.iterdir(), *below) if RunFolder(path).begun]
    return sorted(found, key=lambda one: (one.begun or datetime.min.replace(tzinfo=UTC), one.path.name))


def listed(path: Path) -> Listed:
    """One run as a line; what cannot be read makes it ``damaged``, and no error."""
    run = RunFolder(path)
    try:
        begun = datetime.fromtimestamp((path / "request.json").stat().st_mtime, UTC)
        asked, rows = run.request(), history.read(run)
        recipe = run.recipe()
        accuracy, judged_by = _accuracy(run)
        state: State = "finished" if run.finished else "running" if busy(path) else "stopped"
        best = max((row["val_accuracy"] for row in rows), default=None)
        epoch = rows[-1]["epoch"] if rows else 0
        return Listed(path, state, Path(asked.data).name, Path(recipe.model).name, epoch, accuracy, judged_by, best, begun)
    except Exception:
        return Listed(path, "damaged")


def at_work(path: Path) -> Path:
    """The run that learns now at or below a folder (a fold, one of several seeds); else the run itself, or the newest below."""
    below = [one.parent for kind in ("seed", "fold") for one in path.glob(f"{kind}-*/request.json")]
    for one in below:
        if busy(one):
            return at_work(one)
    if (path / "request.json").is_file() or not below:
        return path
    return max(below, key=lambda one: (one / "request.json").stat().st_mtime)


def whole(path: Path) -> Path:
    """The folder by which one goes on with a run: that of all folds, or of all seeds, where it is one of them."""
    above = path.parent
    if path.name.startswith("fold-") and (above / "request.json").is_file():
        return whole(above)
    return above if (above / "several.json").is_file() else path


def _accuracy(run: RunFolder) -> tuple[Interval | None, str]:
    if not run.finished:
        return None, ""
    kept = results(run)
    return kept.metrics.accuracy, kept.measured
