"""The files that run a server elsewhere are such as those programs take."""

import shutil
import subprocess
from pathlib import Path

import pytest

from olhar.serving.options import OPTIONS, VARIABLE

UNIT = Path(__file__).parents[1] / "examples" / "serve" / "olhar-serve.service"


def test_the_unit_names_settings_that_there_are():
    named = [word.partition("=")[0] for word in UNIT.read_text(encoding="utf-8").replace("=OLHAR", " OLHAR").split()]
    found = {word for word in named if word.startswith(VARIABLE)}
    assert found <= {f"{VARIABLE}{name.upper()}" for name in OPTIONS} | {"OLHAR_CACHE"}
    assert "OLHAR_TOKEN_FILE" in found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "olhar-serve.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/olhar/.venv/bin/olhar", "/bin/true"), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
