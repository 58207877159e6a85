import json

import numpy as np
import onnx
import pytest

import olhar
from olhar.base.errors import ModelError
from olhar.bodies.onnx_file import bundle_signature
from olhar.bundle.checksum import CHECKSUM_KEY, refuse_changed
from olhar.bundle.predictor import METADATA_KEY, Predictor
from olhar.bundle.writer import with_signature
from tests.bundle.conftest import SIGNATURE, colour_model
from tests.conftest import assert_says

BLACK = np.zeros((8, 8, 3), np.uint8)


def without_checksum(model: bytes, **changes: object) -> bytes:
    """A bundle as the first versions wrote it, with changes to its signature."""
    proto = onnx.load_from_string(model)
    del proto.metadata_props[:]
    contract = json.loads(SIGNATURE.to_json()) | changes
    proto.metadata_props.add(key=METADATA_KEY, value=json.dumps(contract))
    return proto.SerializeToString()


def test_any_bit_that_flips_is_noticed():
    bundle = with_signature(colour_model(), SIGNATURE)
    for place in range(len(bundle)):
        for bit in range(8):
            changed = bytearray(bundle)
            changed[place] ^= 1 << bit
            with pytest.raises(ModelError):
                refuse_changed(bytes(changed), "model.onnx")


def test_a_bundle_that_is_cut_or_lengthened_is_noticed():
    bundle = with_signature(colour_model(), SIGNATURE)
    for changed in (bundle[:-1], bundle[: len(bundle) // 2], bundle + b"\0", bundle[:100] + bundle[101:]):
        with pytest.raises(ModelError):
            Predictor.from_bytes(changed, "model.onnx")


@pytest.mark.parametrize("reader", [olhar.load, olhar.inspect, bundle_signature])
def test_whoever_reads_a_bundle_notices(bundle, reader):
    data = bytearray(bundle.read_bytes())
    data[data.rindex(b"gain") + 8] ^= 1
    bundle.write_bytes(data)
    with pytest.raises(ModelError) as error:
        reader(bundle)
    assert_says(error, "colours.onnx", "changed since it was written")
    assert error.value.key == "bundle.changed"


def test_the_checksum_stands_in_the_metadata_and_the_same_model_has_the_same():
    files = [with_signature(colour_model(), SIGNATURE) for _ in range(2)]
    kept = {entry.key: entry.value for entry in onnx.load_from_string(files[0]).metadata_props}
    assert len(kept[CHECKSUM_KEY]) == 64
    assert int(kept[CHECKSUM_KEY], 16)
    assert files[0] == files[1]


def test_a_bundle_of_an_earlier_version_answers_and_inspect_says_that_it_has_none(tmp_path, bundle):
    old = tmp_path / "old.onnx"
    old.write_bytes(without_checksum(colour_model()))
    assert olhar.load(old)(BLACK).label in SIGNATURE.classes
    assert [notice.key for notice in olhar.inspect(old).notices] == ["bundle.no_checksum"]
    assert not olhar.inspect(bundle).notices


@pytest.mark.parametrize("name", [["a"], {"a": 1}, None, 3, True])
@pytest.mark.parametrize("field", ["classes", "names"])
def test_what_is_no_name_of_a_class_is_refused_also_without_a_checksum(name, field):
    with pytest.raises(ModelError) as error:
        Predictor.from_bytes(without_checksum(colour_model(), **{field: [name, "b", "c"]}), "model.onnx")
    assert_says(error, "model.onnx")


def test_a_graph_that_cannot_be_computed_is_an_error_that_names_the_file():
    proto = onnx.load_from_string(without_checksum(colour_model()))
    axes = next(array for array in proto.graph.initializer if array.name == "axes")
    axes.raw_data = np.array([1, 7]).tobytes()
    del proto.graph.output[1:]
    with pytest.raises(ModelError) as error:
        Predictor.from_bytes(proto.SerializeToString(), "model.onnx")(BLACK)
    assert_says(error, "model.onnx")


def test_what_onnx_runtime_raises_as_it_computes_is_an_error_that_names_the_file(eye):
    with pytest.raises(ModelError) as error:
        eye.outputs(BLACK[None], "no such output")
    assert_says(error, "colours.onnx", "ONNX Runtime")


def test_fewer_classes_than_answers_are_an_error_that_names_the_file():
    eye = Predictor.from_bytes(without_checksum(colour_model(), classes=["a", "b"], names=["a", "b"]), "model.onnx")
    with pytest.raises(ModelError) as error:
        eye(BLACK)
    assert_says(error, "model.onnx", "2")
