import numpy as np
import pytest
import torch

import olhar
from olhar.base import runtime
from olhar.base.errors import RecipeError
from olhar.base.images import to_pixels
from olhar.bodies import opened, weights
from olhar.bodies.features import feature_network
from olhar.bodies.opened import NAMES, published_body
from olhar.bodies.published import PUBLISHED
from olhar.bodies.weights import read_body_weights
from tests.conftest import assert_says
from tests.scenes import KINDS, scene


def reference(name, pixels):
    """Pooled features of the publisher's own code, in float64."""
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name(f"efficientnet-{name}").double().eval()
    network.load_state_dict({key: torch.from_numpy(value) for key, value in read_body_weights(PUBLISHED[name]).items()})
    scaled = torch.from_numpy((pixels.astype(np.float64) - 127) / 128).permute(0, 3, 1, 2)
    with torch.no_grad():
        parts = [network.extract_features(scaled[i : i + 8]).mean((2, 3)) for i in range(0, len(scaled), 8)]
    return torch.cat(parts).numpy()


def ours(name, pixels):
    body = published_body(name)
    session = runtime.session(feature_network(body, 3))
    parts = [session.run(["pooled"], {"pictures": pixels[i : i + 8]})[0] for i in range(0, len(pixels), 8)]
    return np.concatenate(parts)


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_says_what_the_publisher_s_own_code_says(name):
    side = PUBLISHED[name].side
    pixels = np.stack([to_pixels(scene(kind, seed), (side, side), 3, "stretch") for seed, kind in enumerate(KINDS)])
    expected = reference(name, pixels)
    assert np.abs(ours(name, pixels) - expected).max() <= 1e-5 * expected.max()


def test_it_says_so_of_200_photographs(real_data):
    photographs = olhar.read(real_data("cats-dogs.zip"))
    rows = np.linspace(0, len(photographs) - 1, 200).astype(int).tolist()
    pixels = np.stack([to_pixels(photographs.read(row), (224, 224), 3, "stretch") for row in rows])
    expected = reference("lite0", pixels)
    assert np.abs(ours("lite0", pixels) - expected).max() <= 1e-5 * expected.max()


def test_it_is_built_once_and_kept_and_what_is_not_whole_is_built_anew(monkeypatch, tmp_path):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path))
    first = published_body("lite0")
    (kept,) = (tmp_path / "bodies").glob("*.onnx")
    monkeypatch.setattr(weights, "read_body_weights", lambda _: pytest.fail("built again"))
    assert published_body("lite0") == first
    monkeypatch.undo()
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path))
    kept.write_bytes(kept.read_bytes()[:-1])
    assert published_body("lite0") == first
    assert kept.read_bytes() == first.network


def test_what_another_version_has_kept_in_another_form_is_not_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path))
    monkeypatch.setattr(opened, "network_of", lambda _: b"as it was once")
    published_body_of_old = opened._built(PUBLISHED["lite0"], 224, "lite0-224")
    assert opened._kept("lite0-224") == published_body_of_old
    monkeypatch.setattr(opened, "_FORM", opened._FORM + 1)
    assert opened._kept("lite0-224") is None


def test_a_cache_that_cannot_be_written_is_no_fault(monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "file"))
    assert tuple(published_body("lite0").blocks) == NAMES


def test_sides_in_steps_of_32_are_taken_and_others_told():
    assert published_body("lite0", 96).height == 96
    with pytest.raises(RecipeError) as error:
        published_body("lite0", 100)
    assert_says(error, "lite0", "32", "224", "--size 100")
