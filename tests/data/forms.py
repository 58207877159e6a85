"""The same 36 pictures in every form that Olhar reads: three classes of twelve, eight to learn from and four to judge."""

import gzip
import io
import json
import pickle
import struct
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from tests.conftest import COLOURS, encoded, noisy
from tests.data.formats import tfrecord_makers

CLASSES = tuple(COLOURS)
SIDE = 32
TAUGHT = 8
FER_PARTS = {"train": "Training", "test": "PrivateTest"}

Rows = list[tuple[str, str, np.ndarray]]


@cache
def rows() -> Rows:
    """Part, class and pixels (32, 32, 3) of each picture, in no order of classes."""
    return [
        ("train" if i < TAUGHT else "test", name, noisy(colour, 100 * number + i, SIDE))
        for i in range(12)
        for number, (name, colour) in enumerate(COLOURS.items())
    ]


def grays() -> Rows:
    return [(part, name, pixels[..., number]) for part, name, pixels in rows() for number in [CLASSES.index(name)]]


def text(pixels: np.ndarray) -> str:
    return " ".join(map(str, pixels.reshape(-1).tolist()))


def as_folders(root: Path) -> Path:
    for i, (part, name, pixels) in enumerate(rows()):
        (root / part / name).mkdir(parents=True, exist_ok=True)
        (root / part / name / f"{i:02}.png").write_bytes(encoded(pixels))
    return root


def as_csv(root: Path, separator: str = ",") -> Path:
    (root / "pictures").mkdir(parents=True)
    lines = [separator.join(("Arquivo", "Rótulo", "conjunto", "paciente"))]
    for i, (part, name, pixels) in enumerate(rows()):
        (root / "pictures" / f"{i:02}.png").write_bytes(encoded(pixels))
        lines.append(
            separator.join((f"pictures\\{i:02}.png", f'"{name}"', {"train": "treino", "test": "teste"}[part], f"p{i // 2}"))
        )
    (root / "labels.csv").write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return root


def as_semicolons(root: Path) -> Path:
    return as_csv(root, ";")


def as_fer2013(root: Path) -> Path:
    root.mkdir()
    lines = [f"{name},{FER_PARTS[part]},{text(pixels)}" for part, name, pixels in rows()]
    (root / "icml_face_data.csv").write_text("\n".join(["emotion, Usage, pixels", *lines]))
    return root


def as_json_lines(root: Path) -> Path:
    root.mkdir()
    lines = [{"label": name, "pixels": text(pixels), "conjunto": part} for part, name, pixels in rows()]
    (root / "dados.json").write_text("\n".join(map(json.dumps, lines)))
    return root


def as_json_array(root: Path) -> Path:
    root.mkdir()
    lines = [{"label": name, "pixels": pixels.tolist(), "set": part} for part, name, pixels in rows()]
    (root / "dados.json").write_text(json.dumps(lines, indent=1))
    return root


