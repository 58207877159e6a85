import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from olhar.base.errors import RecipeError
from olhar.base.signature import Signature
from olhar.models.own_module import from_file, from_object
from olhar.models.to_onnx import contract, to_onnx
from tests.conftest import assert_says


class Tiny(nn.Module):
    def __init__(self, channels: int = 3, classes: int = 2):
        super().__init__()
        self.convolution = nn.Conv2d(channels, 4, 3)
        self.last = nn.Linear(4, classes)

    def forward(self, pictures):
        return self.last(self.convolution(pictures).relu().mean((2, 3)))


def test_a_copy_of_a_module_learns():
    tiny = Tiny()
    own = from_object(tiny)
    built = own.build(3, 2, (16, 16))
    assert own.name == "own:Tiny"
    assert built is not tiny
    assert torch.equal(built.last.weight, tiny.last.weight)
    assert built.training


def test_a_function_is_called_with_channels_classes_and_size():
    asked = []
    from_object(lambda *all_of_it: asked.append(all_of_it) or Tiny(1, 5)).build(1, 5, (20, 30))
    assert asked == [(1, 5, (20, 30))]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Tiny(3, 1000), ["own:Tiny", "(2, 1000)", "(2, 2)"]),
        (Tiny(1, 2), ["own:Tiny", "(2, 3, 16, 16)", "RuntimeError"]),
        (lambda *_: nn.Conv2d(3, 2, 3), ["<lambda>", "(2, 2, 14, 14)"]),
        (lambda *_: nn.LSTM(16, 2), ["<lambda>", "LSTM"]),
        (lambda *_: "a network", ["<lambda>", "str"]),
        (lambda only: only, ["<lambda>", "TypeError", "(3, 2, (16, 16))"]),
        (Tiny().requires_grad_(False), ["own:Tiny", "requires_grad"]),
    ],
)
def test_what_is_no_classifier_of_these_pictures_is_refused(model, words):
    with pytest.raises(RecipeError) as error:
        from_object(model).build(3, 2, (16, 16))
    assert_says(error, *words)


def test_one_unit_is_enough_for_two_classes_and_not_for_three():
    tiny, pictures = Tiny(3, 1), torch.rand(5, 3, 16, 16)
    built = from_object(tiny).build(3, 2, (16, 16))
    assert torch.allclose(built(pictures).softmax(1)[:, 1:], tiny(pictures).sigmoid())
    session = onnxruntime.InferenceSession(to_onnx(built, Signature(("a", "b"), ("a", "b"), 16, 16)))
    answers = session.run(["probabilities"], {"pictures": np.zeros((3, 16, 16, 3), np.uint8)})[0]
    assert answers.shape == (3, 2)
    with pytest.raises(RecipeError) as error:
        from_object(tiny).build(3, 3, (16, 16))
    assert_says(error, "(2, 1)", "(2, 3)")


def test_what_is_neither_module_nor_function_is_refused():
    with pytest.raises(RecipeError) as error:
        from_object(17)
    assert_says(error, "int", "torch module")


def test_a_file_gives_its_function(tmp_path):
    (tmp_path / "net.py").write_text(
        "from torch import nn\ndef make(c, k, size):\n    return nn.Sequential(nn.Flatten(), nn.LazyLinear(k))\n"
    )
    with_its_warning = from_file(f"{tmp_path / 'net.py'}:make")
    assert with_its_warning.build(3, 2, (16, 16))(torch.rand(4, 3, 16, 16)).shape == (4, 2)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("x = 1", "none.py:make", ["none.py", "FILE.py:FUNCTION"]),
        ("def make(): ...", "net.py:mak", ["net.py", "mak", "make"]),
        ("import nothing_of_this_name", "net.py:make", ["net.py", "ModuleNotFoundError"]),
        ("def make(:", "net.py:make", ["net.py", "SyntaxError"]),
    ],
)
def test_a_file_that_does_not_do_is_told(tmp_path, text, name, words):
    (tmp_path / "net.py").write_text(text)
    with pytest.raises(RecipeError) as error:
        from_file(str(tmp_path / name))
    assert_says(error, *words)


def test_an_export_has_no_features_and_answers_alike():
    torch.manual_seed(0)
    signature, network = Signature(("a", "b"), ("a", "b"), 12, 12), Tiny().eval()
    session = onnxruntime.InferenceSession(to_onnx(network, signature))
    assert [one.name for one in session.get_outputs()] == ["probabilities", "logits"]
    pixels = np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = contract(network, signature)(torch.from_numpy(pixels))
    for found, wanted in zip(session.run(None, {"pictures": pixels}), expected, strict=True):
        assert np.allclose(found, wanted.numpy(), atol=1e-5)
