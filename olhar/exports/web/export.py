"""A bundle written as a page, kept only if the page's engine answers as the bundle does."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from olhar.base.errors import ModelError, UsageError
from olhar.base.files import write_error, write_whole
from olhar.base.images import Pixels
from olhar.base.page_source import PageSource
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import LANGUAGES, code, say, sentence, speaking
from olhar.bundle.about import about
from olhar.bundle.parity import TOLERANCE, compared
from olhar.bundle.predictor import Predictor
from olhar.exports.web import site
from olhar.exports.web.emulator import computed
from olhar.exports.web.network import planned
from olhar.exports.web.program import Laid, lay
from olhar.exports.web.site import Contents
from olhar.graph.graph import Floats

_BLOCKS, _PROVED_ON = 8, 4
_HALF_TOLERANCE = 0.02
"""For unlikeness by weights at half precision: a fiftieth of the way from usual to flagged."""
_FAULTS = {
    **{name: f"picture.{name}" for name in ("empty", "damaged", "too_large")},
    **{name: f"web.fault.{name}" for name in ("unknown", "form", "wrong", "not_finite", "broken")},
}
"""What the page may have to say of a picture, and the sentence for it."""
_PLACES = {"too_large": ("width", "height"), "form": ("form",), "broken": ("reason",)}
_MEGAPIXELS = 50


def export_web(bundle: bytes, name: str, target: Path, page: PageSource, *, half: bool, force: bool, progress: Progress) -> Path:
    """Write a bundle as a page.

    Args:
        bundle: the file of a model.onnx.
        name: what the page calls it.
        target: a file that ends in ``.html``, or a folder.
        page: the server's page.
        half: keep the weights at half precision.
        force: replace what is there.
        progress: where to tell what was compared.

    Raises:
        UsageError: something is there already.
        ModelError: an operation that the page's engine does not have, or it answers otherwise.
        RunError: it cannot be written.
    """
    alone = target.suffix.lower() == ".html"
    if target.exists() and (not force or target.is_dir() == alone):
        raise UsageError("export.taken" if alone else "web.folder_taken", where=str(target))
    predictor = Predictor.from_bytes(bundle, name)
    laid = lay(planned(bundle, name, unlike=bool(predictor.signature.false_alarms)))
    contents = _contents(predictor, laid, page.texts, half, progress)
    if not predictor.signature.whole:
        progress.line(sentence("web.not_whole"))
    files = {target.name: site.single(page, contents)} if alone else site.folder(page, contents)
    place = target.parent if alone else target
    try:
        place.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            write_whole(place / file, content)
    except OSError as error:
        raise write_error(target, error, sum(map(len, files.values()))) from error
    progress.line(sentence("web.how_file") if alone else sentence("web.how_folder", where=str(target)))
    return target


def _contents(
    predictor: Predictor, laid: Laid, texts: Mapping[str, Mapping[str, str]], half: bool, progress: Progress
) -> Contents:
    """The files that are this model's, proved on coarse noise: what the page does is the same arithmetic in another order."""
    signature, name = predictor.signature, predictor.name
    matrices = laid.matrices.astype(np.float16) if half else laid.matrices
    kept = replace(laid, matrices=matrices.astype(np.float32))
    pixels = check_pictures(signature, _PROVED_ON)
    expected, unlikeness = predictor.answers(pixels)
    numbers = computed(kept, pixels, _numbers(signature))
    answers = numbers[:, : len(signature.classes)]
    difference = float(np.abs(expected - answers).max())
    if unlikeness is not None:
        _refuse_other_unlikeness(unlikeness, numbers[:, -1], name, half=half)
    if half:
        other = int((expected.argmax(1) != answers.argmax(1)).sum())
        progress.line(sentence("web.halved", name=name, difference=difference, n=len(pixels), other=other))
    else:
        difference = compared(expected, answers, name)
        progress.line(sentence("web.agrees", name=name, difference=difference, n=len(pixels)))
    model = _model(signature, name, laid, half, _told(predictor)) | {
        "check": [float(number) for number in numbers[0]],
        "agreement": difference,
        "pictures_compared": len(pixels),
    }
    weights = laid.singles.tobytes() + matrices.tobytes()
    return Contents(json.dumps(model, ensure_ascii=False), json.dumps(_texts(texts), ensure_ascii=False), weights)


def _numbers(signature: Signature) -> int:
    """How many numbers the program gives: a probability a class, and the unlikeness where there is one."""
    return len(signature.classes) + bool(signature.false_alarms)


def _refuse_other_unlikeness(expected: Floats, received: Floats, name: str, *, half: bool) -> None:
    """Unlikeness is a logarithm in spreads: its bound grows with it. Halved weights may move it by what nobody sees.

    Raises:
        ModelError: the page would flag other pictures than the model does.
    """
    difference = float((np.abs(expected - received) / np.maximum(np.abs(expected), 1)).max())
    if not difference <= (_HALF_TOLERANCE if half else TOLERANCE):
        raise ModelError("bundle.disagrees", where=name, difference=difference)


def _told(predictor: Predictor) -> Mapping[str, object]:
    """What the page says of the model, its notices by language."""
    notices: dict[str, list[str]] = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            notices[tongue] = [str(notice) for notice in predictor.notices]
    return about(predictor.name, predictor, [predictor.name]) | {"notices": notices}


def _model(signature: Signature, name: str, laid: Laid, half: bool, told: Mapping[str, object]) -> dict[str, object]:
    """What the page must know of the model, as JSON."""
    wanted = {"width": signature.width, "height": signature.height, "channels": signature.channels, "fit": signature.fit}
    plan = {
        "calls": laid.calls,
        "picture": laid.picture,
        "answer": laid.answer,
        "numbers": _numbers(signature),
        "memory": laid.memory,
        "singles": laid.singles.size,
        "matrices": laid.matrices.size,
        "half": half,
    }
    return {
        "olhar": 1,
        "name": name,
        "classes": len(signature.classes),
        "names": signature.names,
        "tells_unlike": bool(signature.false_alarms),
        "about": told,
        "wanted": wanted | {"levels": signature.levels.integers},
        "plan": plan,
    }


def check_pictures(signature: Signature, n: int) -> Pixels:
    """Coarse noise, uint8 (N, height, width, channels), the first as ``worker.js`` makes it: the page checks itself by it."""
    count, state = _BLOCKS * _BLOCKS * signature.channels, 7
    numbers = np.empty(n * count, np.uint8)
    for place in range(n * count):
        state = (state * 1664525 + 1013904223) % 2**32
        numbers[place] = state >> 24
    coarse = numbers.reshape(n, _BLOCKS, _BLOCKS, signature.channels)
    rows, columns = (np.arange(side) * _BLOCKS // side for side in (signature.height, signature.width))
    return np.ascontiguousarray(coarse[:, rows][:, :, columns])


def _texts(texts: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, object]]:
    """The page's sentences and what it may say of a picture, by language."""
    spoken: dict[str, Mapping[str, object]] = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            faults = {name: _fault(name, key) for name, key in _FAULTS.items()}
            own = {"private": say("web.private"), "offline": say("web.offline"), "camera_insecure": say("web.camera_insecure")}
            codes = {name: code(key) for name, key in _FAULTS.items()}
            spoken[tongue] = {**texts[tongue], **own, "faults": faults, "codes": codes}
    return spoken


def _fault(name: str, key: str) -> str:
    """A sentence with places in it that the page fills."""
    return say(
        key,
        name=say("serve.page.this_file"),
        megapixels=_MEGAPIXELS,
        **{place: f"{{{place}}}" for place in _PLACES.get(name, ())},
    )
