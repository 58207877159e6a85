"""The Open Inference Protocol (KServe's ``/v2``) with Triton's binary tensors, such that ``tritonclient.http`` works unchanged.

A picture is an element of the input ``image``: BYTES, as its file has it, or UINT8 (N, H, W, C), as it was decoded. Either goes
through the model's own rule. Answers are ``probabilities``, FP32 (N, K), or with ``classification`` the best classes as BYTES
``probability:index:class``.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, cast

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from olhar.bundle.prediction import Prediction
from olhar.serving import schemas
from olhar.serving.description import answered
from olhar.serving.inference_tensors import HEADER_LENGTH, INPUT, OUTPUT, InferenceRequest, Output, packed_bytes, request_of
from olhar.serving.intake import body
from olhar.serving.ledger import Account
from olhar.serving.models import VERSION, Models, ServedModel
from olhar.serving.refusals import Refusal
from olhar.serving.request_bodies import tensors_body

_PLATFORM = "onnxruntime_onnx"


class InferenceProtocol:
    """The addresses of that protocol."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def add_to(self, app: FastAPI) -> None:
        """Put the addresses into an application; those with a version are the same, and are not described again."""
        routes: list[tuple[str, str, Any, Any]] = [
            ("/v2", "inference_server", self.server, schemas.InferenceServer),
            ("/v2/health/live", "inference_live", self.live, None),
            ("/v2/health/ready", "inference_ready", self.ready, None),
            ("/v2/repository/index", "inference_index", self.index, list[schemas.InferenceIndexEntry]),
        ]
        for version in ("", "/versions/{version}"):
            start = f"/v2/models/{{model}}{version}"
            routes += [
                (start, "inference_metadata", self.metadata, schemas.InferenceMetadata),
                (f"{start}/ready", "inference_model_ready", self.model_ready, None),
                (f"{start}/config", "inference_config", self.config, schemas.InferenceConfig),
                (f"{start}/infer", "inference_infer", self.infer, schemas.InferenceAnswer),
            ]
        taken = tensors_body(self._models.settings.max_pictures)
        for path, name, answer, shape in routes:
            told = answered(name, shape, schemas.Sentence)
            told |= {"openapi_extra": taken if answer == self.infer else None, "include_in_schema": "{version}" not in path}
            told["dependencies"] = [Depends(self._models.of_version)] if "{version}" in path else []
            told["methods"] = ["POST" if answer in (self.index, self.infer) else "GET"]
            app.add_api_route(path, answer, **told)

    async def server(self) -> JSONResponse:
        """What this server is."""
        return JSONResponse({"name": "olhar", "version": VERSION, "extensions": ["binary_tensor_data", "classification"]})

    async def live(self) -> Response:
        """Alive."""
        return Response()

    async def ready(self) -> Response:
        """Every model can be asked."""
        self._models.begin()
        if not self._models.ready:
            raise Refusal("serve.not_ready")
        return Response()

    async def index(self) -> JSONResponse:
        """The models."""
        return JSONResponse([{"name": one.name, "version": VERSION, "state": "READY", "reason": ""} for one in self._models])

    async def model_ready(self, model: str) -> Response:
        """That model can be asked."""
        if not self._models.named(model).pool.ready:
            raise Refusal("serve.not_ready")
        return Response()

    async def metadata(self, model: str) -> JSONResponse:
        """What a model takes and gives."""
        one = self._models.named(model)
        inputs = [{"name": INPUT, "datatype": "BYTES", "shape": [-1]}]
        outputs = [{"name": OUTPUT, "datatype": "FP32", "shape": [-1, len(one.predictor.classes)]}]
        told = {"name": one.name, "versions": [VERSION], "platform": _PLATFORM}
        return JSONResponse(told | {"inputs": inputs, "outputs": outputs})

    async def config(self, model: str) -> JSONResponse:
        """The same in the words of Triton's configuration."""
        one = self._models.named(model)
        inputs = [{"name": INPUT, "data_type": "TYPE_STRING", "dims": [-1]}]
        outputs = [{"name": OUTPUT, "data_type": "TYPE_FP32", "dims": [-1, len(one.predictor.classes)]}]
        told = {"name": one.name, "platform": _PLATFORM, "max_batch_size": 0}
        return JSONResponse(told | {"input": inputs, "output": outputs})

    async def infer(self, request: Request, model: str) -> Response:
        """Answers for the pictures of a request."""
        one = self._models.named(model)
        with self._models.ledger.account() as account:
            sent = await body(request, self._models.settings, account)
            asked = await asyncio.to_thread(self._read, sent, request, account)
            outcomes = await one.pool.answer(asked.pictures)
        answers = [outcome for outcome in outcomes if isinstance(outcome, Prediction)]
        for outcome in outcomes:
            if not isinstance(outcome, Prediction):
                raise outcome
        return _response(one, asked, answers)

    def _read(self, sent: bytes, request: Request, account: Account) -> InferenceRequest:
        return request_of(sent, request.headers, self._models.settings, account)


def _response(one: ServedModel, asked: InferenceRequest, answers: Sequence[Prediction]) -> Response:
    """JSON, with the tensors that are wanted in binary behind it."""
    tensors = [_tensor(output, answers) for output in asked.outputs]
    told: dict[str, Any] = {"model_name": one.name, "model_version": VERSION}
    if asked.id is not None:
        told["id"] = asked.id
    told["outputs"] = [described for described, _ in tensors]
    behind = b"".join(data for _, data in tensors)
    if not any(output.binary for output in asked.outputs):
        return JSONResponse(told)
    head = json.dumps(told).encode()
    return Response(head + behind, headers={HEADER_LENGTH: str(len(head))}, media_type="application/octet-stream")


def _tensor(output: Output, answers: Sequence[Prediction]) -> tuple[dict[str, Any], bytes]:
    """One output as JSON tells it, and its bytes where they are wanted."""
    if output.classes:
        rows = [_best(answer, output.classes) for answer in answers]
        flat = [text for row in rows for text in row]
        told: dict[str, Any] = {"name": OUTPUT, "datatype": "BYTES", "shape": [len(rows), len(rows[0])]}
        data, values = packed_bytes(flat), cast("list[Any]", flat)
    else:
        values = [float(share) for answer in answers for share in answer.probabilities]
        told = {"name": OUTPUT, "datatype": "FP32", "shape": [len(answers), len(answers[0].classes)]}
        data = b"".join(answer.probabilities.astype("<f4").tobytes() for answer in answers)
    if output.binary:
        return told | {"parameters": {"binary_data_size": len(data)}}, data
    return told | {"data": values}, b""


def _best(answer: Prediction, most: int) -> list[str]:
    place = {key: i for i, key in enumerate(answer.classes)}
    return [f"{share:f}:{place[key]}:{key}" for key, _, share in answer.ranked(most)]
