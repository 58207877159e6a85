"""What ``/openapi.json`` says is so: schemathesis asks the real server by it, all addresses, good and bad."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

MISSING = importlib.util.find_spec("schemathesis") is None
HOOKS = """
import base64, io
import schemathesis
from hypothesis import strategies as st
from PIL import Image

def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (20, 15), colour).save(out, "PNG")
    return out.getvalue()

PICTURES = [picture(colour) for colour in ("red", "blue")]
schemathesis.openapi.format("binary", st.sampled_from(PICTURES))
schemathesis.openapi.format("byte", st.sampled_from([base64.b64encode(one).decode() for one in PICTURES]))
for kind in ("image/*", "application/octet-stream"):
    schemathesis.openapi.media_type(kind, st.sampled_from(PICTURES))
"""
CONFIG = """
[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "408", "413", "415", "431", "5xx"]

# A shape that is not that of the data, and tensors in binary without the header that tells their length, no schema can exclude.
[[operations]]
include-path = "/v2/models/{model}/infer"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "404"]
"""


@pytest.mark.skipif(MISSING, reason="schemathesis is not installed")
def test_every_address_answers_as_it_is_described(start, predictor, tmp_path: Path):
    server = start({"first": predictor, "second": predictor}, metrics=True)
    (tmp_path / "hooks.py").write_text(HOOKS, encoding="utf-8")
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    words = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}openapi.json", "--max-examples", "8", "--no-color"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}:{tmp_path}"}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    count = sum(len(asked) for asked in server.get("openapi.json").json()["paths"].values())
    assert count > 10
    assert f"{count} selected" in done.stdout


def test_models_are_named_and_statuses_told(start, predictor):
    document = start({"first": predictor, "second": predictor}, max_pictures=5).get("openapi.json").json()
    asked = document["paths"]["/models/{model}/predict"]["post"]
    assert next(one for one in asked["parameters"] if one["name"] == "model")["schema"]["enum"] == ["first", "second"]
    assert {"200", "400", "404", "413", "415", "503"} <= asked["responses"].keys()
    assert "422" not in asked["responses"]
    assert asked["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["file"]["maxItems"] == 5
