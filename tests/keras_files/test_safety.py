"""Every known hole of model readers, as a file made here: refused in a sentence, quickly, and nothing happens."""

import io
import json
import pickle
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from olhar.keras_files.read import heaps
from tests.keras_files.keras_crafting import conv, dense, h5, keras_members, layer, numbers, sequential, small
from tests.keras_files.read.test_content import refusal

DENSE = sequential((4,), dense("d", 2))
WEIGHTS = {"d": {"kernel": numbers(4, 2), "bias": numbers(2)}}
KERNEL = "model_weights/d/d/kernel:0"


def changed(path: Path, change) -> Path:
    """A good file with its kernel taken out and something else put in its place."""
    h5(path, DENSE, WEIGHTS)
    with h5py.File(path, "r+") as file:
        del file[KERNEL]
        change(file)
    return path


def external_link(path: Path) -> Path:
    h5(path.with_name("other.h5"), DENSE, WEIGHTS)
    return changed(path, lambda f: f.__setitem__(KERNEL, h5py.ExternalLink("other.h5", KERNEL)))


def soft_link(path: Path) -> Path:
    def change(file):
        file["elsewhere"] = numbers(4, 2)
        file[KERNEL] = h5py.SoftLink("/elsewhere")

    return changed(path, change)


def external_storage(path: Path) -> Path:
    secret = path.with_name("secret.bin")
    secret.write_bytes(numbers(4, 2).tobytes())
    return changed(path, lambda f: f.create_dataset(KERNEL, (4, 2), "<f4", external=[(str(secret), 0, 32)]))


def virtual_dataset(path: Path) -> Path:
    with h5py.File(path.with_name("other.h5"), "w") as other:
        other["a"] = numbers(4, 2)
    layout = h5py.VirtualLayout((4, 2), "<f4")
    layout[:] = h5py.VirtualSource(path.with_name("other.h5"), "a", (4, 2))
    return changed(path, lambda f: f.create_virtual_dataset(KERNEL, layout))


def shape_bomb(path: Path) -> Path:
    return changed(path, lambda f: f.create_dataset(KERNEL, (2**20, 2**20), "<f4"))


def packed_bomb(path: Path) -> Path:
    return changed(path, lambda f: f.create_dataset(KERNEL, (2**20, 2**20), "<f4", chunks=(64, 64), compression="gzip"))


def hard_link_circle(path: Path) -> Path:
    return changed(path, lambda f: f["model_weights/d"].__setitem__("again", f["model_weights"]))


def absurd_units(path: Path) -> Path:
    return h5(path, sequential((4,), dense("d", 3_000_000_000)), WEIGHTS)


def large_units(path: Path) -> Path:
    return h5(path, sequential((4,), dense("d", 2_000_000_000)), WEIGHTS)


def large_upsampling(path: Path) -> Path:
    up = layer("UpSampling2D", "u", size=[60000, 60000], data_format="channels_last")
    return h5(path, sequential((4, 4, 1), up), {"u": {}})


def large_padding(path: Path) -> Path:
    return h5(path, sequential((4, 4, 1), layer("ZeroPadding2D", "z", padding=2**30)), {"z": {}})


def large_repeat(path: Path) -> Path:
    return h5(path, sequential((4,), layer("RepeatVector", "r", n=2**30)), {"r": {}})


def large_input(path: Path) -> Path:
    return h5(path, sequential((2**20, 2**20, 3), layer("Flatten", "f")), {"f": {}})


def deep_config(path: Path) -> Path:
    text = '{"class_name": "Sequential", "config": ' + '{"a": ' * 6000 + "1" + "}" * 6000 + "}"
    return keras_members(path, text, small(path.with_name("s.h5")).read_bytes())


def deep_models(path: Path) -> Path:
    config = DENSE
    for i in range(25):
        config = sequential((4,), {**config, "config": {**config["config"], "name": f"s{i}"}})
    return h5(path, config, WEIGHTS)


