"""The pages on models and augmentation say what the code does, in both languages; their Python runs."""

import re
from pathlib import Path

import pytest

from olhar import Recipe
from olhar.data.checks.audit import CHECKS
from olhar.models.network_shape import NetworkShape
from olhar.models.own_module import from_object
from olhar.models.zoo import MODELS, build, multiply_adds
from olhar.training.augment import Augmentation
from olhar.training.augment_presets import PRESETS

DOCS = Path(__file__).parents[1] / "docs"
BOTH = ("", ".pt-BR")


def rows(name: str) -> dict[str, list[str]]:
    """The rows of all tables of a page whose first cell is code, by that code."""
    found = re.findall(r"^\| (`.+?`.*?) \| (.*) \|$", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE)
    return {first: rest.split(" | ") for first, rest in found}


@pytest.mark.parametrize("language", BOTH)
def test_the_models_that_the_page_lists_are_those_there_are_with_their_cost(language):
    page = rows(f"models{language}.md")
    for name in MODELS:
        network = build(name, 3, 10, (32, 32))
        parameters = sum(one.numel() for one in network.parameters()) / 1e6
        told = [float(re.match(r"[\d.]+", cell.replace(",", "."))[0]) for cell in page[f"`{name}`"][1:]]
        assert told[0] == pytest.approx(parameters, rel=0.05)
        assert told[1] == pytest.approx(multiply_adds(network, (1, 3, 32, 32)) / 1e6, rel=0.05)


@pytest.mark.parametrize("language", BOTH)
def test_the_presets_that_the_page_lists_are_those_there_are(language):
    page = {re.findall(r"`([\w-]+)`", first)[0]: cells[0] for first, cells in rows(f"augmentation{language}.md").items()}
    for name, preset in PRESETS.items():
        told = {} if name == "none" else {"flip": True} | dict(re.findall(r"(\w+) ([\d.]+)", page[name]))
        told |= {"fill": "nearest"} if "nearest" in page[name] else {}
        expected = {key: value for key, value in preset.items() if value and value != "reflect"}
        assert {
            key: float(value) if isinstance(value, str) and value[0].isdigit() else value for key, value in told.items()
        } == expected


@pytest.mark.parametrize("language", BOTH)
def test_every_quick_check_stands_once_in_its_table(language):
    text = (DOCS / f"check{language}.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| (CHK\d+) \|", text[: text.index("\n## ", text.index("CHK001"))], re.MULTILINE)
    assert codes == sorted({*(check.code for check in CHECKS), "CHK026"})


@pytest.mark.parametrize("page", ["models.md", "models.pt-BR.md", "augmentation.md", "augmentation.pt-BR.md"])
def test_every_option_on_the_pages_is_there(page):
    known = {*vars(Recipe()), *vars(NetworkShape()), *vars(Augmentation()), "recipe", "resume"}
    named = re.findall(r"--([a-z][a-z-]+)", (DOCS / page).read_text(encoding="utf-8"))
    assert {name.replace("-", "_") for name in named} <= known


@pytest.mark.parametrize(("page", "name"), [("models.md", "small"), ("models.pt-BR.md", "pequena")])
def test_the_network_on_the_page_is_one(page, name):
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    scope = {}
    exec(code.partition("\nrun =")[0].partition("\ntreino =")[0], scope)
    assert from_object(scope[name]).build(3, 4, (16, 16)).training
