"""The application: which address answers what. Everything of substance stands in the room's other files."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from olhar.bundle.predictor import Predictor
from olhar.serving import page, schemas
from olhar.serving.envelope import Envelope, spoken
from olhar.serving.gate import Gate
from olhar.serving.refusals import Refusal, response
from olhar.serving.service import Service
from olhar.serving.settings import Settings

API_VERSION = "1"
_OUR_PICTURES = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "image": {"type": "array", "items": {"type": "string", "format": "binary"}},
                },
            }
        },
        "image/*": {"schema": {"type": "string", "format": "binary"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
    "required": True,
}


def build(predictor: Predictor, settings: Settings) -> FastAPI:
    """The application that answers with a model; ``serve`` runs it, and it can be mounted in another.

    Args:
        predictor: the model.
        settings: whom it answers and how much it takes.
    """
    service = Service(predictor, settings)
    app = FastAPI(
        title="Olhar",
        version=API_VERSION,
        docs_url=None,  # the stock page wants a CDN and inline script
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(service),
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.add_middleware(Gate, settings=settings)
    app.add_middleware(Envelope)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _query)
    _add_service(app, service)
    _add_page(app)
    return app


def _lifespan(service: Service):
    """Asks the model once while the server already listens; lets its threads go at the end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.living():
            yield

    return lifespan


def _add_service(app: FastAPI, service: Service) -> None:
    problem: dict[str, Any] = {"model": schemas.Problem}
    refused: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 403, 408, 413, 415, 500, 503, "default"), problem)
    app.add_api_route(
        "/predict",
        service.predict,
        methods=["POST"],
        responses={200: {"model": schemas.Answer | schemas.Answers}} | refused,
        openapi_extra={"requestBody": _OUR_PICTURES},
    )
    app.add_api_route("/predict/", service.predict, methods=["POST"], include_in_schema=False)
    app.add_api_route("/labels", service.labels, response_model=schemas.Labels)
    app.add_api_route("/healthz", service.healthz, response_model=schemas.State)
    app.add_api_route("/readyz", service.readyz, response_model=schemas.State, responses={503: problem})


def _add_page(app: FastAPI) -> None:
    app.add_api_route("/", _index, include_in_schema=False)
    app.add_api_route("/texts.json", _texts, include_in_schema=False)
    for name in page.FILES:
        app.add_api_route(f"/{name}", _file, include_in_schema=False)


async def _index() -> Response:
    return HTMLResponse(page.html(), headers={"Cache-Control": "no-cache"})


async def _texts() -> Response:
    return JSONResponse(page.texts(), headers={"Cache-Control": "no-cache"})


async def _file(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return Response(page.web(name), media_type=page.FILES[name], headers={"Cache-Control": "no-cache"})


async def _http(request: Request, error: Exception) -> Response:
    return response(spoken(error, request.scope))


async def _query(_: Request, error: Exception) -> Response:
    problem = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    return response(Refusal("serve.query", name=str(problem.get("loc", ("",))[-1])[:40], value=str(problem.get("input"))[:40]))
