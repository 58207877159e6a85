"""Language: which language a request asks for."""

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from olhar.base import texts

_BRETON = "br"
"""As a browser's tag; whoever writes it by hand means Brazil."""


def requested_language(scope: Scope) -> str | None:
    """The language of ``?language=``, else the first of ``Accept-Language`` that there is, else None: the server's own."""
    wish = QueryParams(scope["query_string"]).get("language", "")
    if texts.match(wish):
        return texts.match(wish)
    tongues = (texts.match(tag) for tag in _by_wish(Headers(scope=scope).get("accept-language", "")))
    return next((tongue for tongue in tongues if tongue), None)


def _by_wish(header: str) -> list[str]:
    """The tags of ``Accept-Language``, best first; those with a quality of 0 are left out."""
    tags = [_weighed(part) for part in header[:500].split(",")]
    return [tag for weight, tag in sorted(tags, key=lambda pair: -pair[0]) if weight > 0 and tag.lower() != _BRETON]


def _weighed(part: str) -> tuple[float, str]:
    tag, _, quality = part.partition(";")
    try:
        return float(quality.strip().removeprefix("q=") or 1), tag.strip()
    except ValueError:
        return 0.0, tag.strip()
