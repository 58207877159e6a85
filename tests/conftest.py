"""What all tests share: tiny pictures of their own, a cache of their own, one language, and the way to the real data."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is there: two tests at once would wait for each other's threads

import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import settings
from PIL import Image

import olhar
from olhar.base import texts
from olhar.base.errors import OlharError
from olhar.reporting import figures
from olhar.training import abilities
from tests.scenes import write_scenes
from tests.trained import QUICK

settings.register_profile("tests", deadline=None)  # on a busy machine an example may take any time
settings.load_profile("tests")

COLOURS = {"blue": (40, 60, 200), "green": (50, 180, 60), "red": (200, 50, 40)}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--precision", choices=("fp32", "bf16"), help="what the processor is said to be fast in (else: what it is)")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The order is said at the end, for with ``-q`` the plugin does not say it."""
    seed = getattr(config.option, "randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"This order again: --randomly-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def _arithmetic(request: pytest.FixtureRequest) -> Iterator[None]:
    """Trainings that may choose take the precision of ``--precision``."""
    wanted = request.config.getoption("precision")
    with pytest.MonkeyPatch.context() as patch:
        if wanted:
            patch.setattr(abilities, "bf16", lambda: "avx512_bf16" if wanted == "bf16" else None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_exports() -> Iterator[None]:
    """At each export PyTorch makes the same table of operations anew, a third of its time; here it makes it once."""

    @cache
    def one_table() -> None:
        from torch.onnx._internal.exporter import _registration

        registry = _registration.ONNXRegistry
        patch.setattr(registry, "from_torchlib", staticmethod(cache(registry.from_torchlib)))

    def exported(*args, **options):
        one_table()
        return export(*args, **options)

    export = torch.onnx.export
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.onnx, "export", exported)
        yield


@pytest.fixture(autouse=True)
def _plain_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports get blank curves, for to draw them takes as long as a small training; who tests them overrides this fixture."""
    monkeypatch.setattr(figures, "lines", lambda *_, **__: Image.new("RGB", (8, 8), "white"))


@pytest.fixture(autouse=True)
def _own_world(tmp_path_factory, monkeypatch):
    """No test reads or fills the person's cache, or depends on the machine's language."""
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("OLHAR_LANGUAGE", "en")
    texts.set_language(None)
    yield
    texts.set_language(None)  # what the next module's fixtures say, before its first test is here again


def encoded(pixels: np.ndarray, form: str = "PNG", **settings) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **settings)
    return out.getvalue()


def noisy(colour: tuple[int, int, int], seed: int, side: int = 16) -> np.ndarray:
    """A picture of one colour with noise: no two seeds give the same bytes."""
    noise = np.random.default_rng(seed).integers(-30, 30, (side, side, 3))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


def write_pictures(root: Path, per_class: int = 24, side: int = 16, prefix: str = "", start: int = 0) -> Path:
    """Class folders ``blue``, ``green``, ``red`` below ``root/prefix``, easy to tell apart."""
    for number, (name, colour) in enumerate(COLOURS.items()):
        folder = root / prefix / name
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(per_class):
            seed = start + 1000 * number + i
            (folder / f"{i:03}.png").write_bytes(encoded(noisy(colour, seed, side)))
    return root


@pytest.fixture
def pictures(tmp_path) -> Path:
    """A folder of 72 pictures in three classes."""
    return write_pictures(tmp_path / "colours")


@pytest.fixture(scope="session")
def scenes(tmp_path_factory) -> Path:
    """A folder of 36 photographs in three classes that no colour tells apart."""
    return write_scenes(tmp_path_factory.mktemp("data") / "scenes")


@pytest.fixture(scope="session")
def coloured(tmp_path_factory) -> Path:
    """A folder with parts of its own: 72 pictures to learn from, 36 to test."""
    root = tmp_path_factory.mktemp("data") / "colours"
    write_pictures(root, 24, prefix="train")
    write_pictures(root, 12, prefix="test", start=500)
    return root


@pytest.fixture(scope="session")
def run(coloured, tmp_path_factory) -> olhar.Run:
    """A run that has learnt to tell three colours apart; to be read only."""
    patch = pytest.MonkeyPatch()
    patch.setenv("OLHAR_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("OLHAR_LANGUAGE", "en")
    try:
        return olhar.train(coloured, into=tmp_path_factory.mktemp("runs") / "colours", **QUICK)
    finally:
        patch.undo()


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """The way to a real file; the test is skipped, with the reason, where it is not there."""
    root = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

    def find(name: str) -> Path:
        path = root / name
        if not path.exists():
            pytest.skip(f"the real data {name} is not here (set OLHAR_TEST_DATA to its folder)")
        return path

    return find


def assert_says(error: OlharError | pytest.ExceptionInfo, *words: str) -> None:
    """An error names its subject, what was found and what to do, in one line, in both languages, under one code."""
    found = error.value if isinstance(error, pytest.ExceptionInfo) else error
    assert isinstance(found, OlharError)
    for language in texts.LANGUAGES:
        with texts.speaking(language):
            line = str(found)
        assert "\n" not in line
        assert len(line) > 20
        assert line[-1] not in " ,;:", line
        assert not re.search(r"\{\w+\}", line), line
    for word in words:
        assert word in str(found), str(found)
    assert re.fullmatch(r"OLH\d{3}", found.code)
