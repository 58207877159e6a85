import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from olhar.base.errors import RecipeError
from olhar.base.signature import Signature
from olhar.models.classifier import Classifier, Residual
from olhar.models.network_shape import STACKED, NetworkShape, parse_widths
from olhar.models.quick import Whitening
from olhar.models.to_onnx import OUTPUTS, contract, to_onnx
from olhar.models.zoo import MODELS, build, multiply_adds
from tests.conftest import assert_says


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(8, 8), (9, 13), (28, 28), (33, 33), (64, 48), (100, 100)])
def test_every_network_takes_any_picture_from_eight_pixels_up(name, channels, size):
    network = build(name, channels, 5, size).eval()
    with torch.no_grad():
        assert network(torch.zeros(2, channels, *size)).shape == (2, 5)


@pytest.mark.parametrize("name", MODELS)
def test_a_wider_network_has_more_parameters(name):
    narrow, wide = (
        sum(p.numel() for p in build(name, 3, 5, (16, 16), NetworkShape(width=width)).parameters()) for width in (8, 16)
    )
    assert narrow < wide


@pytest.mark.parametrize("name", MODELS)
def test_stages_depth_and_dense_layers_are_what_was_asked_for(name):
    shape = NetworkShape(stages=(8, 12), depth=3, dense=(20, 10), dropout=0.5)
    network = build(name, 3, 5, (16, 16), shape)
    assert [layer.out_features for layer in network.modules() if isinstance(layer, nn.Linear)] == [20, 10, 5]
    deep, shallow = (
        sum(
            isinstance(layer, nn.Conv2d)
            for layer in build(name, 3, 5, (16, 16), NetworkShape(stages=(8, 12), depth=depth)).modules()
        )
        for depth in (3, 1)
    )
    assert deep > shallow
    assert sum(isinstance(layer, nn.Dropout) and layer.p == 0.5 for layer in network.modules()) == 2


def test_the_documents_networks_can_be_written_down():
    emotions = build(
        "cnn", 3, 7, (48, 48), NetworkShape(stages=(32, 64, 128, 256), depth=2, dense=(64, 64), dropout=0.2, stage_dropout=0.1)
    )
    shapes = [tuple(layer.weight.shape) for layer in emotions.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert [shape[0] for shape in shapes] == [32, 32, 64, 64, 128, 128, 256, 256, 64, 64, 7]
    assert shapes[8] == (64, 256 * 3 * 3)
    assert [layer.p for layer in emotions.modules() if isinstance(layer, nn.Dropout)] == [0.1] * 4 + [0.2] * 2
    cifar = build("cnn", 3, 10, (32, 32), NetworkShape(stages=(32, 32, 128, 256), dense=(1024,), dropout=0.2, norm="stage"))
    kinds = [type(layer).__name__ for layer in cifar.body.modules() if not list(layer.children())]
    stage = ["Conv2d", "ReLU", "MaxPool2d", "BatchNorm2d"]
    assert kinds == stage * 4 + ["AvgPool2d", "Flatten", "Linear", "ReLU"]
    assert next(layer for layer in cifar.modules() if isinstance(layer, nn.Linear)).weight.shape == (1024, 256 * 2 * 2)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("size", [(8, 8), (16, 16)])
def test_a_last_batch_of_one_picture_teaches_too(name, size):
    shape = NetworkShape(norm="stage") if name in STACKED else NetworkShape()
    assert build(name, 1, 2, size, shape).train()(torch.rand(1, 1, *size)).isfinite().all()


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("resnet", NetworkShape(norm="off"), ["norm off", "resnet", "cnn, vgg"]),
        ("quick", NetworkShape(stage_dropout=0.2), ["stage_dropout 0.2", "quick"]),
        ("cnn", NetworkShape(width=8, stages=(8, 9)), ["8,9", "width 8"]),
    ],
)
def test_a_shape_that_a_network_has_no_use_for_is_refused(name, shape, words):
    with pytest.raises(RecipeError) as error:
        build(name, 3, 2, (16, 16), shape)
    assert_says(error, *words)


def test_widths_are_read_as_people_write_them():
    for text in ("32,64, 128", "32-64-128", "32 64 128"):
        assert parse_widths("stages", text) == (32, 64, 128)
    assert parse_widths("dense", "none") == parse_widths("dense", " ") == ()
    for wrong in ("32,,64", "0", "a", "32;64", "99999", "-3", ",".join("8" * 13)):
        with pytest.raises(RecipeError) as error:
            parse_widths("stages", wrong)
        assert_says(error, "stages", wrong, "32,64,128")


