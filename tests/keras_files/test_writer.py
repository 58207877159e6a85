"""Fine-tuned weights go back into a copy of the file that they came from, in the form in which it keeps them."""

import zipfile

import numpy as np
import pytest
import torch

from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from olhar.keras_files.writer import write_back
from tests.keras_files.keras_crafting import conv, dense, h5, keras_zip, layer, numbers, sequential, small, tfjs
from tests.keras_files.layers.test_layers import _keras_1

CONFIG = sequential((5, 6, 3), conv("c", 4, (3, 3)), layer("GlobalMaxPooling2D", "g"), dense("d", 2, "softmax"))
ARRAYS = {"conv2d/vars/0": (3, 3, 3, 4), "conv2d/vars/1": (4,), "dense/vars/0": (4, 2), "dense/vars/1": (2,)}


def theano(path):
    arrays = {
        "convolution2d_1": {"convolution2d_1_W": numbers(3, 2, 3, 2), "convolution2d_1_b": numbers(3)},
        "dropout_1": {},
        "flatten_1": {},
        "dense_1": {"dense_1_W": numbers(27, 2), "dense_1_b": numbers(2)},
    }
    return h5(path, _keras_1(), arrays, "1.2.0", "theano", "")


def windows(path):
    return keras_zip(path, CONFIG, {f"layers/{k}": numbers(*v) for k, v in ARRAYS.items()}, windows=True)


def slopes(path):
    config = sequential((4, 5, 3), conv("c", 2, (1, 1), use_bias=False), layer("PReLU", "p", shared_axes=None))
    return h5(path, config, {"c": {"kernel": numbers(1, 1, 3, 2)}, "p": {"alpha": numbers(4, 5, 2)}})


@pytest.mark.parametrize("make", [small, theano, windows, slopes], ids=lambda make: make.__name__)
def test_changed_weights_are_found_again(tmp_path, make):
    source, target = make(tmp_path / "old"), tmp_path / "new"
    data, model = source.read_bytes(), open_keras(source)
    with torch.no_grad():
        for parameter in model.module.parameters():
            parameter.mul_(0.7).add_(0.01)
    x = numbers(3, *model.input_shape[1:])
    write_back(source, target, model.module.weights())
    expected = model.module.eval()(torch.from_numpy(x)).detach().numpy()
    assert np.abs(model.predict(x) - expected).max() > 1e-6
    np.testing.assert_allclose(open_keras(target).predict(x), expected, atol=1e-5)
    assert source.read_bytes() == data


def test_unchanged_weights_give_the_same_file(tmp_path):
    for make in (small, theano, slopes):
        source = make(tmp_path / "old")
        write_back(source, tmp_path / "new", open_keras(source).module.weights())
        assert source.read_bytes() == (tmp_path / "new").read_bytes()


def test_the_rest_of_an_archive_stays(tmp_path):
    source = windows(tmp_path / "old")
    write_back(source, source, open_keras(source).module.weights())
    with zipfile.ZipFile(source) as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]


def test_what_cannot_be_written_says_so(tmp_path):
    source = small(tmp_path / "m.h5")
    weights = open_keras(source).module.weights()
    with pytest.raises(ModelError, match=r"m\.h5.*nowhere"):
        write_back(source, tmp_path / "m2.h5", {"nowhere/kernel": numbers(2)})
    with pytest.raises(ModelError, match=r"m\.h5.*new\.h5"):
        write_back(source, tmp_path / "missing" / "new.h5", weights)
    folder = tfjs(tmp_path / "web", sequential((3,), layer("Flatten", "f")), {})
    with pytest.raises(ModelError, match=r"model\.json"):
        write_back(folder / "model.json", tmp_path / "x", {})
    assert not (tmp_path / "m2.h5").exists()
