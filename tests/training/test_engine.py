import pytest
import torch

from olhar.base.errors import RecipeError
from olhar.training.engine import choose
from tests.conftest import assert_says


def test_a_choice_comes_with_its_reason():
    engine = choose("cpu", "auto")
    able = torch.cpu.get_capabilities()
    has_bf16 = bool(able.get("amx_bf16") or able.get("avx512_bf16"))
    assert engine.precision == ("bf16" if has_bf16 else "fp32")
    assert engine.precision in engine.reason


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_what_was_asked_for_is_taken(precision):
    engine = choose("cpu", precision)
    assert engine.precision == precision
    assert precision in engine.reason


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_a_device_that_is_not_there_is_told():
    with pytest.raises(RecipeError) as error:
        choose("cuda", "auto")
    assert_says(error, "cuda", "--device auto")
