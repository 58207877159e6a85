import pytest
import torch

from olhar.base.errors import RunError
from olhar.runs import checkpoint
from olhar.runs.folder import RunFolder
from tests.conftest import assert_says


def test_a_state_comes_back_bit_for_bit(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    assert not checkpoint.exists(run)
    tensors = {"a": torch.randn(3, 4), "step": torch.tensor(7), "b": torch.randn(4, 4).to(torch.bfloat16).T}
    checkpoint.write(run, tensors, {"step": 3, "best": float("inf")})
    found, values = checkpoint.read(run)
    assert all(torch.equal(found[name], tensor) for name, tensor in tensors.items())
    assert values == {"step": 3, "best": float("inf")}


def test_a_state_that_is_missing_or_cut_is_told(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    with pytest.raises(RunError) as error:
        checkpoint.read(run)
    assert_says(error, "run")
    checkpoint.write(run, {"a": torch.randn(100)}, {})
    path = run.checkpoints / "last.safetensors"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(RunError) as error:
        checkpoint.read(run)
    assert_says(error, "last.safetensors")
