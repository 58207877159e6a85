from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import olhar
from olhar.base.errors import ModelError, UsageError
from olhar.bundle.writer import with_signature
from tests.bundle.heat_models import CLASSES, ENDS, SIDE, corners, eye, share_in_corner
from tests.conftest import COLOURS, assert_says, noisy

EXACT = tuple(end for end in ENDS if end != "flattened")


def said(model: olhar.Predictor, picture: np.ndarray, end: str) -> np.ndarray:
    """What speaks for each class: its logit less the mean logit; where labels are independent, the logit."""
    shares = model(picture).probabilities.astype(np.float64)
    if end == "labels":
        return np.log(shares / (1 - shares))
    return np.log(shares) - np.log(shares).mean()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", ["activation", "occlusion"])
def test_the_heat_of_a_colour_lies_where_that_colour_is(end, method):
    if (end, method) in (("flattened", "activation"), ("maximum", "occlusion")):
        pytest.skip("it has no exact shares, or what is left of a square is as red as the whole of it")
    model = eye(end)
    for channel, key in enumerate(model.classes):
        found = olhar.heat_map(model, corners(), key, method=method)
        assert (found.of, found.method) == (key, method)
        assert share_in_corner(found.heat, channel) > 0.6


@pytest.mark.parametrize("end", EXACT)
@given(seed=some.integers(0, 10_000))
def test_shares_of_all_places_add_up_to_what_the_model_says(end, seed):
    model, rng = eye(end, seed, noise=0.3), np.random.default_rng(seed)
    one, other = rng.integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)
    for key in model.classes:
        k = model.classes.index(key)
        rest = [said(model, picture, end)[k] - olhar.heat_map(model, picture, key).values.mean() for picture in (one, other)]
        assert rest[0] == pytest.approx(rest[1], abs=2e-3)  # the bias of the last layer, whatever the picture


@pytest.mark.parametrize("end", ENDS)
def test_where_shares_are_exact_they_are_taken_and_elsewhere_parts_are_covered(end):
    assert olhar.heat_map(eye(end), corners()).method == ("activation" if end in EXACT else "occlusion")


@pytest.mark.parametrize("name", ["separable", "resnet", "quick"])
def test_olhars_own_networks_that_pool_all_places_give_exact_shares(name):
    from olhar.models.to_onnx import to_onnx
    from olhar.models.zoo import build

    signature = olhar.Signature(CLASSES, CLASSES, 32, 32, 3)
    model = olhar.Predictor.from_bytes(with_signature(to_onnx(build(name, 3, 3, (32, 32)), signature), signature), name)
    assert olhar.heat_map(model, noisy(COLOURS["green"], 3, 32), method="activation").values.shape == (32, 32)


def test_a_map_is_as_large_as_the_models_pictures_and_of_the_likeliest_class():
    model, picture = eye("plain"), noisy(COLOURS["green"], 3, 40)
    found = olhar.heat_map(model, picture)
    assert (found.of, found.name) == ("green", "Green")
    assert (found.values.shape, found.values.dtype) == ((SIDE, SIDE), np.float32)
    assert (found.heat.min() >= 0, found.heat.max()) == (True, pytest.approx(1))
    assert (found.over().shape, found.over().dtype) == ((SIDE, SIDE, 3), np.uint8)
    assert olhar.heat_map(model, picture, "Green").of == "green"


def test_a_picture_with_nothing_for_a_class_has_no_heat():
    nothing = olhar.heat_map(eye("plain"), np.zeros((SIDE, SIDE, 3), np.uint8), "blue")
    assert np.isfinite(nothing.heat).all()
    assert not nothing.heat.any()


def test_a_notebook_shows_the_picture_and_the_map():
    found = olhar.heat_map(eye("plain"), corners(), "red")
    assert "<b>" not in replace(found, name="<b>")._repr_html_()
    shown = found._repr_html_()
    assert shown.count("<img") == 2
    assert "“Red”" in shown


def test_the_file_stays_as_it_is_and_is_asked_for_again(run):
    before = (run.path / "model.onnx").read_bytes()
    found = olhar.heat_map(run.path, noisy(COLOURS["red"], 5))
    assert (found.method, found.of) == ("occlusion", "red")
    assert (run.path / "model.onnx").read_bytes() == before


def test_a_model_that_has_gone_is_named(bundle_file: Path):
    model = olhar.load(bundle_file)
    bundle_file.unlink()
    with pytest.raises(ModelError) as error:
        olhar.heat_map(model, corners())
    assert_says(error, "plain.onnx")


@pytest.fixture
def bundle_file(tmp_path) -> Path:
    path = tmp_path / "plain.onnx"
    path.write_bytes(eye("plain").serialised())
    return path


def test_a_class_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UsageError) as error:
        olhar.heat_map(eye("plain"), corners(), "purple")
    assert_says(error, "plain.onnx", "purple", *(key.title() for key in CLASSES))


def test_exact_shares_are_refused_where_there_are_none():
    with pytest.raises(ModelError) as error:
        olhar.heat_map(eye("flattened"), corners(), method="activation")
    assert_says(error, "flattened.onnx", "method")
