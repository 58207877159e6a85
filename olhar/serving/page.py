"""Page: the files of ``web/`` as they are served, and the sentences that stand in them."""

import re
from functools import cache
from html import escape
from importlib import resources

from olhar.base.page_source import PageSource
from olhar.base.texts import LANGUAGES, language, speaking, template

PAGE_TEXTS = (
    "this_file", "title", "lead", "drop", "drop_more", "release", "choose", "folder", "photograph", "paste", "no_link",
    "no_pictures", "nothing_there", "camera", "camera_view", "camera_turn", "camera_close", "camera_refused",
    "camera_busy", "camera_none", "camera_insecure", "hold", "results", "clear", "csv", "all", "unreadable", "filter",
    "sort", "sort_came", "sort_doubtful", "progress", "progress_label", "left_seconds", "left_minutes", "all_done",
    "stop", "resume", "private", "about", "close", "before", "after", "large", "which", "notices", "classes",
    "classes_title", "card", "sees_stretch", "sees_crop", "sees_pad", "sees_gray", "has_threshold", "no_threshold",
    "tells_unlike", "never_unlike", "looking", "others", "no_preview", "announce", "do_not_know", "unlike", "unsure", "set",
    "announce_error", "remove", "offline", "too_many", "language", "token_label", "token_first",
    "token_send", "token_wrong", "head_picture", "head_answer", "head_probability", "head_note", "head_set",
)  # fmt: skip
"""The keys of the page's sentences; their places are filled by the page itself."""

_MODULES = (
    *("about", "answer", "answers", "camera", "card", "collection", "csv", "intake", "large", "live", "markdown", "page"),
    *("parts", "queue", "results", "seen", "texts", "thumbnail", "tile"),
)
FILES = {
    "style.css": "text/css",
    **{f"{name}.js": "text/javascript" for name in _MODULES},
    "icon.svg": "image/svg+xml",
}
"""The files beside the page, with their types."""

_TEXT = re.compile(r'data-text="(\w+)"([^>]*)>')
_UNSEEN = re.compile(r"^(?:[ ]+|//.*\n|\n)+", re.M)
_LABEL = re.compile(r'data-label="(\w+)"')


def texts() -> dict[str, str]:
    """The page's sentences in the language in use, their places as they stand in the catalogue: the page fills them."""
    return {key: template(f"serve.page.{key}") for key in PAGE_TEXTS}


def html() -> str:
    """The page in the language in use."""
    said = {key: escape(sentence) for key, sentence in texts().items()}
    page = _TEXT.sub(lambda found: f"{found[0]}{said[found[1]]}", web("index.html").replace("{{lang}}", language()))
    return _LABEL.sub(lambda found: f'{found[0]} aria-label="{said[found[1]]}"', page)


def page_source() -> PageSource:
    """The page in the language in use, with its files, and its sentences in every language."""
    spoken: dict[str, dict[str, str]] = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            spoken[tongue] = texts()
    return PageSource(html(), {name: web(name) for name in FILES}, spoken)


@cache
def web(name: str) -> str:
    """A file of ``web/``, without indentation and without lines that are comments: phones pay for every byte."""
    text = (resources.files("olhar.serving") / "web" / name).read_text(encoding="utf-8")
    return _UNSEEN.sub("", text)
