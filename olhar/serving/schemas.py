"""Schemas: the shapes of the answers, as ``/openapi.json`` describes them."""

from typing import Literal

from pydantic import BaseModel, Field


class Share(BaseModel):
    """One class with its probability."""

    key: str = Field(alias="class")
    name: str
    probability: float = Field(ge=0, le=1)


class Fault(BaseModel):
    """What went wrong: a code that never changes, and a sentence in the language asked for."""

    code: str = Field(pattern=r"^OLH\d{3}$")
    message: str


class Problem(BaseModel):
    """The answer to a request that is refused."""

    olhar: int
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

    olhar: int
    key: str = Field(alias="class")
    name: str
    confidence: float = Field(ge=0, le=1)
    answer: str
    why: Literal["", "unsure", "unlike"]
    set: list[str] | None = None
    predictions: list[Share]
    model: str
    milliseconds: float


class Answers(BaseModel):
    """The answers for several pictures, in their order."""

    olhar: int
    results: list[Result]
    model: str
    milliseconds: float


class Label(BaseModel):
    """A class, and the name to show."""

    key: str = Field(alias="class")
    name: str


class Labels(BaseModel):
    """The classes in the order of the model's outputs."""

    olhar: int
    model: str
    labels: list[Label]


class Known(BaseModel):
    """One of the server's models."""

    model: str
    classes: int
    ready: bool


class ModelList(BaseModel):
    """The server's models; the first answers where nobody names one."""

    olhar: int
    models: list[Known]


class State(BaseModel):
    """How the server is."""

    olhar: int
    status: str
