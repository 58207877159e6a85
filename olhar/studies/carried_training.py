"""A training that travels: without a folder, in one of its own that goes away, and whose files come back."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from olhar.base.progress import Quiet
from olhar.base.texts import Sentence
from olhar.runs.environment import environment
from olhar.runs.folder import RunFolder
from olhar.studies.carried_pictures import SharedPictures, TakenApart

_MARK = "metrics.json"
"""By it a run is known as finished; of what comes back it is written last."""


@dataclass(frozen=True)
class CameBack:
    """What a training left: its lines, and its files by their names below the run's folder."""

    lines: tuple[Sentence, ...]
    files: dict[str, bytes]


@dataclass(frozen=True)
class CarriedTraining:
    """A training without a folder.

    Attributes:
        names: of the folder above the run's, and of the run's, by which the report calls it.
        choices: what it has for itself; the pictures are shared.
        files: that the folder holds as it begins.
        weight, threads: as of ``CarriedPart``.
    """

    names: tuple[str, str]
    choices: TakenApart
    files: dict[str, bytes]
    weight: int
    threads: int

    def work(self, shared: SharedPictures) -> Iterator[CameBack]:
        """Train in a folder of this machine that goes away. Its minutes begin now."""
        from olhar.jobs.learn import learn

        told = KeptLines()
        with TemporaryDirectory(prefix="olhar-") as place:
            run = RunFolder(Path(place, *self.names))
            run.checkpoints.mkdir(parents=True)
            write_files(run, self.files)
            run.write_json("environment.json", dict(environment()))
            learn(run, self.choices.together(*shared), told, time.monotonic())
            yield CameBack(tuple(told.lines), files_in(run.path))


class KeptLines:
    """Keeps the lines that a training says, for those who are told elsewhere."""

    def __init__(self) -> None:
        self.lines: list[Sentence] = []

    def line(self, sentence: Sentence) -> None:
        """Keep one."""
        self.lines.append(sentence)

    def stage(self, sentence: Sentence, total: int) -> AbstractContextManager[Callable[..., object]]:
        """No bar."""
        return Quiet().stage(sentence, total)


def files_in(folder: Path) -> dict[str, bytes]:
    """All files below a folder but locks and drafts, by their names with ``/``."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock" and path.suffix != ".draft"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def write_files(run: RunFolder, files: dict[str, bytes]) -> None:
    """Write files into a run's folder, each whole, and last the one by which it is known as finished.

    Raises:
        RunError: the folder cannot be written.
        ValueError: a name leads out of it.
    """
    for name in sorted(files, key=lambda name: name == _MARK):
        inside = Path(name)
        if inside.is_absolute() or ".." in inside.parts or inside.drive:
            raise ValueError(name)
        (run.path / inside).parent.mkdir(parents=True, exist_ok=True)
        run.write(name, files[name])
