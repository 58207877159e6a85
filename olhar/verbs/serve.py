"""serve: models behind an HTTP API and a web page on this machine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Unpack

from olhar.base.errors import ServingError
from olhar.base.extras import need
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.serving.options import ServeFields
from olhar.verbs.load import load

Served = StrPath | Predictor | Sequence[StrPath | Predictor] | Mapping[str, StrPath | Predictor]
"""One model, or several: a list, called by their names, or a dict by the names that they are to have."""


@tells_paths
def serve(model: Served, *, ready: Callable[[str], None] = print, **settings: Unpack[ServeFields]) -> None:
    """Serve models until Ctrl-C or SIGTERM; what is in flight then is answered first.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave; or several: a list, or a dict by name.
            All are opened before the server listens, so one that is broken is told at once.
        ready: is told the address once it answers.
        settings: ``host``: the address to listen on (127.0.0.1); another than this machine's own needs a token. ``port``: 8000;
            0 takes a free one. ``allow_host``: further names under which the server may be called, for a proxy.
            ``allow_origin``: web pages of other origins that may call it. ``token``: without it, what ``token_file`` holds, or
            ``OLHAR_TOKEN``. ``tls_cert``, ``tls_key``: PEM files, for https. ``trust_proxy``: addresses of proxies that are
            believed who asked, and how. ``metrics``: whether ``/metrics`` counts for Prometheus. ``max_megabytes``: the largest
            request (16). ``max_pictures``: the most pictures of one request (32). ``threads``: threads of the processor for one
            picture (all). ``workers``: pictures answered at once. ``waiting``: requests that may wait for one (64).
            ``connections``: clients at once (400). ``body_seconds``: the longest that a request may take to arrive (30).
            ``picture_seconds``: the longest for decoding one picture (5). ``grace_seconds``: the longest for what is in flight
            at the end (8).

    Raises:
        ServingError: the port is taken, an address of the network without a token, a setting that cannot be, or two models of
            one name.
        ModelError: one of the models cannot be opened.
        ExtraError: FastAPI or uvicorn is not installed.
    """
    need("serve", "serve")
    from olhar.serving import server
    from olhar.serving.settings import Settings

    told = Settings(**settings)
    server.serve(predictors(model, threads=told.threads or None), told, ready=ready)


def predictors(
    models: Served,
    *,
    threads: int | None = None,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Predictor]:
    """The models by name, opened; every run's file is a ``model.onnx``, so a run's is called by its folder.

    Raises:
        ServingError: two of one name.
        ModelError, RunError: as of ``load``, whose arguments the others are.
    """
    opened: dict[str, Predictor] = {}
    for name, model in _each(models):
        called = name or (model.name if isinstance(model, Predictor) else model_name(model))
        if called in opened:
            raise ServingError("serve.same_name", name=called)
        if isinstance(model, Predictor):
            opened[called] = model
            continue
        opened[called] = load(model, threads, architecture=architecture, lambdas=lambdas, progress=progress)
        opened[called].name = called
    return opened


def model_name(path: StrPath) -> str:
    """What a model is called where nobody names it: a run by its folder, a file without its ending."""
    path = Path(path).expanduser()
    return path.resolve().name if path.is_dir() else path.stem


def _each(models: Served) -> Iterable[tuple[str, StrPath | Predictor]]:
    if isinstance(models, Mapping):
        return models.items()
    return [("", one) for one in (models if isinstance(models, Sequence) and not isinstance(models, str) else [models])]
