"""What the processor does in hardware, as oneDNN will use it: oneDNN may have been told to use less than there is."""

import os
from functools import cache

import torch

_WITHOUT_BF16 = frozenset({"sse41", "avx", "avx2", "avx2_vnni", "avx2_vnni_2", "avx512_core", "avx512_core_vnni"})
_WITHOUT_AMX = frozenset({"avx512_core_bf16", "avx512_core_fp16", "avx10_1", "avx10_1_512", "avx10_2", "avx10_2_512"})


def bf16() -> str | None:
    """The instructions that multiply bfloat16: ``amx`` or ``avx512_bf16``; ``None`` where it would be emulated, slowly."""
    limit = _limit()
    if limit in _WITHOUT_BF16:
        return None
    if _has("amx_bf16") and limit not in _WITHOUT_AMX:
        return "amx"
    return "avx512_bf16" if _has("avx512_bf16") else None


def _limit() -> str:
    """The best instructions that oneDNN may use, in its own words; it passes over words that it does not know."""
    return os.environ.get("ONEDNN_MAX_CPU_ISA", os.environ.get("DNNL_MAX_CPU_ISA", "")).lower()


@cache
def _has(name: str) -> bool:
    return bool(torch.cpu.get_capabilities().get(name))
