"""The files of a page: as a folder for a static host, or all in one; their head says that nothing may leave the device."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from html import escape
from importlib import resources

from olhar.base.page_source import PageSource

MODULES = ("network.js", "filters.js", "resizing.js", "heads.js", "png.js", "rows.js", "pictures.js", "worker.js")
"""Those of the worker, each before those that use it."""

_IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "\./(\w+)\.js";\n', re.M)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) ([\w$]+)", re.M)
_STYLE, _SCRIPT = '<link rel="stylesheet" href="style.css">', '<script src="page.js" type="module"></script>'
_ICON = 'href="icon.svg"'


@dataclass(frozen=True)
class Contents:
    """What is this model's own: ``model.json`` and ``texts.json`` as text, and the weights."""

    model: str
    texts: str
    weights: bytes


def folder(page: PageSource, contents: Contents) -> dict[str, bytes]:
    """The files of a folder by name, the page itself last."""
    policy = _policy("'self'", "'self'", "'self'", "'self'")
    files = {
        **{name: text.encode() for name, text in page.files.items() if not name.endswith(".js")},
        "page.js": _script(page).encode(),
        "worker.js": joined({name: own(name) for name in MODULES}).encode(),
        "kernels.wasm": kernels(),
        "model.json": contents.model.encode(),
        "texts.json": contents.texts.encode(),
        "network.bin": contents.weights,
        "index.html": _with_policy(page.html, policy).encode(),
    }
    digest = hashlib.sha256(b"".join(name.encode() + content for name, content in sorted(files.items()))).hexdigest()[:16]
    offline = own("offline.js").replace("{{version}}", digest).replace("{{files}}", json.dumps(["./", *files]))
    return {"offline.js": offline.encode(), **files}


def single(page: PageSource, contents: Contents) -> bytes:
    """One file with everything inside."""
    script, style = _within(_script(page)), page.files["style.css"]
    policy = _policy(_hash(script), _hash(style), "blob:", "'none'")
    icon = base64.b64encode(page.files["icon.svg"].encode()).decode()
    resource = {
        "worker.js": joined({name: own(name) for name in MODULES}).encode(),
        "kernels.wasm": kernels(),
        "model.json": contents.model.encode(),
        "texts.json": contents.texts.encode(),
        "network.bin": contents.weights,
    }
    inside = "".join(f'<script type="text/plain" id="file-{name}">{_base64(data)}</script>\n' for name, data in resource.items())
    html = _with_policy(page.html, policy).replace(_ICON, f'href="data:image/svg+xml;base64,{icon}"')
    html = html.replace(_STYLE, f"<style>{style}</style>").replace(_SCRIPT, "")
    return html.replace("</body>", f'{inside}<script type="module">{script}</script>\n</body>').encode()


def joined(modules: Mapping[str, str]) -> str:
    """Modules as one script: each but the last a function of its own that gives what it exports."""
    *earlier, last = modules
    parts = [
        f"const {_name(name)} = (() => {{\n{_plain(modules[name])}return {{ {_exports(modules[name])} }};\n}})();\n"
        for name in earlier
    ]
    return "".join([*parts, _plain(modules[last])])


def _script(page: PageSource) -> str:
    """The page's modules with our own in their place: one file comes sooner than twenty that ask for each other."""
    modules = {name: text for name, text in page.files.items() if name.endswith(".js")} | {"answers.js": own("answers.js")}
    return joined(_ordered(modules))


def _ordered(modules: Mapping[str, str]) -> dict[str, str]:
    """Modules, each before those that use it."""
    uses = {name: {f"{found[3]}.js" for found in _IMPORT.finditer(text)} for name, text in sorted(modules.items())}
    return {name: modules[name] for name in TopologicalSorter(uses).static_order()}


@cache
def own(name: str) -> str:
    """A file of ``page/``."""
    return (resources.files("olhar.exports.web") / "page" / name).read_text(encoding="utf-8")


@cache
def kernels() -> bytes:
    """``kernels.c`` and ``shrinking.c``, compiled."""
    return (resources.files("olhar.exports.web") / "page" / "kernels.wasm").read_bytes()


def _name(module: str) -> str:
    return f"module_{module.removesuffix('.js')}"


def _plain(source: str) -> str:
    """A module without the words for importing and exporting."""

    def imported(found: re.Match[str]) -> str:
        return f"const {found[1] or found[2]} = {_name(found[3])};\n"

    return _EXPORT.sub(r"\1 \2", _IMPORT.sub(imported, source))


def _exports(source: str) -> str:
    return ", ".join(found[2] for found in _EXPORT.finditer(source))


def _within(script: str) -> str:
    """A script that no parser of HTML ends early."""
    return script.replace("</", "<\\/")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy(script: str, style: str, worker: str, connect: str) -> str:
    """What the page may do: run its own code and show pictures of the person's; nothing is sent anywhere else."""
    own_pictures = "img-src 'self' blob: data:; base-uri 'none'; form-action 'none'"
    code = f"script-src {script} 'wasm-unsafe-eval'; style-src {style}; worker-src {worker}; connect-src {connect}"
    return f"default-src 'none'; {code}; {own_pictures}"


def _with_policy(html: str, policy: str) -> str:
    tag = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{tag}')


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