def as_flat_lists(root: Path) -> Path:
    root.mkdir()
    lines = [{"label": name, "pixels": (pixels.reshape(-1) / 255).tolist(), "split": part} for part, name, pixels in rows()]
    (root / "data.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return root


def as_hugging_face(root: Path) -> Path:
    (root / "data").mkdir(parents=True)
    told = {"info": {"features": {"label": {"names": list(CLASSES), "_type": "ClassLabel"}, "image": {"_type": "Image"}}}}
    for part in ("train", "test"):
        mine = [(name, pixels) for where, name, pixels in rows() if where == part]
        frame = pl.DataFrame(
            {
                "image": [{"bytes": encoded(pixels), "path": f"{i}.png"} for i, (_, pixels) in enumerate(mine)],
                "label": [CLASSES.index(name) for name, _ in mine],
            }
        )
        frame.write_parquet(root / "data" / f"{part}-00000-of-00001.parquet", metadata={"huggingface": json.dumps(told)})
    return root


def as_tfrecords(root: Path) -> Path:
    for part in ("train", "test"):
        mine = [(name, pixels) for where, name, pixels in rows() if where == part]
        features = [{"image": encoded(pixels), "label": CLASSES.index(name)} for name, pixels in mine]
        tfrecord_makers.write(root / f"set-{part}.tfrecord-00000-of-00001", features)
    (root / "label.labels.txt").write_text("\n".join(CLASSES) + "\n")
    return root


def as_parquet_of_pixels(root: Path) -> Path:
    root.mkdir()
    columns = {
        "classe": [name for _, name, _ in rows()],
        "pixels": [pixels.reshape(-1).tolist() for _, _, pixels in rows()],
        "split": [part for part, _, _ in rows()],
    }
    pl.DataFrame(columns, schema_overrides={"pixels": pl.List(pl.UInt8)}).write_parquet(root / "table.parquet")
    return root


def as_parquet_of_paths(root: Path) -> Path:
    as_csv(root)
    columns = {
        "path": [f"pictures/{i:02}.png" for i in range(36)],
        "label": [name for _, name, _ in rows()],
        "split": [part for part, _, _ in rows()],
    }
    (root / "labels.csv").unlink()
    pl.DataFrame(columns).write_parquet(root / "table.parquet")
    return root


def arrays() -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {"class_names": np.array(CLASSES)}
    for part in ("train", "test"):
        found[f"x_{part}"] = np.stack([pixels for where, _, pixels in rows() if where == part])
        found[f"y_{part}"] = np.array([CLASSES.index(name) for where, name, _ in rows() if where == part])
    return found


def as_npz(root: Path) -> Path:
    root.mkdir()
    np.savez(root / "set.npz", **arrays())
    return root


def as_packed_npz(root: Path) -> Path:
    root.mkdir()
    found = arrays()
    found |= {name: (found[name] / 255).astype(np.float64) for name in ("x_train", "x_test")}
    np.savez_compressed(root / "set.npz", **found)
    return root


def as_npz_with_split(root: Path) -> Path:
    root.mkdir()
    np.savez(
        root / "set.npz",
        pixels=np.stack([pixels for _, _, pixels in rows()]),
        labels=np.array([name for _, name, _ in rows()]),
        split=np.array([part for part, _, _ in rows()]),
    )
    return root


def _planes(part: str) -> tuple[np.ndarray, list[int]]:
    mine = [(name, pixels) for where, name, pixels in rows() if where == part]
    return np.stack([pixels.transpose(2, 0, 1).reshape(-1) for _, pixels in mine]), [CLASSES.index(name) for name, _ in mine]


def as_cifar_python(root: Path, protocol: int = 2) -> Path:
    root.mkdir()
    for part, file in (("train", "data_batch_1"), ("test", "test_batch")):
        data, labels = _planes(part)
        batch = {b"batch_label": b"one", b"labels": labels, b"data": data, b"filenames": [b"x.png"] * len(labels)}
        (root / file).write_bytes(pickle.dumps(batch, protocol))
    (root / "batches.meta").write_bytes(pickle.dumps({"label_names": list(CLASSES), "num_vis": 3072}, protocol))
    (root / "readme.html").write_text("<meta>")
    return root


def as_cifar_of_today(root: Path) -> Path:
    return as_cifar_python(root, 5)


def as_cifar_of_four(root: Path) -> Path:
    return as_cifar_python(root, 4)


def as_cifar_binary(root: Path) -> Path:
    root.mkdir()
    for part, file in (("train", "data_batch_1.bin"), ("test", "test_batch.bin")):
        data, labels = _planes(part)
        (root / file).write_bytes(b"".join(bytes([label]) + row.tobytes() for label, row in zip(labels, data, strict=True)))
    (root / "batches.meta.txt").write_text("\n".join(CLASSES) + "\n")
    return root


def as_project(root: Path) -> Path:
    root.mkdir()
    with zipfile.ZipFile(root / "project.tm", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"type": "image", "version": "2.4.10", "appdata": {}}))
        for i, (_, name, pixels) in enumerate(rows()):
            archive.writestr(f"{name}-!-{i}.png", encoded(pixels))
    return root


def as_names(root: Path) -> Path:
    root.mkdir()
    for i, (_, name, pixels) in enumerate(rows()):
        (root / f"{name}.{i}.png").write_bytes(encoded(pixels))
    return root


def idx(values: np.ndarray) -> bytes:
    return bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def as_idx(root: Path, packed: bool = False) -> Path:
    """Gray, and with numbers for classes: the form has no names."""
    root.mkdir()
    for part, stem in (("train", "train"), ("test", "t10k")):
        mine = [(name, pixels) for where, name, pixels in grays() if where == part]
        for kind, values in (
            ("images-idx3", np.stack([pixels for _, pixels in mine])),
            ("labels-idx1", np.array([CLASSES.index(name) for name, _ in mine], np.uint8)),
        ):
            data = idx(values)
            name = f"{stem}-{kind}-ubyte"
            (root / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(data) if packed else data)
    return root


def as_packed_idx(root: Path) -> Path:
    return as_idx(root, packed=True)


SPLIT = (
    as_folders,
    as_csv,
    as_semicolons,
    as_fer2013,
    as_json_lines,
    as_json_array,
    as_flat_lists,
    as_hugging_face,
    as_tfrecords,
    as_parquet_of_pixels,
    as_parquet_of_paths,
    as_npz,
    as_packed_npz,
    as_npz_with_split,
    as_cifar_python,
    as_cifar_of_four,
    as_cifar_of_today,
    as_cifar_binary,
)
"""Forms that keep colour, names of classes and parts."""
WHOLE = (as_project, as_names)
"""Forms that keep colour and names of classes, and no parts."""
GRAY = (as_idx, as_packed_idx)


def packed_as(folder: Path, ending: str) -> Path:
    """A folder as an archive beside it."""
    path = folder.with_name(f"{folder.name}{ending}")
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    if ending == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(folder.parent).as_posix())
        return path
    with tarfile.open(path, f"w:{ending.rpartition('.')[2].replace('tar', '')}") as archive:
        for file in files:
            archive.add(file, f"./{file.relative_to(folder.parent).as_posix()}")
    return path


def tarred(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path
