"""A tiny real model, pictures for it, and the real server around it on a socket of this machine."""

import contextvars
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from olhar.base.signature import Signature
from olhar.base.texts import speaking
from olhar.bundle.class_distance import class_distance
from olhar.bundle.predictor import METADATA_KEY, Predictor
from olhar.bundle.unlike_output import with_unlikeness
from olhar.bundle.unlike_score import PictureScore, unlikeness
from olhar.serving.server import Server, listen, server_config
from olhar.serving.settings import Settings

CLASSES = ("blue", "green", "red")
NAMES = ("Blue", "<img src=x onerror=alert(1)>", "Vermelho \u202egnorw")


def write_bundle(path: Path, classes=CLASSES, names=NAMES, nan: bool = False) -> Path:
    """A model that answers with the strongest colour: mean of each channel, times ten, through a softmax."""
    size = len(classes)
    weight = np.zeros((3, size), np.float32)
    for channel, column in ((0, 2 % size), (1, 1 % size), (2, 0)):
        weight[channel, column] = np.nan if nan else 10 / 255
    nodes = [
        helper.make_node("Cast", ["pictures"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["features"], keepdims=0),
        helper.make_node("MatMul", ["features", "weight"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["N", 16, 16, 3])],
        [
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", size]),
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", size]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 3]),
        ],
        [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(np.array([1, 2]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, {METADATA_KEY: Signature(classes, names, 16, 16).to_json()})
    onnx.save(model, path)
    return path


def telling_strangers(model: Predictor, by_picture: bool = False) -> Predictor:
    """The same model, which has seen pictures of its three colours and tells what is unlike them, also by itself."""
    rng, labels = np.random.default_rng(0), np.arange(120) % 3
    colours = np.array([(30, 30, 220), (30, 220, 30), (220, 30, 30)])[labels] + rng.integers(-25, 26, (120, 3))
    pixels = np.broadcast_to(colours[:, None, None].astype(np.uint8), (120, 16, 16, 3))
    pixels = np.ascontiguousarray(pixels)
    features, probabilities = model.outputs(pixels, "features", "probabilities")
    far = class_distance(features, labels)
    itself, _ = PictureScore.of(pixels, np.arange(60), np.arange(60, 120))
    picture = (itself, itself(pixels)) if by_picture else None
    found = unlikeness({"features": far}, {"features": far(features)}, probabilities, picture)
    assert found is not None
    return Predictor.from_bytes(with_unlikeness(model.serialised(), model.signature, found)[0], "model.onnx")


def picture(colour="red", size=(40, 30), kind="PNG", noise: int | None = None) -> bytes:
    image = Image.new("RGB", size, colour)
    if noise is not None:
        pixels = np.random.default_rng(noise).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        image = Image.fromarray(pixels)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@dataclass
class Running:
    """A server that listens."""

    url: str
    port: int
    server: Server
    settings: Settings

    def post(self, **what) -> httpx.Response:
        return self.ask("POST", "predict", **what)

    def get(self, path: str, **what) -> httpx.Response:
        return self.ask("GET", path, **what)

    def ask(self, method: str, path: str, **what) -> httpx.Response:
        """One request on a connection of its own, without reading the machine's certificates each time."""
        return httpx.request(method, f"{self.url}{path}", timeout=20, verify=False, trust_env=False, **what)

    def raw(self, data: bytes, seconds: float = 20) -> bytes:
        """What comes back for these bytes until the server closes or the time is over."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as client:
            client.sendall(data)
            return until_closed(client)


def until(there: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for it, however slow the machine is; a server that never gets there fails the test."""
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def asked_to_send(client: socket.socket) -> bool:
    """Whether the server has read a head that says ``Expect: 100-continue``, and waits for the body."""
    return client.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"


def until_closed(client: socket.socket) -> bytes:
    got = b""
    try:
        while piece := client.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


@contextmanager
def running(predictor: Predictor | Mapping[str, Predictor], **options) -> Iterator[Running]:
    settings = Settings(**{"port": 0, "token": "", "workers": 2} | options)
    urls: list[str] = []
    with listen(settings) as sock:
        server = Server(server_config(predictor, settings), urls.append)
        with speaking("en"):
            speaks = contextvars.copy_context()
        thread = threading.Thread(target=speaks.run, args=(server.run, [sock]), daemon=True)
        thread.start()
        until(lambda: bool(urls))
        yield Running(urls[0], sock.getsockname()[1], server, settings)
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()
