"""Predictor: a bundle opened in ONNX Runtime, asked with pictures of any kind, answering with the class names."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from olhar.base import runtime
from olhar.base.errors import ModelError, PictureError
from olhar.base.files import neighbours, read_file
from olhar.base.images import PIXEL_LIMIT, Pixels, to_pixels
from olhar.base.levels import FULL
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, say, sentence
from olhar.base.types import StrPath
from olhar.bundle.checksum import refuse_changed
from olhar.bundle.prediction import Prediction

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Picture = StrPath | bytes | Pixels | Image.Image

METADATA_KEY = "olhar"
CARD_KEY = "model_card"
"""The key in ONNX's metadata whose value is the model card, as Markdown."""
UNLIKENESS = "unlikeness"
"""The output: float32 (N,), above 1 where a picture is like none of those that taught."""
BATCH = 64
_DOTS = 4 * 224 * 224
"""So many dots are asked about at once: of larger questions, what lies between two layers falls out of the processor's cache."""
_MOST_NAMES = 10


class Predictor:
    """A model that answers. ``eye("new.jpg")`` gives a Prediction; so do bytes, Pillow pictures and uint8 arrays.

    Safe to call from several threads.

    Attributes:
        signature: the model's contract.
        name: the file's name.
        threads: how many one question may take, where that was said.
        notices: what a person should know of the model, a sentence each: what was assumed of a file that does not say it.
    """

    def __init__(
        self,
        session: "InferenceSession",
        signature: Signature,
        name: str,
        source: Callable[[], bytes],
        threads: int | None = None,
    ) -> None:
        self._session = session
        self._source = source
        self.signature = signature
        self.name = name
        self.threads = threads
        self.notices: tuple[Sentence, ...] = ()

    @classmethod
    def open(cls, path: StrPath, threads: int | None = None) -> "Predictor":
        """Open a ``model.onnx`` that Olhar wrote.

        Args:
            path: the file.
            threads: how many threads one question may take; by default as many as there are cores.

        Raises:
            ModelError: no such file, not a model, a model without a signature, or one that was changed since it was written.
        """
        file = Path(path)
        return cls.from_bytes(_bytes(file), file.name, threads, lambda: _unchanged(file))

    @classmethod
    def from_bytes(
        cls, model: bytes, name: str, threads: int | None = None, source: Callable[[], bytes] | None = None
    ) -> "Predictor":
        """The same for a model that is in memory; ``name`` stands for it in errors.

        ``source`` gives the same bytes again, so that they need not be held; without it they are.
        """
        refuse_changed(model, name)
        session = _session(model, name, threads)
        meta: dict[str, str] = session.get_modelmeta().custom_metadata_map
        if METADATA_KEY not in meta:
            raise ModelError("bundle.no_signature", where=name)
        return cls(session, Signature.from_json(meta[METADATA_KEY], name), name, source or (lambda: model), threads)

    @property
    def classes(self) -> tuple[str, ...]:
        """The keys of the classes, in the order of the probabilities."""
        return self.signature.classes

    @property
    def card(self) -> str:
        """The model card, as Markdown, in the language in which it was written; empty where there is none."""
        meta: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        return meta.get(CARD_KEY, "")

    def gives(self, output: str) -> bool:
        """Whether the model has an output of that name."""
        return any(one.name == output for one in self._session.get_outputs())

    def serialised(self) -> bytes:
        """The model as a file holds it, read again.

        Raises:
            ModelError: it is no longer there, or was changed since it was written.
        """
        return self._source()

    def __repr__(self) -> str:
        signature, names = self.signature, ", ".join(self.signature.names[:_MOST_NAMES])
        more = ", ..." if len(signature.names) > _MOST_NAMES else ""
        colour = say(f"inspect.channels_{signature.channels}")
        values = {"n": len(signature.names), "classes": names + more, "height": signature.height, "width": signature.width}
        return say("bundle.predictor", name=self.name, **values, colour=colour)

    def __call__(self, picture: Picture, *, bgr: bool = False) -> Prediction:
        """The answer for one picture.

        Args:
            picture: a path, encoded bytes, a Pillow picture, or a uint8 array (H, W), (H, W, 1) or (H, W, 3) in RGB; other
                numbers where the model has learnt from pictures of more than 8 bits.
            bgr: an array is in OpenCV's order, blue first.

        Raises:
            PictureError: not a picture, or damaged.
        """
        return next(self.stream([self.prepare(picture, bgr=bgr)]))

    def many(self, pictures: Iterable[Picture]) -> list[Prediction]:
        """The answers for several pictures, in their order."""
        return list(self.stream(map(self.prepare, pictures)))

    def stream(self, prepared: Iterable[Pixels]) -> Iterator[Prediction]:
        """The answers for prepared pictures (``prepare``), asked in batches, memory bounded."""
        rest = iter(prepared)
        while batch := list(islice(rest, BATCH)):
            probabilities, unlikeness = self.answers(np.stack(batch))
            for i, row in enumerate(probabilities):
                yield self.prediction(row, None if unlikeness is None else float(unlikeness[i]))

    def prediction(self, probabilities: NDArray[np.float32], unlikeness: float | None = None) -> Prediction:
        """What the model says of one picture whose ``answers`` are known: float32 (K,), and its unlikeness."""
        signature = self.signature
        told = signature.threshold, unlikeness, signature.sets_from
        return Prediction(signature.classes, signature.names, probabilities, "", None, *told)

    def prepare(self, picture: Picture, *, bgr: bool = False, limit: int = PIXEL_LIMIT) -> Pixels:
        """One picture as the model wants it: uint8 (height, width, channels), by the signature's rule.

        Raises:
            PictureError: not a picture, damaged, or with more than ``limit`` pixels.
        """
        name = ""
        if isinstance(picture, (str, os.PathLike)):
            name = Path(picture).name
            picture = _read(Path(picture))
        if isinstance(picture, np.ndarray) and bgr and picture.ndim == 3:
            picture = picture[:, :, ::-1]
        signature = self.signature
        size, levels = (signature.height, signature.width), signature.levels
        if isinstance(picture, np.ndarray) and levels == FULL:
            levels = None  # an array of other numbers than 0 to 255 is refused, where nothing says what they mean
        return to_pixels(
            picture, size, signature.channels, signature.fit, name, limit=limit, levels=levels, whole=signature.whole
        )

    def probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        """Probabilities for prepared pictures.

        Args:
            pixels: uint8 (N, height, width, channels).

        Returns:
            float32 (N, K), each row adding up to 1, but for a foreign model of independent labels.

        Raises:
            ModelError: the model cannot be computed, or answers with something that is not a number, or not one a class.
        """
        return self._checked(self.outputs(pixels, "probabilities")[0], len(pixels))

    def answers(self, pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Probabilities (N, K), and how unlike any that taught each picture is, (N,); None where the model does not tell.

        Arguments and errors as of ``probabilities``.
        """
        if not self.signature.false_alarms:
            return self.probabilities(pixels), None
        probabilities, unlikeness = self.outputs(pixels, "probabilities", UNLIKENESS)
        if unlikeness.shape != (len(pixels),):
            raise ModelError("bundle.other_classes", where=self.name, n=len(self.classes))
        return self._checked(probabilities, len(pixels)), unlikeness

    def _checked(self, probabilities: NDArray[np.float32], n: int) -> NDArray[np.float32]:
        if probabilities.shape != (n, len(self.classes)):
            raise ModelError("bundle.other_classes", where=self.name, n=len(self.classes))
        return probabilities

    def outputs(self, pixels: Pixels, *names: str) -> list[NDArray[np.float32]]:
        """Outputs by name (``probabilities``, ``logits``, ``features``, ``unlikeness``) for uint8 (N, height, width, C)."""
        at_once = max(1, _DOTS // (pixels.shape[1] * pixels.shape[2]))
        asked = [self._ask(pixels[start : start + at_once], names) for start in range(0, max(1, len(pixels)), at_once)]
        return asked[0] if len(asked) == 1 else [np.concatenate(answers) for answers in zip(*asked, strict=True)]

    def _ask(self, pixels: Pixels, names: Sequence[str]) -> list[NDArray[np.float32]]:
        try:
            question = {self._session.get_inputs()[0].name: np.ascontiguousarray(pixels)}
            answers = cast(list[Any], self._session.run(list(names), question))
        except Exception as error:  # of a dozen classes of ONNX Runtime's own, some of them plain Exception
            raise ModelError("bundle.fails", where=self.name, reason=type(error).__name__) from error
        if not all(np.isfinite(answer).all() for answer in answers):
            raise ModelError("bundle.not_finite", where=self.name)
        return answers


def _bytes(file: Path) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise ModelError("bundle.unreadable", where=str(file), hint=_near(file)) from error


def _near(file: Path) -> Sentence | str:
    """The run of that name in the folder of runs, else the run or file beside it whose name is nearly the same."""
    run = file.parent / "runs" / file.name
    if (run / "model.onnx").is_file():
        return sentence("data.did_you_mean", name=str(run))
    beside = [path.name for path in neighbours(file)]
    near = get_close_matches(file.name, beside, 1) if file.name not in beside else []
    return sentence("data.did_you_mean", name=str(file.with_name(near[0]))) if near else ""


def _unchanged(file: Path) -> bytes:
    model = _bytes(file)
    refuse_changed(model, file.name)
    return model


def _session(data: bytes, name: str, threads: int | None) -> "InferenceSession":
    try:
        return runtime.session(data, threads)
    except ImportError:
        raise
    except Exception as error:
        raise ModelError("bundle.not_a_model", where=name) from error


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise PictureError("picture.vanished", name=str(path)) from error
