"""The page on phones: its Python answers as Olhar does, from either file; its shrinking is the rule; its board's program fits."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.base.resizing import fitted
from olhar.cli.app import main
from tests.conftest import COLOURS, encoded, noisy

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("phone.md", "phone.pt-BR.md")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", [(300, 200), (90, 700), (40, 25)])
def test_the_rule_on_the_page_is_that_of_olhar(page, size):
    scope = {}
    exec(blocks(page, "python")[0], scope)
    picture = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    expected = np.asarray(fitted(Image.fromarray(picture), (64, 48), "stretch"))
    told = scope["at_size"](picture, 64, 48)
    assert np.abs(told.astype(int) - expected).max() <= 1


@pytest.mark.skipif(find_spec("ai_edge_litert") is None, reason="the extra [tflite] is not installed")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("int8", [False, True])
def test_the_program_on_the_page_answers_as_olhar_does(page, int8, run, tmp_path):
    (tmp_path / "program.py").write_text(blocks(page, "python")[1], encoding="utf-8")
    run.export(tmp_path / "m.tflite", int8=int8)
    for name, colour in COLOURS.items():
        (tmp_path / "photo.png").write_bytes(encoded(noisy(colour, 3, 40)))
        asked = [sys.executable, "program.py", "m.tflite", "photo.png"]
        told = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
        expected = olhar.load(run.path)(tmp_path / "photo.png")
        assert told[0] == name == expected.label
        assert float(told[1].rstrip("%")) / 100 == pytest.approx(expected.confidence, abs=0.03 if int8 else 0.001)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_on_the_page_are_olhars(page, capsys):
    (typed,) = blocks(page, "sh")
    flags = set(re.findall(r"--[a-z0-9-]+", typed)) - {"--to"}
    assert flags == {"--int8", "--c-array", "--data"}
    assert main(["export", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(flag in told for flag in flags)
