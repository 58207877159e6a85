"""Page: the files of ``web/`` as they are served, and the sentences that stand in them."""

from functools import cache
from html import escape
from importlib import resources

from olhar.base.page_source import PageSource
from olhar.base.texts import LANGUAGES, language, say, speaking

PAGE_TEXTS: dict[str, tuple[str, ...]] = {
    "title": (),
    "lead": (),
    "drop": (),
    "drop_more": (),
    "release": (),
    "choose": (),
    "photograph": (),
    "paste": (),
    "camera": (),
    "camera_view": (),
    "camera_turn": (),
    "camera_close": (),
    "camera_refused": (),
    "results": (),
    "clear": (),
    "private": (),
    "classes": ("n",),
    "looking": (),
    "others": ("n",),
    "picture_alt": ("place",),
    "no_preview": (),
    "announce": ("place", "name", "share"),
    "do_not_know": (),
    "unlike": (),
    "announce_error": ("place", "message"),
    "remove": (),
    "offline": (),
    "too_many": ("limit",),
    "language": (),
    "token_label": (),
    "token_send": (),
}
"""Each sentence of the page with the places in it that the page itself fills."""

FILES = {
    "style.css": "text/css",
    "page.js": "text/javascript",
    "answers.js": "text/javascript",
    "camera.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files beside the page, with their types."""


def texts() -> dict[str, str]:
    """The page's sentences in the language in use; ``{name}`` stands where the page fills something in."""
    return {key: say(f"serve.page.{key}", **{place: f"{{{place}}}" for place in places}) for key, places in PAGE_TEXTS.items()}


def html() -> str:
    """The page in the language in use."""
    page = web("index.html").replace("{{lang}}", language())
    for key, sentence in texts().items():
        page = page.replace(f"{{{{{key}}}}}", escape(sentence))
    return page


def page_source() -> "PageSource":
    """The page in the language in use, with its files, and its sentences in every language."""
    from olhar.exports.web.site import PageSource  # a server needs none of that room

    spoken: dict[str, dict[str, str]] = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            spoken[tongue] = texts()
    return PageSource(html(), {name: web(name) for name in FILES}, spoken)


@cache
def web(name: str) -> str:
    """A file of ``web/``."""
    return (resources.files("olhar.serving") / "web" / name).read_text(encoding="utf-8")
