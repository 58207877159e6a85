"""A CheckStory as one HTML page that opens with no network: findings, pictures side by side, and a keep list to take away.

Its script works on what is in the page; without it the page reads as well, and its buttons are not there.
"""

import base64
import json
import zlib
from functools import cache
from hashlib import blake2b, sha256
from importlib import resources
from typing import TYPE_CHECKING, Any

from olhar.base.html import Html
from olhar.base.texts import language, say
from olhar.data.checks.audit import remark
from olhar.data.checks.findings import Finding
from olhar.reporting.check_story import CheckStory, ShownCase, ShownPicture
from olhar.reporting.display_names import DisplayName, bounded
from olhar.reporting.html_text import day_text, html_sentence
from olhar.reporting.page import environment

if TYPE_CHECKING:
    from jinja2 import Template

NAMES = 48
_SCRIPT_TEXTS = (
    *("keep", "drop", "label", "as_proposed", "choose", "counts", "suggested"),
    *("file", "keys_on", "keys_off", "reset_sure", "actions"),
)


def render_check(story: CheckStory) -> str:
    """The findings as one HTML page in the language in use.

    Names from outside are escaped, bounded, and cannot turn the text around them; pictures are written anew from their pixels.
    """
    script = resources.files("olhar.reporting").joinpath("templates", "check.js").read_text(encoding="utf-8")
    return _template().render(
        story=story,
        names=[DisplayName(name) for name in story.names],
        made=day_text(story.made),
        script=Html(script),
        digest=base64.b64encode(sha256(script.encode()).digest()).decode(),
        listed=story.listed,
        kept=frozenset(story.kept),
        data=Html(_data(story)) if story.listed else "",
        issues=sum(shown.finding.outcome == "issue" for shown in story.findings),
        tips=sum(shown.finding.outcome == "tip" for shown in story.findings),
        read_as=bounded(story.read_as, 600),
        keep_command=f"{bounded(story.train, 300)} --keep {say('review.script.file')}",
        say=html_sentence,
        sentence=_sentence,
        unfound=lambda finding: bounded(remark(finding), 500),
        verdict=_verdict,
        alt=_alt,
        file=lambda picture: bounded(picture, NAMES),
    )


def _sentence(finding: Finding, part: str) -> Html:
    return html_sentence(f"check.{finding.code.lower()}.{part}", **{"page": "", **finding.values})


def _verdict(case: ShownCase, story: CheckStory) -> Html | str:
    """What the check would call the picture, and how sure it is; or why it cannot be read."""
    if case.case.label < 0:
        return bounded(str(case.case.values.get("reason", "")), 300)
    name = DisplayName(story.names[case.case.label])
    return html_sentence("review.proposed", name=name, share=float(case.case.values.get("answer", case.case.score)))


def _alt(picture: ShownPicture, story: CheckStory) -> str:
    name = story.names[picture.label] if picture.label >= 0 else say("review.no_class")
    return say("review.alt", picture=bounded(picture.picture, NAMES), name=bounded(name, NAMES))


def _data(story: CheckStory) -> str:
    """All that the script needs, compressed, as a JSON string that cannot end the element that it stands in."""
    dropped = sorted(set(range(len(story.where))) - set(story.kept))
    values: dict[str, Any] = {
        "classes": list(story.classes),
        "names": [bounded(name, NAMES) for name in story.names],
        "pictures": list(story.where),
        "labels": list(story.labels),
        "contents": list(story.contents),
        "dropped": dropped,
    }
    packed = zlib.compress(json.dumps(values).encode("ascii"), 9)
    about = {
        "key": blake2b("".join(story.contents).encode(), digest_size=8).hexdigest(),
        "origin": bounded(story.origin, NAMES),
        "language": language(),
        "texts": _texts(),
        "data": base64.b64encode(packed).decode("ascii"),
    }
    return json.dumps(about).replace("<", "\\u003c")


def _texts() -> dict[str, str]:
    """The sentences that the script fills."""
    marks = {mark: f"{{{mark}}}" for mark in ("name", "decided", "asked", "kept", "relabelled", "dropped")}
    return {name: say(f"review.script.{name}", **marks) for name in _SCRIPT_TEXTS}


@cache
def _template() -> "Template":
    return environment().get_template("check.html")
