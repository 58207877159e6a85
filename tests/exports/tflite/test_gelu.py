"""GELU as exporters write it out: one operator in the file, with the same answers; what only looks like it stays itself."""

import numpy as np
import pytest

from tests.exports.tflite.kit import difference, kinds
from tests.exports.web.kit import node, with_last
from tests.exports.web.test_network import conv

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")

LAST = {
    "half last": [node("Mul", ["y", "share"], ["product"]), node("Mul", ["product", "half"], ["x"])],
    "half first": [node("Mul", ["half", "y"], ["product"]), node("Mul", ["product", "share"], ["x"])],
    "half of the share": [node("Mul", ["share", "half"], ["product"]), node("Mul", ["y", "product"], ["x"])],
}
INSIDE = {"Mul": 1 / np.sqrt(2), "Div": np.sqrt(2)}


def written_out(inside="Mul", last="half last", half=0.5, one=1.0) -> bytes:
    first, arrays = conv(5, 3, 3, to="y")
    nodes = [
        first,
        node(inside, ["y", "root"], ["small"]),
        node("Erf", ["small"], ["erf"]),
        node("Add", ["erf", "one"], ["share"]),
    ]
    numbers = {"root": np.float32(INSIDE[inside]), "one": np.float32(one), "half": np.float32(half)}
    return with_last([*nodes, *LAST[last]], arrays | numbers)


@pytest.mark.parametrize("last", LAST)
@pytest.mark.parametrize("inside", INSIDE)
def test_a_gelu_written_out_is_one_operator(inside, last):
    model = written_out(inside, last)
    assert "GELU" in kinds(model)
    assert "EXP" not in kinds(model)
    assert difference(model) < 1e-5


@pytest.mark.parametrize("other", [{"half": 0.6}, {"one": 0.9}])
def test_what_only_looks_like_it_stays_itself(other):
    model = written_out(**other)
    assert "GELU" not in kinds(model)
    assert difference(model) < 1e-5
