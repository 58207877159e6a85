"""A model that shrinks pictures itself sees, bit for bit, what Olhar would have given it."""

import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from olhar.base import runtime
from olhar.base.images import decode, to_pixels
from olhar.base.signature import FITS, Signature
from olhar.exports.any_size import with_any_size

SIZES = [((24, 24), 3), ((31, 17), 3), ((16, 16), 1)]


def eye(size, channels, fit):
    """A session that gives back what the network would have been given."""
    picture = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["N", *size, channels])
    seen = helper.make_tensor_value_info("seen", TensorProto.UINT8, ["N", *size, channels])
    graph = helper.make_graph([helper.make_node("Identity", ["pictures"], ["seen"])], "eye", [picture], [seen])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    plain = (0.0,) * channels, (1.0,) * channels
    return runtime.session(with_any_size(model.SerializeToString(), Signature(("a",), ("a",), *size, channels, fit, *plain)))


@pytest.fixture(scope="module")
def eyes():
    return {(size, channels, fit): eye(size, channels, fit) for size, channels in SIZES for fit in FITS}


def seen(session, picture):
    return session.run(None, {"pictures": picture[np.newaxis]})[0][0]


@given(
    height=st.integers(1, 150),
    width=st.integers(1, 150),
    seed=st.integers(0, 9),
    fit=st.sampled_from(FITS),
    shape=st.sampled_from(SIZES),
)
@settings(max_examples=120, deadline=None)
def test_any_picture_is_shrunk_or_widened_by_the_rule(eyes, height, width, seed, fit, shape):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    if height > 100 * width:
        return  # told in the docs: such a tower goes along its columns first elsewhere
    assert np.array_equal(seen(eyes[*shape, fit], picture), to_pixels(picture, *shape, fit))


def test_a_gray_model_takes_gray_pictures_too(eyes):
    picture = np.random.default_rng(1).integers(0, 256, (50, 70, 1), dtype=np.uint8)
    assert np.array_equal(seen(eyes[(16, 16), 1, "pad"], picture), to_pixels(picture, (16, 16), 1, "pad"))


@pytest.mark.parametrize("fit", FITS)
def test_photographs_are_seen_as_olhar_sees_them(real_data, fit):
    with zipfile.ZipFile(real_data("cats-dogs.zip")) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".jpg")]
        photographs = [np.asarray(decode(archive.read(name)).convert("RGB")) for name in names[::34]]
    assert len(photographs) >= 40
    session = eye((224, 224), 3, fit)
    equal = [np.array_equal(seen(session, photograph), to_pixels(photograph, (224, 224), 3, fit)) for photograph in photographs]
    assert all(equal)
