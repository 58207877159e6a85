"""What runs there are, how far each is, and how good; for a person and for somebody who watches one from elsewhere."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from olhar.base.errors import OlharError, RunError
from olhar.base.types import StrPath
from olhar.evaluation.intervals import Interval
from olhar.runs import history
from olhar.runs.folder import RunFolder
from olhar.runs.lock import busy
from olhar.runs.results import results

T = TypeVar("T")
RunState = Literal["finished", "running", "stopped", "damaged"]


@dataclass(frozen=True)
class RunSummary:
    """A run as a line of a list.

    Attributes:
        path: its folder.
        state: ``finished``; ``running`` in some process of this machine; ``stopped``, to be resumed; ``damaged``, not to be read.
        data, model: what was asked for.
        epoch: epochs done; None of a finished run that learnt none, as a head start does.
        accuracy: of its test part, or of validation (``measured``) once it is finished; else None.
        val_accuracy: the best of validation so far; None before the first epoch.
        begun: when, in UTC.
    """

    path: Path
    state: RunState
    data: str = ""
    model: str = ""
    epoch: int | None = 0
    accuracy: Interval | None = None
    measured: str = ""
    val_accuracy: float | None = None
    begun: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        interval = asdict(self.accuracy) if self.accuracy else None
        begun = self.begun.isoformat(timespec="seconds") if self.begun else None
        summary = {"state": self.state, "data": self.data, "model": self.model, "epoch": self.epoch, "measured": self.measured}
        return {"run": str(self.path)} | summary | {"accuracy": interval, "val_accuracy": self.val_accuracy, "begun": begun}


def list_runs(folder: StrPath = "runs") -> list[RunSummary]:
    """The runs below a folder, those of several seeds each, the newest last.

    Raises:
        RunError: there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise RunError("run.no_folder", where=str(folder))
    below = [path for several in root.glob("*/several.json") for path in several.parent.iterdir()]
    summaries = [summarise(path) for path in (*root.iterdir(), *below) if RunFolder(path).begun]
    return sorted(summaries, key=lambda run: (run.begun or datetime.min.replace(tzinfo=UTC), run.path.name))


def summarise(path: Path) -> RunSummary:
    """One run as a line; where a file cannot be read it is ``damaged``, and no error: what the others say is told."""
    run, lost = RunFolder(path), list[OlharError | OSError]()
    try:
        begun = datetime.fromtimestamp((path / "request.json").stat().st_mtime, UTC)
        state: RunState = "finished" if run.finished else "running" if busy(path) else "stopped"
    except (OlharError, OSError):
        return RunSummary(path, "damaged")
    data = _else(lost, "", lambda: Path(run.request().data).name)
    model = _else(lost, "", lambda: Path(run.recipe().model).name)
    rows = _else(lost, [], lambda: history.read(run))
    accuracy, judged_by = _else(lost, (None, ""), lambda: _accuracy(run))
    best = max((row["val_accuracy"] for row in rows), default=None)
    epoch = rows[-1]["epoch"] if rows else None if state == "finished" and not lost else 0
    return RunSummary(path, "damaged" if lost else state, data, model, epoch, accuracy, judged_by, best, begun)


def _else(lost: list[OlharError | OSError], nothing: T, read: Callable[[], T]) -> T:
    """What a file says, or ``nothing``; then ``lost`` has the reason."""
    try:
        return read()
    except (OlharError, OSError) as error:
        lost.append(error)
        return nothing


def active_run(path: Path) -> Path:
    """The run that learns now at or below a folder (a fold, one of several seeds); else the run itself, or the newest below."""
    below = [request.parent for kind in ("seed", "fold") for request in path.glob(f"{kind}-*/request.json")]
    for run in below:
        if busy(run):
            return active_run(run)
    if (path / "request.json").is_file() or not below:
        return path
    return max(below, key=lambda run: (run / "request.json").stat().st_mtime)


def enclosing_run(path: Path) -> Path:
    """The folder by which one goes on with a run: that of all folds, or of all seeds, where it is one of them."""
    above = path.parent
    if path.name.startswith("fold-") and (above / "request.json").is_file():
        return enclosing_run(above)
    return above if (above / "several.json").is_file() else path


def _accuracy(run: RunFolder) -> tuple[Interval | None, str]:
    if not run.finished:
        return None, ""
    numbers = results(run)
    return (numbers.metrics.accuracy, numbers.measured) if numbers.judged else (None, "")
