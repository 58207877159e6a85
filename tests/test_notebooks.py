"""The notebooks run from top to bottom, one after the other, as a person runs them."""

import asyncio
import sys
import warnings
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_the_three_notebooks_run_in_their_order(language, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if sys.platform == "win32":
            asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
        import nbformat
        from nbclient import NotebookClient

        files = sorted((NOTEBOOKS / language).glob("*.ipynb"))
        assert [file.stem for file in files] == ["1-train", "2-evaluate", "3-predict"]
        for file in files:
            book = nbformat.read(file, as_version=4)
            NotebookClient(book, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
            shown = [output for cell in book.cells for output in cell.get("outputs", [])]
            assert any("text/html" in output.get("data", {}) for output in shown), f"{file.stem} shows nothing"
            assert not any(output.get("name") == "stderr" and "arning" in output["text"] for output in shown)
    assert (tmp_path / "runs" / "notebook" / "report.html").is_file()


def test_no_notebook_is_kept_with_its_outputs():
    import nbformat

    for file in NOTEBOOKS.rglob("*.ipynb"):
        assert not any(cell.get("outputs") for cell in nbformat.read(file, as_version=4).cells)
