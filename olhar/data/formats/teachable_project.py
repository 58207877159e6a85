"""A Teachable Machine project (``.tm``): a zip of ``CLASS-!-N.jpg`` and ``manifest.json``."""

import json
import posixpath
import re

from olhar.base.errors import DataError
from olhar.base.texts import Sentence
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, non_pictures
from olhar.data.files.zip_within import zip_within
from olhar.data.layout import is_picture
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import ReadOptions

_SAMPLE = re.compile(r"(.+)-!-\d+\.\w+")
_MANIFEST, _LARGEST = "manifest.json", 2**20
_KINDS = {"audio": "sound", "sound": "sound", "speech": "sound", "pose": "pose"}


def read(files: Files, _options: ReadOptions) -> Dataset | None:
    """A project, or the folder that one was unpacked into, or one among ``files``.

    Raises:
        DataError: a project of sounds or poses.
    """
    if is_project(files):
        return _project(files, files.origin)
    for index in non_pictures(files):
        inner = zip_within(files, index)
        if inner is not None and is_project(inner):
            return _project(inner, files.origin)
    return None


def is_project(files: Files) -> bool:
    """Whether there is a manifest, and every sample bears its class; of an empty project the manifest alone tells."""
    names = [posixpath.basename(name) for name in files.names]
    if _MANIFEST not in names:
        return False
    samples = [name for name in names if "-!-" in name]
    return bool(samples) or _kind(files) is not None


def _project(files: Files, origin: str) -> Dataset:
    kind = _kind(files)
    if kind in ("sound", "pose"):
        raise DataError("data.project_kind", where=files.name, kind=Sentence(f"data.kind_{kind}"))
    matches = {name: _SAMPLE.fullmatch(posixpath.basename(name)) for name in files.names if is_picture(name)}
    class_of = {name: match[1] for name, match in matches.items() if match}
    names = sorted(class_of)
    labels = [class_of[name] for name in names]
    return assemble(origin, [Piece(files.pictures(names), names, labels, ("",) * len(names))], len(files.names) - len(names))


def _kind(files: Files) -> str | None:
    """``image``, ``sound`` or ``pose`` by the manifest's word, else by the samples; None where it says nothing."""
    index = next(i for i, name in enumerate(files.names) if posixpath.basename(name) == _MANIFEST)
    try:
        manifest = json.loads(files.head(index, _LARGEST).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        manifest = None
    word = manifest.get("type") if isinstance(manifest, dict) else None
    if isinstance(word, str) and (word in _KINDS or word == "image"):
        return _KINDS.get(word, "image")
    samples = [name for name in files.names if "-!-" in name]
    return "sound" if samples and not any(map(is_picture, samples)) else None
