"""--keep-as: the best weights so far under a name of the person's own, from the first epoch on."""

import glob
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from olhar.base.errors import ModelError, OlharError, UsageError
from olhar.base.extras import need
from olhar.base.files import reason, write_whole
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.exports.forms import FORMS
from olhar.exports.run_file import export_run
from olhar.runs.folder import RunFolder

if TYPE_CHECKING:
    from torch import Tensor

    from olhar.networks.maker import Maker

_FORMS = ("h5", "keras", "onnx", "safetensors")
_SECONDS = 30.0


@dataclass(frozen=True)
class KeepAs:
    """A file that holds the best model so far while a training runs, and its last word once it is over.

    Attributes:
        path: its ending says the form.
    """

    path: Path

    @classmethod
    def of(cls, path: StrPath | None) -> "KeepAs | None":
        """The file that was asked for, if one was.

        Raises:
            UsageError: another ending.
        """
        if path is None:
            return None
        keep_as = cls(Path(path).expanduser().absolute())
        if keep_as.form not in _FORMS:
            raise UsageError("keep_as.form", found=Path(path).name, known=", ".join(_FORMS))
        return keep_as

    @property
    def form(self) -> str:
        """The ending, without its dot."""
        return self.path.suffix.removeprefix(".")

    @property
    def _beside(self) -> list[Path]:
        """What ``export`` writes with it."""
        return FORMS[self.form].with_shared(self.path)

    @property
    def settled(self) -> bool:
        """Whether it is there with all that ``export`` writes with it."""
        return all(path.exists() for path in (self.path, *self._beside))

    @property
    def _of_keras(self) -> bool:
        return self.form in ("h5", "keras")

    def refuse_taken(self) -> None:
        """See to it that no file of the person's is replaced, nor one that will lie beside it.

        Raises:
            UsageError: one is there already, or there is no such folder.
        """
        for path in (self.path, *self._beside):
            if path.exists():
                raise UsageError("keep_as.taken", where=str(path))
        if not self.path.parent.is_dir():
            raise UsageError("keep_as.no_folder", where=str(self.path.parent))

    def refuse(self, maker: "Maker | None") -> None:
        """What cannot be said in this form is told before anything is learnt; ``maker`` is None where a head learns alone.

        Raises:
            ExtraError: Keras is not installed, and the form needs it.
            ModelError: the person's own network, or no Keras layer does what a layer of the network does; it is named.
        """
        if not self._of_keras:
            return
        if maker is None:
            need("keras", "train --keep-as")
            return
        if maker.own is not None:
            raise ModelError("keep_as.own_network", model=maker.own.name, where=self.path.name)
        import torch

        from olhar.exports.to_keras import writes_back
        from olhar.graph.to_keras import to_keras

        if not writes_back(maker, self.path):
            need("keras", "train --keep-as")
            with torch.random.fork_rng(devices=[]):
                to_keras(maker.graph(maker.build()))

    def write(self, maker: "Maker", weights: "Mapping[str, Tensor]") -> None:
        """Write a network with these weights; a kill at any moment leaves the file before or the new one.

        Raises:
            OSError: the disk is full, or the folder may not be written.
            ModelError: Keras fails.
        """
        import torch
        from safetensors.torch import save

        if self.form == "safetensors":
            return write_whole(self.path, save({name: tensor.cpu().contiguous() for name, tensor in weights.items()}))
        with torch.random.fork_rng(devices=[]):
            network = maker.build()
        network.load_state_dict(weights)
        network.eval()
        if self.form == "onnx":
            return write_whole(self.path, maker.bundle(network))
        from olhar.exports.to_keras import write_keras

        return write_keras(maker, network, self.path)

    def clear(self) -> None:
        """Remove what a killed training left half-written beside it."""
        for left in self.path.parent.glob(f".{glob.escape(self.path.name)}.*"):
            if left.is_dir() and left.suffix == ".draft":
                shutil.rmtree(left, ignore_errors=True)
            elif left.suffix in (".draft", ".part"):
                left.unlink(missing_ok=True)

    def settle(self, run: RunFolder, progress: Progress) -> None:
        """What ``olhar export`` makes of the finished run, proved, with its labels beside it.

        Raises:
            RunError, ModelError: it cannot be written, or answers otherwise; the run itself is whole.
        """
        export_run(run, self.path, force=True, progress=progress)
        progress.line(sentence("keep_as.settled", where=str(self.path)))


class Keeper:
    """Writes the best weights of a training now and then: at once the first time, then at most every half minute."""

    def __init__(self, keep_as: KeepAs, maker: "Maker", progress: Progress) -> None:
        self.keep_as, self.maker, self.progress = keep_as, maker, progress
        self.waiting: Mapping[str, Tensor] | None = None
        self.written = -_SECONDS
        with suppress(OSError):
            keep_as.clear()

    def note(self, weights: "Mapping[str, Tensor]") -> None:
        """These are the best by now."""
        self.waiting = weights

    def write(self, at_once: bool = False) -> None:
        """Write what waits, if it is time. A training does not end for it: what goes wrong is told, and tried again later."""
        if self.waiting is None or not (at_once or time.monotonic() - self.written > _SECONDS):
            return
        try:
            self.keep_as.write(self.maker, self.waiting)
        except (OSError, OlharError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            self.progress.line(sentence("keep_as.failed", where=str(self.keep_as.path), reason=f"{str(why).rstrip('.')}."))
        else:
            self.waiting = None
        self.written = time.monotonic()
