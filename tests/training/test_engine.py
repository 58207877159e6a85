import pytest
import torch
from torch import nn

from olhar.base.errors import RecipeError
from olhar.training import abilities
from olhar.training.engine import choose
from tests.conftest import assert_says


@pytest.mark.parametrize(
    ("found", "precision", "word"),
    [("amx", "bf16", "AMX"), ("avx512_bf16", "bf16", "AVX-512"), (None, "fp32", "no bf16")],
)
def test_a_choice_follows_what_the_processor_does_in_hardware_and_says_so(monkeypatch, found, precision, word):
    monkeypatch.setattr(abilities, "bf16", lambda: found)
    engine = choose("cpu", "auto")
    assert engine.precision == precision
    assert precision in str(engine.reason)
    assert word in str(engine.reason)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_what_was_asked_for_is_taken(precision):
    engine = choose("cpu", precision)
    assert engine.precision == precision
    assert precision in str(engine.reason)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_a_device_that_is_not_there_is_told():
    with pytest.raises(RecipeError) as error:
        choose("cuda", "auto")
    assert_says(error, "cuda", "--device auto")


@pytest.mark.parametrize(
    ("layer", "dtype"),
    [
        (nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8), torch.float32),
        (nn.Conv2d(8, 8, 5, padding=2, groups=8), torch.float32),
        (nn.Conv2d(8, 16, 3, padding=1, groups=8), torch.float32),
        (nn.Conv2d(8, 8, 3, padding="same", dilation=2, groups=8), torch.float32),
        (nn.Conv2d(8, 8, 3, padding=1, groups=8), torch.bfloat16),
        (nn.Conv2d(8, 8, 3, padding=1, groups=2), torch.bfloat16),
        (nn.Conv2d(8, 8, 3, stride=2, padding=1), torch.bfloat16),
    ],
)
def test_depthwise_convolutions_that_bf16_makes_slow_are_computed_in_float32(layer: nn.Conv2d, dtype: torch.dtype):
    maps = torch.rand(2, 8, 12, 12, generator=torch.Generator().manual_seed(0))
    with choose("cpu", "bf16").autocast():
        found = layer(maps.bfloat16())
    assert found.dtype == dtype
    if dtype == torch.float32:
        assert torch.equal(found, layer(maps.bfloat16().float()))


def test_in_float32_nothing_is_done_to_a_convolution():
    maps, layer = torch.rand(1, 4, 9, 9), nn.Conv2d(4, 4, 3, stride=2, groups=4)
    with choose("cpu", "fp32").autocast():
        found = layer(maps)
    assert torch.equal(found, layer(maps))
