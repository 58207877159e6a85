"""The architecture's text, as plain data: bounded before and after it is parsed."""

import importlib
import json
from typing import Any

from olhar.base.errors import ModelError

LONGEST = 4 * 2**20
"""An architecture of more bytes than this is refused; the largest of Keras's own models needs a quarter."""
_MOST_MARKS = 400_000
_DEEPEST = 64


def parse(text: bytes | str) -> Any:
    """JSON (or YAML, where PyYAML is installed) as plain data; a JSON text within a JSON text is opened once more.

    Raises:
        ModelError: too long, too deep, or neither.
    """
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(raw) > LONGEST or raw.count(b",") + raw.count(b"[") + raw.count(b"{") > _MOST_MARKS:
        raise ModelError("keras.config_bomb")
    data = _load(raw.decode("utf-8-sig", "replace").strip("\x00 \r\n\t"))
    if isinstance(data, str) and data.lstrip().startswith("{"):
        data = _load(data)
    _refuse_oversized(data)
    return data


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ModelError("keras.config_deep") from error
    except ValueError as error:
        if text[:1] in '{["' or not text:
            raise ModelError("keras.config_damaged") from error
    return _yaml(text)


def _yaml(text: str) -> Any:
    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError as error:
        raise ModelError("keras.yaml") from error
    try:
        return yaml.load(text, Loader=_loader(yaml))
    except RecursionError as error:
        raise ModelError("keras.config_deep") from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ModelError("keras.config_damaged") from error


def _loader(yaml: Any) -> Any:
    """PyYAML's safe loader, which can build nothing but plain data; Keras's tuples are read as lists."""

    class Plain(yaml.SafeLoader):
        pass

    Plain.add_constructor("tag:yaml.org,2002:python/tuple", lambda loader, node: loader.construct_sequence(node, deep=True))
    return Plain


def _refuse_oversized(data: Any) -> None:
    """Refuse what is nested too deep, or is more than it looks (YAML's aliases)."""
    waiting, count = [(data, 0)], 0
    while waiting:
        item, depth = waiting.pop()
        count += 1
        if depth > _DEEPEST:
            raise ModelError("keras.config_deep")
        if count > _MOST_MARKS * 2:
            raise ModelError("keras.config_bomb")
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting.extend((inner_item, depth + 1) for inner_item in inner)
