"""A million names cut and folded at once: as one text where that is the same, which spares a call a name."""

from collections.abc import Callable, Collection, Sequence

from olhar.data import layout

_ENDINGS = layout.SUFFIXES | {".dcm", ".dicom", ".raw", ".mhd", ".wav", ".mp3", ".flac", ".ogg"}
"""Of pictures, and of what they were made from: scans and sounds."""


def without_ending(path: str) -> str:
    """A path without an ending that pictures have."""
    dot = path.rfind(".")
    return path[:dot] if dot > 0 and path[dot:].lower() in _ENDINGS else path


def bare_names(names: Sequence[str], endings: Collection[str] | None = None) -> list[str]:
    """Names without the endings of pictures, and without case.

    Args:
        names: names, or paths.
        endings: all that they have, where that is known.
    """

    def cut(text: str) -> str | None:
        if "." not in text:
            return text.casefold()
        ending = next(iter(endings)).lower() if endings and len(endings) == 1 else ""
        folded = text.casefold() + "\n"
        return folded.replace(f"{ending}\n", "\n")[:-1] if ending in _ENDINGS and not _has_bare_ending(text) else None

    return _as_one(names, cut) or [without_ending(name).casefold() for name in names]


def _has_bare_ending(text: str) -> bool:
    """Whether some name may be nothing but an ending, which then is its name."""
    return text.startswith(".") or "\n." in text or "/." in text


def without_front(paths: Sequence[str], front: str) -> list[str]:
    """Paths without the slashes before them, and without what all then open with; empty where one does not."""
    start = f"/{front}" if paths and paths[0].startswith("/") else front
    cut = [path[len(start) :] for path in paths if path.startswith(start)] if front else []
    if len(cut) == len(paths):
        return cut
    return [path[len(front) :] if path.startswith(front) else "" for path in (path.lstrip("/") for path in paths)]


def ends_of(paths: Sequence[str], depth: int) -> Sequence[str]:
    """The last ``depth`` steps of each path, which has so many."""
    if depth == 1:
        return [path.rpartition("/")[2] for path in paths]
    whole = "/".join(paths).count("/") == depth * len(paths) - 1
    return paths if whole else ["/".join(path.rsplit("/", depth)[-depth:]) for path in paths]


def _as_one(names: Sequence[str], cut: Callable[[str], str | None]) -> list[str] | None:
    """What becomes of names when their text as a whole is cut; None where it is not to be done so."""
    text = "\n".join(names)
    if not names or text.count("\n") != len(names) - 1:
        return None
    changed = cut(text)
    pieces = changed.split("\n") if changed is not None else []
    return pieces if len(pieces) == len(names) else None
