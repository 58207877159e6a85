"""The kernels themselves, in a browser, beside their doubles in NumPy: on the same memory they leave the same numbers."""

import base64
import json

import numpy as np

from docs.kernels import stamp
from olhar.exports.web.emulator import computed
from olhar.exports.web.network import planned
from olhar.exports.web.program import lay
from olhar.exports.web.site import kernels, own
from tests.exports.web.browsers import needs_chromium
from tests.exports.web.kit import CLASSES, SIDE, node, with_last
from tests.exports.web.test_network import MOVES, ONE, conv

RUN = """async ([module, plan, kernels, weights, pixels]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  const { openNetwork } = await import(url);
  const ask = await openNetwork(JSON.parse(plan), bytes(kernels), bytes(weights));
  return [...ask(bytes(pixels))];
}"""


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def networks():
    """A network an operation, and one of each kind of convolution and pool."""
    for kind in ONE:
        first, arrays = conv(5, 3, 3, to="y")
        source = "positive" if kind == "Sqrt" else "y"
        nodes = [first, node("Abs", ["y"], ["positive"])]
        yield kind, with_last([*nodes, node(kind, [source], ["x"], **({"axis": 1} if "Softmax" in kind else {}))], arrays)
    for name, move in MOVES.items():
        yield name, with_last(*move)
    for groups, out in ((1, 9), (3, 3), (3, 6)):
        first, arrays = conv(out, 3 // groups, 3, group=groups, pads=[1, 0, 2, 1], strides=[2, 1])
        yield f"conv {groups} {out}", with_last([first], arrays)
    for kind in ("MaxPool", "AveragePool"):
        yield kind, with_last([node(kind, ["planes"], ["x"], kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1])], {})
    for kind in ("Add", "Sub", "Mul", "Div", "Max", "Min"):
        for inputs in (["planes", "other"], ["other", "planes"]):
            more = [node("Add", ["planes", "one"], ["more"])]
            nodes = [*more, node(kind, [name.replace("planes", "more") for name in inputs], ["x"])]
            other = np.random.default_rng(4).uniform(0.5, 1.5, (3, 1, 1)).astype(np.float32)
            yield f"{kind} {inputs[0]}", with_last(nodes, {"other": other, "one": np.float32(1)})


def test_the_compiled_kernels_are_of_the_sources_that_stand_beside_them():
    assert kernels().endswith(stamp()), "a source has changed: python -m docs.kernels"


@needs_chromium
def test_the_kernels_and_their_doubles_agree(browser):
    page = browser.new_page()
    picture = np.random.default_rng(3).integers(0, 256, (1, SIDE, SIDE, 3), dtype=np.uint8)
    worst: dict[str, float] = {}
    for name, model in networks():
        laid = lay(planned(model, name))
        plan = vars(laid) | {"singles": laid.singles.size, "matrices": laid.matrices.size, "numbers": CLASSES, "half": False}
        weights = encoded(laid.singles.tobytes() + laid.matrices.tobytes())
        given = [own("network.js"), json.dumps(plan), encoded(kernels()), weights, encoded(picture.tobytes())]
        worst[name] = float(np.abs(np.array(page.evaluate(RUN, given)) - computed(laid, picture, CLASSES)[0]).max())
    page.close()
    assert {name: far for name, far in worst.items() if not far < 1e-5} == {}


@needs_chromium
def test_weights_at_half_precision_are_read_to_the_last_bit(browser):
    first, arrays = conv(32, 3, 4)
    laid = lay(planned(with_last([first], arrays), "half"))
    assert laid.matrices.size
    halves = laid.matrices.astype(np.float16)
    plan = vars(laid) | {"singles": laid.singles.size, "matrices": laid.matrices.size, "numbers": CLASSES, "half": True}
    picture = np.full((1, SIDE, SIDE, 3), 99, np.uint8)
    weights = encoded(laid.singles.tobytes() + halves.tobytes())
    page = browser.new_page()
    answer = page.evaluate(RUN, [own("network.js"), json.dumps(plan), encoded(kernels()), weights, encoded(picture.tobytes())])
    page.close()
    kept = type(laid)(**{**vars(laid), "matrices": halves.astype(np.float32)})
    assert np.abs(np.array(answer) - computed(kept, picture, CLASSES)[0]).max() < 1e-6
