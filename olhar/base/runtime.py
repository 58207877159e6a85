"""The one maker of ONNX Runtime sessions: imported late and nowhere else, with telemetry off before it is there."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def session(model: bytes, threads: int | None = None) -> "InferenceSession":
    """A model, ready to be computed on the processor.

    Args:
        model: serialised ONNX; bytes, not a path: a model may not pull in files from beside it, and any path is good.
        threads: how many threads one question may take; by default as many as there are cores.

    Raises:
        ImportError: ONNX Runtime is not installed as it should be.
        Exception: it cannot open the model; its errors are of a dozen classes of its own, some of them plain Exception.
    """
    runtime = _silenced()
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads or 0
    # Threads that spin after their work take the cores from whoever computes next: torch, NumPy, the next question.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def simplified(model: bytes) -> bytes:
    """The same model with everything worked out that does not hang on the pictures: shapes, constants, batch normalisation.

    What comes out holds operations of ONNX alone, in the order in which they can be computed.

    Raises:
        Exception: as ``session``.
    """
    runtime = _silenced()
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory(prefix="olhar-") as folder:
        options.optimized_model_filepath = str(Path(folder) / "simplified.onnx")
        runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return (Path(folder) / "simplified.onnx").read_bytes()


def _silenced() -> Any:
    """ONNX Runtime, which tells its makers nothing; also where somebody imported it before us."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    if hasattr(onnxruntime, "disable_telemetry_events"):
        onnxruntime.disable_telemetry_events()
    return onnxruntime
