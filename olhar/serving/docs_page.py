"""The page ``/docs``: what ``/openapi.json`` says, for people, with commands to paste; no script, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from shlex import quote
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote as in_address

from olhar.base.texts import LANGUAGES, language, say

if TYPE_CHECKING:
    from jinja2 import Template

FILES = {"docs.css": "text/css"}
"""The files beside the page, with their types."""
_GROUPS = {"/v1/": "tensorflow", "/v2": "inference", "/healthz": "state", "/readyz": "state", "/metrics": "state"}
_TOKEN = '-H "Authorization: Bearer $OLHAR_TOKEN" '
_PICTURE = "$(base64 < {picture} | tr -d '\\n')"
_INSTANCE = '{{"instances": [{{"b64": "%s"}}]}}'
_TENSOR = '{{"inputs": [{{"name": "image", "datatype": "BYTES", "shape": [1], "data": ["%s"]}}]}}'
_COMMANDS = {
    "predict": ("curl {flags}-F file=@{picture} {url}",),
    "predict_with": ("curl {flags}-F file=@{picture} {url}",),
    "tensorflow_predict": (
        f"printf '{_INSTANCE}' \"{_PICTURE}\" |",
        '  curl {flags}-H "Content-Type: application/json" -d @- {url}',
    ),
    "inference_infer": (f"printf '{_TENSOR}' \"{_PICTURE}\" |", '  curl {flags}-H "Content-Type: application/json" -d @- {url}'),
    "inference_index": ("curl {flags}-X POST {url}",),
    "inference_live": ("curl -i {flags}{url}",),
    "inference_ready": ("curl -i {flags}{url}",),
    "inference_model_ready": ("curl -i {flags}{url}",),
}
"""How each operation is asked from a terminal, where a plain ``curl`` does not do."""


@dataclass(frozen=True)
class ApiEntry:
    """One operation as the page shows it: ``takes`` names types of bodies, ``answer`` is JSON, empty where there is none."""

    name: str
    method: str
    path: str
    group: str
    sentence: str
    takes: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    answer: str
    command: str


def docs_html(document: Mapping[str, Any], address: str, models: tuple[str, ...], token: bool) -> str:
    """The page in the language in use.

    Args:
        document: what ``/openapi.json`` says.
        address: where the application stands, without a slash behind it.
        models: the names that may be told; none where a token guards them.
        token: whether one is wanted.
    """
    model = models[0] if models else say("api.model")
    entries = list(_entries(document, address, model, token))
    groups = {name: [one for one in entries if one.group == name] for name in dict.fromkeys(one.group for one in entries)}
    refusals = {status: say(f"api.status.{status}") for status in _refused(document)}
    told: dict[str, Any] = {"title": say("api.title"), "lead": say("api.lead"), "language": language(), "languages": LANGUAGES}
    told |= {"groups": groups, "refusals": refusals, "address": address, "models": models, "token": token}
    return _template().render(say=say, **told)


def docs_file(name: str) -> str:
    """A file beside the page."""
    return (resources.files("olhar.serving") / "templates" / name).read_text(encoding="utf-8")


def sample(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """A value as a schema describes it, from its examples.

    Args:
        schema: of JSON Schema, as pydantic writes it.
        schemas: those that it may name.
    """
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for first in ("examples", "enum", "anyOf"):
        if first in schema:
            return sample(schema[first][0], schemas) if first == "anyOf" else schema[first][0]
    if "properties" in schema:
        return {name: sample(one, schemas) for name, one in schema["properties"].items()}
    return [sample(schema["items"], schemas)] if schema.get("type") == "array" else None


def _entries(document: Mapping[str, Any], address: str, model: str, token: bool) -> Iterator[ApiEntry]:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            url = quote(address + path.replace("{model}", in_address(model, safe="")))
            yield ApiEntry(
                name=name,
                method=method.upper(),
                path=path,
                group=next((group for start, group in _GROUPS.items() if path.startswith(start)), "own"),
                sentence=say(f"api.operation.{name}"),
                takes=tuple(operation.get("requestBody", {}).get("content", ())),
                query=tuple(_query(operation)),
                answer=_answer(operation, schemas),
                command=_command(name, url, token),
            )


def _query(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in operation.get("parameters", ()):
        if one["in"] == "query":
            yield one["name"], say(f"api.query.{one['name']}")


def _answer(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    found = sample(content.get("schema", {}), schemas)
    return "" if found is None else json.dumps(found, ensure_ascii=False, indent=2)


def _command(name: str, url: str, token: bool) -> str:
    """What can be pasted into a terminal; a server of one's own certificate is asked all the same."""
    flags = ("-k " if url.lstrip("'").startswith("https:") else "") + (_TOKEN if token else "")
    lines = _COMMANDS.get(name, ("curl {flags}{url}",))
    return "\n".join(lines).format(flags=flags, url=url, picture=say("api.picture"))


def _refused(document: Mapping[str, Any]) -> list[str]:
    """The statuses of refusals, each once."""
    operations = [one for path in document["paths"].values() for one in path.values()]
    found = {status for one in operations for status in cast("dict[str, Any]", one["responses"])}
    return sorted(found - {"200", "default"})


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("olhar.serving", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("docs.html")
