"""serve: a model behind an HTTP API and a web page on this machine."""

import os
from collections.abc import Callable, Sequence

from olhar.bundle.predictor import Predictor
from olhar.verbs.extras import need
from olhar.verbs.load import load


def serve(
    model: str | os.PathLike[str] | Predictor,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    allow_host: Sequence[str] = (),
    allow_origin: Sequence[str] = (),
    ready: Callable[[str], object] = print,
) -> None:
    """Serve a model until Ctrl-C or SIGTERM.

    Args:
        model: a run folder, a ``model.onnx``, or what ``olhar.load`` gave.
        host: the address to listen on; another than this machine's own needs ``OLHAR_TOKEN``.
        port: its port; 0 takes a free one.
        allow_host: further names under which the server may be called, for a proxy.
        allow_origin: web pages of other origins that may call it.
        ready: is told the address once it answers.

    Raises:
        ServingError: the port is taken, or an address of the network without a token.
        ExtraError: FastAPI or uvicorn is not installed.
    """
    need("serve", "serve")
    from olhar.serving.run import run
    from olhar.serving.settings import Settings

    predictor = model if isinstance(model, Predictor) else load(model)
    settings = Settings.from_environment(host=host, port=port, allow_host=tuple(allow_host), allow_origin=tuple(allow_origin))
    run(predictor, settings, ready)
