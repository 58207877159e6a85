"""Every way by which pictures come in, and the two homes of a server: its own, and below somebody else's application."""

import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from fastapi import FastAPI

from olhar.bundle.predictor import Predictor
from olhar.serving.app import build
from olhar.serving.settings import Settings
from tests.serving.kit import running

Packed = tuple[dict[str, str], bytes]
"""Headers and a body."""

MODEL = "model.onnx"
JSON = {"Content-Type": "application/json"}
OCTETS = {"Content-Type": "application/octet-stream"}


def _form(pictures: Sequence[bytes]) -> Packed:
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    parts = b"".join(head + one + b"\r\n" for one in pictures)
    return {"Content-Type": "multipart/form-data; boundary=B"}, parts + b"--B--\r\n"


def _raw(pictures: Sequence[bytes]) -> Packed:
    return OCTETS, pictures[0]


def _texts(pictures: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in pictures]


def _base64(pictures: Sequence[bytes]) -> Packed:
    return JSON, json.dumps({"images": _texts(pictures)} if len(pictures) > 1 else {"image": _texts(pictures)[0]}).encode()


def _instances(pictures: Sequence[bytes]) -> Packed:
    return JSON, json.dumps({"instances": [{"b64": text} for text in _texts(pictures)]}).encode()


def _tensor(count: int, **more) -> bytes:
    return json.dumps({"inputs": [{"name": "image", "datatype": "BYTES", "shape": [count], **more}]}).encode()


def _tensors(pictures: Sequence[bytes]) -> Packed:
    return JSON, _tensor(len(pictures), data=_texts(pictures))


def _binary(pictures: Sequence[bytes]) -> Packed:
    behind = b"".join(struct.pack("<I", len(one)) + one for one in pictures)
    head = _tensor(len(pictures), parameters={"binary_data_size": len(behind)})
    return OCTETS | {"Inference-Header-Content-Length": str(len(head))}, head + behind


@dataclass(frozen=True)
class Entry:
    """One address with a form of its bodies; ``sentence``: whether its errors are a sentence; ``one``: a single picture."""

    name: str
    path: str
    pack: Callable[[Sequence[bytes]], Packed]
    sentence: bool = False
    one: bool = False

    def __str__(self) -> str:
        return self.name


ENTRIES = (
    Entry("form", "predict", _form),
    Entry("body", "predict", _raw, one=True),
    Entry("base64", "predict", _base64),
    Entry("named", f"models/{MODEL}/predict", _form),
    Entry("tensorflow", f"v1/models/{MODEL}:predict", _instances, sentence=True),
    Entry("triton", f"v2/models/{MODEL}/infer", _tensors, sentence=True),
    Entry("triton binary", f"v2/models/{MODEL}/versions/1/infer", _binary, sentence=True),
)


@dataclass
class Home:
    """A server that listens, and below which path ours stands."""

    port: int
    below: str = ""

    def ask(self, method: str, path: str, **what) -> httpx.Response:
        """One request, on a connection of its own."""
        url = f"http://127.0.0.1:{self.port}/{self.below}{path}"
        return httpx.request(method, url, timeout=20, verify=False, trust_env=False, **what)

    def send(self, entry: Entry, pictures: Sequence[bytes], **headers: str) -> httpx.Response:
        """Pictures by one of the entries."""
        own, body = entry.pack(pictures)
        return self.ask("POST", entry.path, content=body, headers={"Accept-Language": "en"} | own | headers)

    def head(self, entry: Entry, further: str) -> bytes:
        """The head of a request by hand."""
        own = "".join(f"{name}: {value}\r\n" for name, value in entry.pack([b"x"])[0].items())
        return f"POST /{self.below}{entry.path} HTTP/1.1\r\nHost: localhost\r\n{own}{further}\r\n\r\n".encode()


@contextmanager
def own(predictor: Predictor, **options) -> Iterator[Home]:
    """What ``olhar serve`` runs."""
    with running(predictor, **options) as server:
        yield Home(server.port)


@contextmanager
def mounted(predictor: Predictor, **options) -> Iterator[Home]:
    """What ``olhar.app`` gives, below ``/eye`` of an application behind plain uvicorn."""
    outer = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    outer.mount("/eye", build(predictor, Settings(**{"token": "", "workers": 2} | options)))
    server = uvicorn.Server(uvicorn.Config(outer, log_config=None, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Home(sock.getsockname()[1], "eye/")
        server.should_exit = True
        thread.join(15)


HOMES = {"own": own, "mounted": mounted}
