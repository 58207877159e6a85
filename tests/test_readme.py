"""Every command and every line of Python in the two READMEs is run, on flowers that the test paints."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from olhar.cli.app import main
from tests.conftest import COLOURS, encoded, noisy
from tests.keras_files.keras_eyes import teachable, write_eyes

ROOT = Path(__file__).parents[1]
DOCS = tuple(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))
READMES = {"README.md": ("flowers", ("daisy", "rose", "tulip")), "README.pt-BR.md": ("flores", ("margarida", "rosa", "tulipa"))}


def blocks(text: str, language: str, what: str = "fl\\w+") -> list[str]:
    return re.findall(rf"<!-- run: {what} -->\n```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(params=READMES)
def readme(request, tmp_path, monkeypatch):
    """The text of a README, in a place where its flowers are."""
    root, classes = READMES[request.param]
    for number, (name, colour) in enumerate(zip(classes, COLOURS.values(), strict=True)):
        (tmp_path / root / name).mkdir(parents=True)
        for i in range(1, 13):
            (tmp_path / root / name / f"{i}.jpg").write_bytes(encoded(noisy(colour, 100 * number + i), "JPEG"))
    monkeypatch.chdir(tmp_path)
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_every_command_runs_as_it_stands(readme, capsys):
    commands = [line for block in blocks(readme, "sh") for line in block.splitlines()]
    assert len(commands) == 10
    for command in commands:
        words = command.split()
        assert words[0] == "olhar"
        assert main(words[1:]) == 0, capsys.readouterr().err
    language = ".pt-BR" if "flores" in commands[0] else ""
    for page in ("predict", "evaluate"):
        (block,) = blocks((ROOT / "docs" / f"{page}{language}.md").read_text(encoding="utf-8"), "sh")
        for command in block.splitlines():
            assert main(command.split()[1:]) == 0, capsys.readouterr().err


def test_every_command_on_a_keras_file_runs_as_it_stands(readme, tmp_path, capsys):
    commands = [line for block in blocks(readme, "sh", "keras") for line in block.splitlines()]
    assert len(commands) == 6
    teachable(tmp_path / "keras_model.h5")
    folder, picture = commands[1].split()[4], commands[2].split()[3]
    write_eyes(tmp_path / folder)
    (tmp_path / picture).write_bytes(encoded(noisy(COLOURS["red"], 1), "JPEG"))
    for command in commands:
        words = command.split()[1:]
        assert main([*words, "--epochs", "1", "--folds", "0"] if words[0] == "train" else words) == 0, capsys.readouterr().err


def test_every_line_of_python_runs_as_it_stands_where_there_is_no_torch(readme):
    (code,) = blocks(readme, "python")
    code = f"import sys\nsys.modules['torch'] = None\n{code}"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, encoding="utf-8")
    assert re.search(r"\d% \(\d+\.\d% to \d+(\.\d)?%\)", done.stdout)


def test_both_readmes_have_the_same_parts():
    heads = [re.findall(r"^(#+) ", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) for name in READMES]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", *DOCS])
def test_every_link_leads_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / name).parent.joinpath(target).exists(), target


def test_the_make_targets_that_the_readme_names_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("setup", "demo", "test", "check", "bench"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_dependency_is_pinned_exactly_and_torch_without_a_local_tag():
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#")
    assert pins["torch"] == "2.13.0"
    assert not any("+" in version for version in pins.values())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[<>=\[;]", one)[0].lower().replace("_", "-") for one in wanted} - {"olhar"}
    assert names <= {name.lower().replace("_", "-") for name in pins}
