"""serve: a model behind an HTTP API and a web page on this machine."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from olhar.base.extras import need
from olhar.base.progress import Progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.verbs.load import load


def serve(
    model: StrPath | Predictor,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    allow_host: Sequence[str] = (),
    allow_origin: Sequence[str] = (),
    max_megabytes: float = 16.0,
    max_pictures: int = 32,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve a model until Ctrl-C or SIGTERM; what is in flight then is answered first.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        host: the address to listen on; another than this machine's own needs ``OLHAR_TOKEN``.
        port: its port; 0 takes a free one.
        allow_host: further names under which the server may be called, for a proxy.
        allow_origin: web pages of other origins that may call it.
        max_megabytes: the largest request.
        max_pictures: the most pictures of one request.
        ready: is told the address once it answers.

    Raises:
        ServingError: the port is taken, or an address of the network without a token.
        ExtraError: FastAPI or uvicorn is not installed.
    """
    need("serve", "serve")
    from olhar.serving import server
    from olhar.serving.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        allow_host=tuple(allow_host),
        allow_origin=tuple(allow_origin),
        max_megabytes=max_megabytes,
        max_pictures=max_pictures,
    )
    server.serve(named(model), settings, ready=ready)


def named(
    model: StrPath | Predictor,
    *,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Predictor:
    """The model, called by its run's name: every run's file is a ``model.onnx``; the other arguments are those of ``load``."""
    if isinstance(model, Predictor):
        return model
    path = Path(model)
    predictor = load(path, architecture=architecture, lambdas=lambdas, progress=progress)
    predictor.name = path.resolve().name if path.is_dir() else path.stem
    return predictor
