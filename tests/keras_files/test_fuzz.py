"""Damaged files: an error in a sentence, or an answer; never another exception, a hang or a crash.

200 cases by default; ``OLHAR_FUZZ_CASES=10000`` for the long run. Real files are used where they are.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from tests.keras_files.golden import ROOT
from tests.keras_files.keras_crafting import dense, h5, keras_zip, layer, numbers, sequential, small

CASES = int(os.environ.get("OLHAR_FUZZ_CASES", "200"))
SMALL_ENOUGH = 3 * 2**20

PROGRAM = """
import json, random, resource, sys, time
from pathlib import Path
from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras

source, target, seed, cases = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
data, rng = Path(source).read_bytes(), random.Random(seed)
open_keras(source).onnx()
before, slowest, told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0, 0
for case in range(cases):
    damaged = bytearray(data)
    # Most of a model file is weights; the first and last kilobytes and the text of the architecture are where it hurts.
    spots = (rng.randrange(min(len(data), 8192)), rng.randrange(len(data)), len(data) - 1 - rng.randrange(min(len(data), 4096)))
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        damaged[rng.choice(spots) if rng.random() < 0.7 else rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    if rng.random() < 0.1:
        damaged = damaged[: rng.randrange(len(damaged))]
    target.write_bytes(damaged)
    print(json.dumps({"case": case}), file=sys.stderr, flush=True)
    start = time.process_time()  # not the clock on the wall: other tests may run beside this one
    try:
        open_keras(target).onnx()
    except ModelError as error:
        assert str(error)
        told += 1
    slowest = max(slowest, time.process_time() - start)
peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(json.dumps({"told": told, "slowest": slowest, "megabytes": peak}))
"""


def _flip(source: Path, folder: Path, cases: int, seed: int = 1) -> dict[str, float]:
    """Damage a file many times in a process of its own, so that a crash of the HDF5 library is seen for what it is."""
    target = folder / "damaged.h5"
    command = [sys.executable, "-c", PROGRAM, str(source), str(target), str(seed), str(cases)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (source.name, done.returncode, done.stderr[-600:])
    return json.loads(done.stdout)


@pytest.mark.parametrize("form", ["hdf5", "keras"])
def test_flipped_bytes_in_a_small_file(tmp_path, form):
    path = small(tmp_path / "small.h5")
    if form == "keras":
        config = sequential((6, 5, 3), layer("Flatten", "f"), dense("d", 2, "relu"))
        arrays = {"layers/dense/vars/0": numbers(90, 2), "layers/dense/vars/1": numbers(2)}
        path = keras_zip(tmp_path / "small.keras", config, arrays)
    found = _flip(path, tmp_path, CASES // 2)
    assert found["told"] > 0
    assert found["slowest"] < 2
    assert found["megabytes"] < 500


REAL = sorted(
    path
    for path in ROOT.glob("*/*")
    if path.suffix in (".h5", ".keras", ".hdf5", ".model") and path.stat().st_size < SMALL_ENOUGH
)
WHOLE = [path for path in REAL if path.stat().st_size > 10_000]


@pytest.mark.skipif(not WHOLE, reason="no real model files here; set OLHAR_TEST_DATA")
def test_flipped_bytes_in_real_files(tmp_path):
    rng = random.Random(3)
    files = [path for path in rng.sample(WHOLE, len(WHOLE)) if _opens(path)]
    for path in files[: 4 if CASES <= 200 else len(files)]:
        found = _flip(path, tmp_path, max(CASES // (4 if CASES <= 200 else len(files)) // 2, 10))
        assert found["slowest"] < 2, path
        assert found["megabytes"] < 500, path


def _opens(path: Path) -> bool:
    try:
        open_keras(path)
    except ModelError:
        return False
    return True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
BASE = sequential(
    (6, 5, 3),
    layer(
        "Conv2D",
        "c",
        filters=4,
        kernel_size=[3, 3],
        strides=[1, 1],
        padding="same",
        data_format="channels_last",
        activation="relu",
    ),
    layer("BatchNormalization", "b", axis=[3], epsilon=1e-3, momentum=0.9, scale=True, center=True),
    layer("MaxPooling2D", "p", pool_size=[2, 2], strides=[2, 2], padding="same", data_format="channels_last"),
    layer("Resizing", "r", height=4, width=4, interpolation="bilinear"),
    layer("Reshape", "s", target_shape=[2, 8, 4]),
    layer("Permute", "t", dims=[3, 1, 2]),
    layer("Flatten", "f"),
    dense("d", 3, "softmax"),
)
ARRAYS = {
    "c": {"kernel": numbers(3, 3, 3, 4), "bias": numbers(4)},
    "b": {name: numbers(4) ** 2 for name in ("gamma", "beta", "moving_mean", "moving_variance")},
    "d": {"kernel": numbers(64, 3), "bias": numbers(3)},
}


def _places(value, path=()):
    """Every place in the configuration."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*path, key))


PLACES = [path for path in _places(BASE) if path]


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(place=st.sampled_from(PLACES), junk=JSON)
def test_any_option_may_be_anything(tmp_path, place, junk):
    config = json.loads(json.dumps(BASE))
    holder = config
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    path, start = h5(tmp_path / "m.h5", config, ARRAYS), time.process_time()
    try:
        open_keras(path).onnx()
    except ModelError as error:
        if "m.h5" not in str(error):
            raise
    assert time.process_time() - start < 2
