"""app: models as an ASGI application, to mount in one of your own or to run by any ASGI server."""

from typing import TYPE_CHECKING, Unpack

from olhar.base.extras import need
from olhar.base.path_errors import tells_paths
from olhar.serving.options import AppFields
from olhar.verbs.serve import Served, predictors

if TYPE_CHECKING:
    from fastapi import FastAPI


@tells_paths
def app(model: Served, **settings: Unpack[AppFields]) -> "FastAPI":
    """What ``olhar serve`` runs, as an application: ``outer.mount("/eye", olhar.app("runs/flowers"))``.

    It gets ready by itself with its first request. Its rules hold below another application too: who calls it from elsewhere
    must be named by ``allow_host``, and a token (``OLHAR_TOKEN``, or ``token_file``) is wanted where there is one. Bounds on
    connections and heads of requests are those of the server that runs it.

    Args:
        model: as for ``olhar.serve``.
        settings: ``allow_host``, ``allow_origin``, ``token``, ``token_file``, ``metrics``, ``max_megabytes``, ``max_pictures``,
            ``threads``, ``workers``, ``waiting``, ``body_seconds`` and ``picture_seconds``, as for ``olhar.serve``.

    Returns:
        An application for FastAPI, Starlette, uvicorn and whatever else speaks ASGI.

    Raises:
        ServingError: a setting that cannot be, or two models of one name.
        ModelError: one of the models cannot be opened.
        ExtraError: FastAPI is not installed.
    """
    need("serve", "app")
    from olhar.serving.app import build
    from olhar.serving.settings import Settings

    told = Settings(**settings)
    return build(predictors(model, threads=told.threads or None), told)
