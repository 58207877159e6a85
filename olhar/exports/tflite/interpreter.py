"""LiteRT's own interpreter asked about pictures, by the kernels that phones run and by its plain ones."""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

import numpy as np

from olhar.base.images import Pixels
from olhar.graph.graph import Floats


def interpreter(model: bytes, *, plain: bool = False, keep_all: bool = False) -> Any:
    """A file, ready to be computed.

    Args:
        model: the file.
        plain: without XNNPACK, whose kernels phones run: by the kernels that stand behind it.
        keep_all: what is computed on the way can be read too.

    Raises:
        ImportError: LiteRT is not installed.
        ValueError, RuntimeError: it cannot open the file.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    resolver = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES if plain else OpResolverType.AUTO
    with _unsaid():
        opened: Any = Interpreter(
            model_content=model,
            num_threads=1,
            experimental_op_resolver_type=resolver,
            experimental_preserve_all_tensors=keep_all,
        )
        opened.allocate_tensors()
    return opened


@contextmanager
def _unsaid() -> Generator[None]:
    """What LiteRT writes to standard error by itself, that it has kernels, is not for the person; errors it raises."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def asked(opened: Any, picture: Pixels) -> Floats:
    """Probabilities, float32 (K,), for one prepared picture, uint8 (height, width, channels); of int8 files too."""
    (source,), (answer,) = opened.get_input_details(), opened.get_output_details()
    given = picture if source["dtype"] is np.uint8 else (picture ^ 128).view(np.int8)
    opened.set_tensor(source["index"], given[np.newaxis])
    opened.invoke()
    told = opened.get_tensor(answer["index"])[0]
    if answer["dtype"] is not np.int8:
        return told
    scale, zero = answer["quantization"]
    return np.float32(scale) * (told.astype(np.float32) - zero)


def answers(model: bytes, pixels: Iterable[Pixels], *, plain: bool = False) -> Floats:
    """Probabilities, float32 (N, K), for prepared pictures, uint8 (N, height, width, channels)."""
    opened = interpreter(model, plain=plain)
    return np.stack([asked(opened, picture) for picture in pixels])