def doubling_models(path: Path) -> Path:
    """Each model uses the one within it ten times: ten to the twelfth layers from a small file."""
    inner = sequential((4,), layer("Activation", "a", activation="linear"))
    for i in range(12):
        use = [["x", 0, 0, {}]]
        nested = {**inner, "name": "n", "inbound_nodes": [use] * 10}
        nested["config"] = {**inner["config"], "name": "n"}
        start = {**layer("InputLayer", "x", batch_input_shape=[None, 4]), "name": "x", "inbound_nodes": []}
        total = {**layer("Add", "t"), "name": "t", "inbound_nodes": [[["n", k, 0, {}] for k in range(10)]]}
        spec = {"name": f"m{i}", "layers": [start, nested, total], "input_layers": [["x", 0, 0]], "output_layers": [["t", 0, 0]]}
        inner = {"class_name": "Functional", "config": spec}
    return h5(path, inner, {"d": {}})


def long_config(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", b'{"class_name": "Sequential", "config": [' + b" " * 200_000_000 + b"]}")
        archive.writestr("model.weights.h5", small(path.with_name("s.h5")).read_bytes())
    return path


def many_marks(path: Path) -> Path:
    text = '{"class_name": "Sequential", "config": [' + ",".join(["[]"] * 1_300_000) + "]}"
    return keras_members(path, text, small(path.with_name("s.h5")).read_bytes())


def text_bomb(path: Path) -> Path:
    """Three thousand names that are all one text of a megabyte: three gigabytes from a small file."""
    h5(path, DENSE, WEIGHTS)
    with h5py.File(path, "r+", libver="latest") as file:
        file.attrs["keras_version"] = "2" * 2**20
        group = file["model_weights/d"]
        del group.attrs["weight_names"]
        group.attrs.create("weight_names", [f"name{i:06}" for i in range(3_000)], dtype=h5py.string_dtype())
    data = path.read_bytes()
    place = data.rfind(b"GCOL", 0, data.find(b"2" * 4096))
    long = (2**20).to_bytes(4, "little") + place.to_bytes(8, "little") + (1).to_bytes(4, "little")
    assert long in data
    start = data.rindex(b"weight_names\0")
    names, rest = data[start : start + 48_040], data[start + 48_040 :]
    names = re.sub(rb"\x0a\0\0\0.{6}\0\0.{2}\0\0", lambda _: long, names, flags=re.DOTALL)
    path.write_bytes(data[:start] + names + rest)
    return path


def stretched_text(path: Path) -> Path:
    """One name whose length says four gigabytes."""
    h5(path, DENSE, WEIGHTS)
    with h5py.File(path, "r+") as file:
        file["model_weights"].attrs.create("layer_names", ["d", "e" * 77], dtype=h5py.string_dtype())
    data = path.read_bytes()
    path.write_bytes(re.sub(rb"\x4d\0\0\0(?=.{8}[\x01-\xff]\0\0\0)", lambda _: b"\xff\xff\xff\xf0", data, flags=re.DOTALL))
    return path


def heap_in_circles(path: Path) -> Path:
    """A heap whose free space has no length: the HDF5 library would look for its end for ever."""
    h5(path, DENSE, WEIGHTS)
    data = bytearray(path.read_bytes())
    place = data.index(b"GCOL")
    free = next(item for item, index, _ in heaps._items(bytes(data), place, place + 4096) if not index)
    data[free + 8 : free + 16] = bytes(8)
    path.write_bytes(data)
    return path


def not_a_number(path: Path) -> Path:
    kernel = numbers(4, 2)
    kernel[2, 1] = np.nan
    return h5(path, DENSE, {"d": {"kernel": kernel, "bias": numbers(2)}})


def infinite(path: Path) -> Path:
    return h5(path, DENSE, {"d": {"kernel": numbers(4, 2) + np.inf, "bias": numbers(2)}})


