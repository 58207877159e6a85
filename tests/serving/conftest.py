"""The tiny model and the server that most tests of this room share."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from olhar.bundle.predictor import Predictor
from tests.serving.kit import Running, running, telling_strangers, write_bundle


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("bundle") / "model.onnx")


@pytest.fixture(scope="session")
def predictor(bundle: Path) -> Predictor:
    return Predictor.open(bundle, threads=1)


@pytest.fixture(scope="session")
def strangers_told(predictor: Predictor) -> Predictor:
    return telling_strangers(predictor)


@pytest.fixture(scope="session")
def served(predictor: Predictor) -> Iterator[Running]:
    with running(predictor) as server:
        yield server


@pytest.fixture
def start(predictor: Predictor) -> Iterator[Callable[..., Running]]:
    """Starts a server of its own for a test that wants other settings."""
    opened = []

    def started(model: Predictor | Mapping[str, Predictor] | None = None, **options) -> Running:
        opened.append(running(model or predictor, **options))
        return opened[-1].__enter__()

    yield started
    for one in opened:
        one.__exit__(None, None, None)
