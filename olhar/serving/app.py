"""The application: which address answers what. Everything of substance stands in the room's other files."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from olhar.bundle.predictor import Predictor
from olhar.serving import docs_page, page, schemas
from olhar.serving.description import answered, described
from olhar.serving.envelope import Envelope, spoken
from olhar.serving.gate import Gate
from olhar.serving.inference_protocol import InferenceProtocol
from olhar.serving.metrics import MEDIA_TYPE, RequestMetrics
from olhar.serving.models import Models
from olhar.serving.refusals import Refusal, response
from olhar.serving.request_bodies import pictures_body
from olhar.serving.service import Service
from olhar.serving.settings import Settings
from olhar.serving.tensorflow_serving import TensorFlowServing

API_VERSION = "1"


def build(predictors: Predictor | Mapping[str, Predictor], settings: Settings) -> FastAPI:
    """The application that answers with models; ``serve`` runs it, and it can be mounted in another.

    Args:
        predictors: the model, or several by name; the first answers where nobody names one.
        settings: whom it answers and how much it takes.

    Raises:
        ServingError: a name that no address can hold.
    """
    models = Models(predictors, settings)
    app = FastAPI(
        title="Olhar",
        version=API_VERSION,
        docs_url=None,  # the stock page wants a CDN and inline script
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(models),
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.add_middleware(Gate, settings=settings)
    metrics = RequestMetrics()
    app.add_middleware(Envelope, metrics=metrics)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _query)
    _add_service(app, Service(models), settings.max_pictures)
    TensorFlowServing(models).add_to(app)
    InferenceProtocol(models).add_to(app)
    if settings.metrics:
        _add_metrics(app, metrics, models)
    _add_page(app, models)
    _add_description(app, models)
    return app


def _lifespan(models: Models):
    """Asks each model once while the server already listens; lets its threads go at the end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with models.living():
            yield

    return lifespan


def _add_service(app: FastAPI, service: Service, most: int) -> None:
    answers = schemas.Answer | schemas.Answers
    for path, predict in (("/predict", service.predict), ("/models/{model}/predict", service.predict_with)):
        told = answered(predict.__name__, answers)
        app.add_api_route(path, predict, methods=["POST"], openapi_extra=pictures_body(most), **told)
        app.add_api_route(f"{path}/", predict, methods=["POST"], include_in_schema=False)
    app.add_api_route("/labels", service.labels, **answered("labels", schemas.Labels))
    app.add_api_route("/models/{model}/labels", service.labels_of, **answered("labels_of", schemas.Labels))
    app.add_api_route("/about", service.about, **answered("about", schemas.About))
    app.add_api_route("/models/{model}/about", service.about_of, **answered("about_of", schemas.About))
    app.add_api_route("/models", service.models, **answered("models", schemas.ModelList))
    app.add_api_route("/healthz", service.healthz, **answered("healthz", schemas.State))
    app.add_api_route("/readyz", service.readyz, **answered("readyz", schemas.State))


def _add_metrics(app: FastAPI, metrics: RequestMetrics, models: Models) -> None:
    async def counted() -> Response:
        """What was done, in Prometheus's text format."""
        return Response(metrics.text(models), media_type=MEDIA_TYPE)

    told = answered("metrics")
    told["responses"][200] = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    app.add_api_route("/metrics", counted, **told)


def _add_page(app: FastAPI, models: Models) -> None:
    """The page, which asks the first model; and below ``/models/NAME/`` one that asks that model."""

    async def of_model(model: str) -> Response:
        if not models.settings.token:  # who has no token yet is not told which models there are
            models.named(model)
        return await _index()

    app.add_api_route("/", _index, include_in_schema=False)
    app.add_api_route("/models/{model}/", of_model, include_in_schema=False)
    for start in ("", "/models/{model}"):
        app.add_api_route(f"{start}/texts.json", _texts, include_in_schema=False)
        for name in page.FILES:
            app.add_api_route(f"{start}/{name}", _file, include_in_schema=False)


def _add_description(app: FastAPI, models: Models) -> None:
    """What there is, for programs (FastAPI's own address) and for people."""
    names = tuple(one.name for one in models)
    document = cache(lambda: described(app, names))
    app.openapi = document

    async def docs(request: Request) -> Response:
        address, token = str(request.base_url).rstrip("/"), bool(models.settings.token)
        html = docs_page.docs_html(document(), address, () if token else names, token)
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    app.add_api_route("/docs", docs, include_in_schema=False)
    for name in docs_page.FILES:
        app.add_api_route(f"/{name}", _docs_file, include_in_schema=False)


async def _index() -> Response:
    return HTMLResponse(page.html(), headers={"Cache-Control": "no-cache"})


async def _texts() -> Response:
    return JSONResponse(page.texts(), headers={"Cache-Control": "no-cache"})


async def _file(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return Response(page.web(name), media_type=page.FILES[name], headers={"Cache-Control": "no-cache"})


async def _docs_file(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return Response(docs_page.docs_file(name), media_type=docs_page.FILES[name], headers={"Cache-Control": "no-cache"})


async def _http(request: Request, error: Exception) -> Response:
    return response(spoken(error, request.scope), request.scope)


async def _query(request: Request, error: Exception) -> Response:
    problem = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    name, value = str(problem.get("loc", ("",))[-1])[:40], str(problem.get("input"))[:40]
    return response(Refusal("serve.query", name=name, value=value), request.scope)