def lookup(path: Path) -> Path:
    table = layer("StringLookup", "s", vocabulary="/etc/passwd")
    return h5(path, sequential((4,), table), {"s": {}})


def custom(path: Path) -> Path:
    return h5(path, sequential((4,), {**layer("os>system", "s"), "module": "os", "registered_name": "os>system"}), {"s": {}})


def climbing_member(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.txt", "x")
        archive.write(small(path.with_name("s.h5")), "keras_model.h5")
    return path


def absolute_member(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("/tmp/olhar_escaped.txt", "x")
        archive.write(small(path.with_name("s.h5")), "keras_model.h5")
    return path


def linked_member(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("keras_model.h5")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return path


def member_of_zeros(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("keras_model.h5", "w") as member:
        member.write(b"\x89HDF\r\n\x1a\n")
        for _ in range(200):
            member.write(b"\0" * 2**20)
    return path


def pickled_weights(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"w": 1}))
    return path


HOLES = {
    external_link: "keras.hdf5_link",
    soft_link: "keras.hdf5_link",
    external_storage: "keras.hdf5_elsewhere",
    virtual_dataset: "keras.hdf5_elsewhere",
    shape_bomb: "keras.hdf5_bomb",
    packed_bomb: "keras.hdf5_bomb",
    hard_link_circle: "keras.hdf5_twice",
    absurd_units: "keras.option",
    large_units: "keras.weight_shape",
    large_upsampling: "keras.too_large",
    large_padding: "keras.too_large",
    large_repeat: "keras.option",
    large_input: "keras.too_large",
    deep_config: "keras.config_deep",
    deep_models: "keras.config_deep",
    doubling_models: "keras.config_bomb",
    long_config: "keras.zip_bomb",
    many_marks: "keras.config_bomb",
    text_bomb: "keras.hdf5_bomb",
    stretched_text: "keras.hdf5_bomb",
    heap_in_circles: "keras.hdf5_damaged",
    not_a_number: "keras.weight_nan",
    infinite: "keras.weight_nan",
    lookup: "keras.lookup",
    custom: "keras.unknown_layer",
    climbing_member: "keras.zip_climbs",
    absolute_member: "keras.zip_climbs",
    linked_member: "keras.zip_link",
    member_of_zeros: "keras.zip_bomb",
    pickled_weights: "keras.pickle",
}


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.__name__)
def test_a_hole_is_shut(tmp_path, hole):
    path = hole(tmp_path / "m.h5")
    before = {each.name for each in tmp_path.rglob("*")}
    start = time.process_time()
    assert refusal(path) == HOLES[hole]
    assert time.process_time() - start < 2
    assert {each.name for each in tmp_path.rglob("*")} == before


def _lambda_code(marker: Path) -> list[object]:
    """A function as Keras 2 saves one, that writes a file when it is run."""
    import base64
    import marshal

    code = compile(f"lambda x: open({str(marker)!r}, 'w').write('run') and x", "m", "eval").co_consts[0]
    return [base64.b64encode(marshal.dumps(code)).decode(), None, None]


@pytest.mark.parametrize("archive", [False, True])
def test_code_in_a_lambda_is_not_run(tmp_path, archive):
    marker = tmp_path / "marker"
    config = sequential((4,), layer("Lambda", "evil", function=_lambda_code(marker), function_type="lambda"), dense("d", 2))
    path = tmp_path / "m.h5"
    if archive:
        body = layer("Lambda", "evil", function={"class_name": "__lambda__", "config": {"code": _lambda_code(marker)[0]}})
        keras_members(path, sequential((4,), body), h5(tmp_path / "w.h5", DENSE, WEIGHTS).read_bytes())
    else:
        h5(path, config, WEIGHTS)
    with pytest.raises(ModelError, match="evil") as caught:
        open_keras(path)
    assert caught.value.key == "keras.lambda"
    assert not marker.exists()


@pytest.mark.parametrize(
    "formula",
    [
        *(
            "__import__('os').system('touch marker')",
            "x.__class__",
            "x**9",
            "(lambda: x)()",
            "[x]",
            "x if x else x",
            "9",
            "",
            "x/0",
        ),
        *("x+" * 300 + "x", "(" * 190 + "x" + ")" * 9, "1e999*x", "x+10**10", "y", "True*x", "x//2", "f(x)", "x\n+1;x", "'x'"),
    ],
)
def test_a_formula_is_arithmetic_and_nothing_else(tmp_path, formula, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = h5(tmp_path / "m.h5", sequential((4,), layer("Lambda", "code")), {"code": {}})
    with pytest.raises(ModelError, match="code"):
        open_keras(path, lambdas={"code": formula})
    assert not (tmp_path / "marker").exists()


def test_a_pickle_is_not_loaded(tmp_path):
    marker = tmp_path / "marker"

    class Evil:
        def __reduce__(self):
            return Path.touch, (marker,)

    (tmp_path / "m.pt").write_bytes(pickle.dumps(Evil()))
    assert refusal(tmp_path / "m.pt") == "keras.pickle"
    assert not marker.exists()


def test_a_lookup_does_not_open_its_file(tmp_path):
    opened = []
    path = lookup(tmp_path / "m.h5")
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
    assert refusal(path) == "keras.lookup"
    assert "/etc/passwd" not in opened


def test_foreign_code_in_an_unusual_class_is_not_imported(tmp_path):
    (tmp_path / "evilmodule.py").write_text("raise SystemExit('imported')")
    entry = {**layer("Evil", "e"), "module": "evilmodule", "registered_name": "evilmodule>Evil"}
    assert refusal(h5(tmp_path / "m.h5", sequential((4,), entry), {"e": {}})) == "keras.unknown_layer"
    assert "evilmodule" not in sys.modules


def test_refusals_are_small(tmp_path):
    """All of them in one fresh process: at most 100 MB above what it held before."""
    files = []
    for hole in HOLES:
        folder = tmp_path / hole.__name__
        folder.mkdir()
        files.append(str(hole(folder / "m.h5")))
    program = (
        "import json, resource, sys\n"
        "from olhar.keras_files.model import open_keras\n"
        "from olhar.base.errors import ModelError\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "before, grown = peak(), {}\n"
        "for file in json.loads(sys.argv[1]):\n"
        "    try:\n        open_keras(file)\n"
        "    except ModelError:\n        grown[file] = peak() - before\n"
        "print(json.dumps(grown))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, json.dumps(files)], capture_output=True, text=True, check=True)
    grown = json.loads(done.stdout)
    assert len(grown) == len(HOLES)
    assert max(grown.values()) < 100, max(grown, key=grown.get)


def test_attributes_that_are_cut_into_pieces_are_joined(tmp_path):
    config = sequential((6, 6, 1), conv("a", 2, (3, 3)), conv("b", 2, (3, 3)), layer("Flatten", "f"))
    arrays = {name: {"kernel": numbers(3, 3, n, 2), "bias": numbers(2)} for name, n in (("a", 1), ("b", 2))}
    path = h5(tmp_path / "m.h5", config, arrays)
    with h5py.File(path, "r+") as file:
        group = file["model_weights"]
        names = group.attrs["layer_names"]
        del group.attrs["layer_names"]
        for i, name in enumerate(names):
            group.attrs[f"layer_names{i}"] = [name]
    assert open_keras(path).predict(numbers(1, 6, 6, 1)).shape == (1, 8)


def test_a_file_in_memory_only_is_enough(tmp_path):
    """Nothing is read but the file itself: it may vanish as soon as it is open."""
    path = small(tmp_path / "m.h5")
    model = open_keras(path)
    path.unlink()
    assert model.predict(numbers(1, 6, 5, 3)).shape == (1, 3)
    assert io.BytesIO(model.onnx().SerializeToString()).getbuffer().nbytes > 100
