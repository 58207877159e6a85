import pytest
import torch

from olhar.training import abilities
from olhar.training.abilities import bf16

XEON = {"amx_bf16": True, "avx512_bf16": True}
EPYC = {"amx_bf16": False, "avx512_bf16": True}
OLD = {"avx2": True}


@pytest.fixture
def processor(monkeypatch):
    """A function: what a processor can do and what oneDNN is told -> what will be used."""
    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)
    monkeypatch.delenv("DNNL_MAX_CPU_ISA", raising=False)

    def used(able, **told):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        abilities._has.cache_clear()
        return bf16()

    yield used
    abilities._has.cache_clear()


@pytest.mark.parametrize(("able", "best"), [(XEON, "amx"), (EPYC, "avx512_bf16"), (OLD, None), ({}, None)])
def test_the_best_that_is_there_is_used(processor, able, best):
    assert processor(able) == best


@pytest.mark.parametrize(
    ("limit", "on_xeon", "on_epyc"),
    [
        ("AVX2", None, None),
        ("AVX512_CORE", None, None),
        ("AVX512_CORE_VNNI", None, None),
        ("AVX512_CORE_BF16", "avx512_bf16", "avx512_bf16"),
        ("avx512_core_fp16", "avx512_bf16", "avx512_bf16"),
        ("AVX512_CORE_AMX", "amx", "avx512_bf16"),
        ("DEFAULT", "amx", "avx512_bf16"),
        ("a word that oneDNN passes over", "amx", "avx512_bf16"),
    ],
)
@pytest.mark.parametrize("name", ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"])
def test_what_onednn_was_told_not_to_use_is_not_counted_on(processor, name, limit, on_xeon, on_epyc):
    assert processor(XEON, **{name: limit}) == on_xeon
    assert processor(EPYC, **{name: limit}) == on_epyc


def test_onednn_s_new_name_wins_over_its_old_one(processor):
    assert processor(EPYC, ONEDNN_MAX_CPU_ISA="AVX512_CORE_BF16", DNNL_MAX_CPU_ISA="AVX2") == "avx512_bf16"
