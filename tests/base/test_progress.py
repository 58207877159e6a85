"""What a call from Python shows, and where."""

import subprocess
import sys

import nbformat
from nbclient import NotebookClient

READ = """
import sys
import ipykernel.kernelapp
import olhar
print(len(olhar.read(sys.argv[1])))
"""


def test_a_script_that_starts_kernels_is_no_notebook(scenes):
    """The client of kernels imports their package, and each table read in such a script was told on standard error."""
    done = subprocess.run([sys.executable, "-c", READ, str(scenes)], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0
    assert done.stderr == ""


def test_a_notebook_is_told_what_was_read(scenes):
    cell = nbformat.v4.new_code_cell(f"import olhar\nlen(olhar.read({str(scenes)!r}))")
    book = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    assert any("read as: 3 classes" in str(output.get("data", output.get("text"))) for output in cell["outputs"])
