"""What a training ran on: versions and machine, without names of people or hosts."""

import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError
from olhar.runs.folder import RunFolder

NAME = "environment.json"
LIBRARIES = ("torch", "numpy", "onnxruntime", "onnx", "pillow", "simplejpeg", "scikit-learn")


def environment() -> dict[str, str]:
    """Versions of Python and the libraries, the system, the processor and its cores."""
    versions = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    versions |= {"processor": processor(), "cores": str(os.cpu_count() or 1), "version": _version("olhar")}
    return versions | {name: version for name in LIBRARIES if (version := _version(name))}


def kept_environment(run: RunFolder) -> dict[str, Any]:
    """What a run keeps of it; where that is damaged or gone, what is so now: no training hangs on it."""
    try:
        return run.read_json(NAME)
    except RunError:
        return dict(environment())


def processor() -> str:
    """The processor's own name, where the system tells it."""
    if sys.platform == "linux":
        try:
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith(("model name", "Model"))]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
