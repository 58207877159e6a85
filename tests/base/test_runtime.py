"""The one maker of ONNX Runtime sessions."""

import ast
import os
import subprocess
import sys

import onnxruntime
import pytest

from olhar.base import runtime
from tests.bundle.conftest import colour_model
from tests.test_house import ROOT


@pytest.fixture
def model() -> bytes:
    return colour_model()


def test_no_other_module_imports_onnx_runtime():
    def imports(node: ast.AST) -> bool:
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        return any(name.split(".")[0] == "onnxruntime" for name in names)

    def of_types_only(tree: ast.Module) -> set[ast.AST]:
        blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
        return {child for block in blocks for child in ast.walk(block)}

    importing: list[str] = []
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        importing += [path.name for node in ast.walk(tree) if imports(node) and node not in of_types_only(tree)]
    assert importing == ["runtime.py"]


def test_telemetry_is_off_before_the_runtime_is_imported(model, tmp_path):
    (tmp_path / "m.onnx").write_bytes(model)
    code = (
        "import os, sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        "from olhar.base import runtime\n"
        "assert 'onnxruntime' not in sys.modules\n"
        f"runtime.session(open({str(tmp_path / 'm.onnx')!r}, 'rb').read())\n"
    )
    world = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    shown = subprocess.run([sys.executable, "-c", code], env=world, check=True, capture_output=True, text=True).stdout
    assert shown == "1\n"


def test_telemetry_is_switched_off_where_the_runtime_is_there_already(model, monkeypatch):
    calls: list[bool] = []
    monkeypatch.setattr(onnxruntime, "disable_telemetry_events", lambda: calls.append(True))
    runtime.session(model)
    assert calls


def test_threads_are_as_many_as_asked_and_do_not_spin(model):
    options = runtime.session(model, 3).get_session_options()
    assert options.intra_op_num_threads == 3
    for pool in ("intra_op", "inter_op"):
        assert options.get_session_config_entry(f"session.{pool}.allow_spinning") == "0"
