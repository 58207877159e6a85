"""Schemas: the shapes of the answers, as ``/openapi.json`` describes them."""

from typing import Any, Literal

from pydantic import BaseModel, Field


class Share(BaseModel):
    """One class with its probability."""

    key: str = Field(alias="class", examples=["rose"])
    name: str = Field(examples=["Rose"])
    probability: float = Field(ge=0, le=1, examples=[0.98])


class Fault(BaseModel):
    """What went wrong: a code that never changes, and a sentence in the language asked for."""

    code: str = Field(pattern=r"^OLH\d{3}$", examples=["OLH706"])
    message: str = Field(examples=["No picture came. ..."])


class Problem(BaseModel):
    """The answer to a request that is refused."""

    olhar: int = Field(examples=[1])
    error: Fault


class Result(BaseModel):
    """What the model says of one picture among several, or what is wrong with that picture."""

    key: str | None = Field(default=None, alias="class")
    name: str | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    answer: str | None = None
    why: str | None = None
    set: list[str] | None = None
    predictions: list[Share] | None = None
    error: Fault | None = None


class Answer(BaseModel):
    """The answer for one picture: ``answer`` is the likeliest class, or empty where the model says that it does not know.

    ``why`` is what it doubts: ``unsure`` (no class is likely enough), ``unlike`` (the picture is unlike any that it has seen).
    ``set``, where the model makes sets, are the classes that hold the true one as often as was asked of it.
    """

    olhar: int = Field(examples=[1])
    key: str = Field(alias="class", examples=["rose"])
    name: str = Field(examples=["Rose"])
    confidence: float = Field(ge=0, le=1, examples=[0.98])
    answer: str = Field(examples=["rose"])
    why: Literal["", "unsure", "unlike"]
    set: list[str] | None = None
    predictions: list[Share]
    model: str = Field(examples=["flowers"])
    milliseconds: float = Field(examples=[6.1])


class Answers(BaseModel):
    """The answers for several pictures, in their order."""

    olhar: int
    results: list[Result]
    model: str
    milliseconds: float


class Label(BaseModel):
    """A class, and the name to show."""

    key: str = Field(alias="class", examples=["rose"])
    name: str = Field(examples=["Rose"])


class Labels(BaseModel):
    """The classes in the order of the model's outputs."""

    olhar: int = Field(examples=[1])
    model: str = Field(examples=["flowers"])
    labels: list[Label]


class Wanted(BaseModel):
    """The picture that a network takes, and how one of another shape becomes it."""

    width: int
    height: int
    channels: Literal[1, 3]
    fit: Literal["stretch", "crop", "pad"]


class About(BaseModel):
    """What there is to know of a model; ``card`` is Markdown, in the language in which it was written."""

    olhar: int
    model: str
    models: list[str]
    labels: list[Label]
    wanted: Wanted
    threshold: float
    sets_from: float | None
    tells_unlike: bool
    notices: list[str]
    card: str


class Known(BaseModel):
    """One of the server's models."""

    model: str = Field(examples=["flowers"])
    classes: int = Field(examples=[2])
    ready: bool = Field(examples=[True])


class ModelList(BaseModel):
    """The server's models; the first answers where nobody names one."""

    olhar: int = Field(examples=[1])
    models: list[Known]


class State(BaseModel):
    """How the server is."""

    olhar: int = Field(examples=[1])
    status: str = Field(examples=["ready"])


class Sentence(BaseModel):
    """The answer to a request of another server's protocol that is refused."""

    error: str


class Rows(BaseModel):
    """TensorFlow Serving's answer: the probabilities in the order of ``/labels``, a list a picture."""

    predictions: list[list[float]] = Field(examples=[[[0.98, 0.02]]])


class Columns(BaseModel):
    """The same where ``inputs`` was asked."""

    outputs: list[list[float]]


class VersionStatus(BaseModel):
    """Whether a model can be asked, as TensorFlow Serving tells it."""

    model_version_status: list[dict[str, Any]] = Field(examples=[[{"version": "1", "state": "AVAILABLE"}]])


class InferenceServer(BaseModel):
    """What this server is, by the Open Inference Protocol."""

    name: str = Field(examples=["olhar"])
    version: str = Field(examples=["1"])
    extensions: list[str] = Field(examples=[["binary_tensor_data", "classification"]])


class InferenceIndexEntry(BaseModel):
    """One of the models, by Triton's protocol."""

    name: str = Field(examples=["flowers"])
    version: str = Field(examples=["1"])
    state: str = Field(examples=["READY"])
    reason: str = Field(examples=[""])


class InferenceMetadata(BaseModel):
    """What a model takes and gives."""

    name: str = Field(examples=["flowers"])
    versions: list[str] = Field(examples=[["1"]])
    platform: str = Field(examples=["onnxruntime_onnx"])
    inputs: list[dict[str, Any]] = Field(examples=[[{"name": "image", "datatype": "BYTES", "shape": [-1]}]])
    outputs: list[dict[str, Any]] = Field(examples=[[{"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]}]])


class InferenceConfig(BaseModel):
    """The same in the words of Triton's configuration."""

    name: str = Field(examples=["flowers"])
    platform: str = Field(examples=["onnxruntime_onnx"])
    max_batch_size: int = Field(examples=[0])
    input: list[dict[str, Any]] = Field(examples=[[{"name": "image", "data_type": "TYPE_STRING", "dims": [-1]}]])
    output: list[dict[str, Any]] = Field(examples=[[{"name": "probabilities", "data_type": "TYPE_FP32", "dims": [-1, 2]}]])


_TENSOR = {"name": "probabilities", "datatype": "FP32", "shape": [1, 2], "data": [0.98, 0.02]}


class InferenceAnswer(BaseModel):
    """Tensors; those that were wanted in binary stand behind this JSON."""

    model_name: str = Field(examples=["flowers"])
    model_version: str = Field(examples=["1"])
    outputs: list[dict[str, Any]] = Field(examples=[[_TENSOR]])