@pytest.mark.parametrize(("channels", "size"), [(3, 32), (1, 28), (3, 96), (3, 224)])
def test_the_first_layer_of_quick_whitens_the_pictures_that_it_has_looked_at(channels, size):
    torch.manual_seed(0)
    ways = torch.linspace(0, 6, size)
    waves = torch.sin(ways[:, None] + 2 * ways + torch.rand(32, channels, 1, 1) * 6) + 0.3 * torch.randn(32, channels, size, size)
    network = build("quick", channels, 4, (size, size))
    network.initialise(waves)
    first = next(layer for layer in network.modules() if isinstance(layer, Whitening))
    found = first(waves)[:, : len(first.filters) // 2].permute(1, 0, 2, 3).flatten(1)
    assert torch.allclose(found.pow(2).mean(1), torch.ones(len(found)), atol=0.2)
    assert not any(name.endswith("filters") for name, _ in network.named_parameters())


def test_deep_groups_of_quick_have_a_way_past_their_later_convolutions():
    torch.manual_seed(0)
    network = build("quick", 3, 2, (16, 16), NetworkShape(width=8, depth=4)).eval()
    pictures = torch.rand(2, 3, 16, 16)
    past = [layer.branch for layer in network.modules() if isinstance(layer, Residual)]
    with torch.no_grad():
        for number in (p for branch in past for p in branch.parameters()):
            number.zero_()
        one, other = network.features(pictures)
    assert len(past) == 3
    assert not torch.allclose(one, other)


def test_a_name_that_is_not_there_names_the_nearest():
    with pytest.raises(RecipeError) as error:
        build("resnett", 3, 2, (32, 32))
    assert_says(error, "resnett", "Did you mean resnet", "cnn")


def test_pictures_that_are_too_small_are_refused():
    with pytest.raises(RecipeError) as error:
        build("cnn", 3, 2, (7, 7))
    assert_says(error, "7")


def test_multiply_adds_are_counted_by_hand():
    network = build("cnn", 3, 10, (8, 8), NetworkShape(width=4))
    stages = 64 * 9 * 3 * 4 + 16 * 9 * 4 * 8 + 4 * 9 * 8 * 16
    assert multiply_adds(network, (1, 3, 8, 8)) == stages + 16 * 128 + 128 * 10


@pytest.mark.parametrize(("name", "depth"), [*((name, 0) for name in MODELS), ("quick", 3)])
def test_an_export_answers_as_the_network_does_for_any_number_of_pictures(name, depth):
    torch.manual_seed(0)
    signature = Signature(("a", "b"), ("a", "b"), 12, 16, 3, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4))
    network = build(name, 3, 2, (12, 16), NetworkShape(width=8, depth=depth)).eval()
    session = onnxruntime.InferenceSession(to_onnx(network, signature))
    for n in (1, 5):
        pixels = np.random.default_rng(n).integers(0, 256, (n, 12, 16, 3), dtype=np.uint8)
        with torch.no_grad():
            expected = contract(network, signature)(torch.from_numpy(pixels))
            scaled = (
                torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - torch.tensor(signature.mean).view(1, 3, 1, 1)
            ) / torch.tensor(signature.std).view(1, 3, 1, 1)
            assert torch.allclose(network(scaled), expected[1], atol=1e-5)
        for found, wanted in zip(session.run(list(OUTPUTS), {"pictures": pixels}), expected, strict=True):
            assert np.allclose(found, wanted.numpy(), atol=1e-5)


@pytest.mark.parametrize("known", [True, False])
def test_torchs_slow_exporter_is_asked_only_for_what_the_graph_has_no_word_for(known, monkeypatch):
    signature, asked = Signature(("a", "b"), ("a", "b"), 8, 8), list[bool]()
    by_torch = torch.onnx.export
    monkeypatch.setattr(torch.onnx, "export", lambda *args, **options: asked.append(True) or by_torch(*args, **options))
    body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU() if known else nn.Softsign(), nn.AdaptiveMaxPool2d(1))
    network = Classifier(body, 4, 2, 0.5)
    session = onnxruntime.InferenceSession(to_onnx(network, signature))
    pixels = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = contract(network, signature)(torch.from_numpy(pixels))
    assert len(asked) == (not known)
    assert np.allclose(session.run(["logits"], {"pictures": pixels})[0], expected[1].numpy(), atol=1e-5)
