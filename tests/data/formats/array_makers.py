"""Small sets of arrays as their makers publish them: the same pictures under the names and in the axes of each."""

import gzip
import io
import pickle
import struct
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io

RNG = np.random.default_rng(5)
GRAY = RNG.integers(0, 256, (9, 8, 8), np.uint8)
COLOUR = RNG.integers(0, 256, (9, 8, 8, 3), np.uint8)
CIFAR = RNG.integers(0, 256, (9, 32, 32, 3), np.uint8)
STL = RNG.integers(0, 256, (6, 96, 96, 3), np.uint8)
LABELS = np.array([0, 1, 2] * 3)
TEST = slice(0, 3)
NAMES = ("cat", "dog", "emu")


def npy_pair(root: Path) -> None:
    np.save(root / "X.npy", GRAY / 255)
    np.save(root / "Y.npy", np.eye(3)[LABELS])


def npy_parts(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        np.save(root / f"{part}_images.npy", COLOUR[rows])
        np.save(root / f"{part}_labels.npy", LABELS[rows])


def npy_in_part_folders(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        (root / part).mkdir()
        np.save(root / part / "x.npy", COLOUR[rows])
        np.save(root / part / "y.npy", LABELS[rows])


def npy_faces(root: Path) -> None:
    np.save(root / "olivetti_faces.npy", GRAY)
    np.save(root / "olivetti_faces_target.npy", LABELS)


def kmnist(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        np.savez_compressed(root / f"kmnist-{part}-imgs.npz", GRAY[rows])
        np.savez_compressed(root / f"kmnist-{part}-labels.npz", LABELS[rows])


def medmnist(root: Path) -> None:
    arrays = {}
    for part, rows in (("train", slice(None)), ("val", TEST), ("test", TEST)):
        arrays |= {f"{part}_images": COLOUR[rows], f"{part}_labels": LABELS[rows, None]}
    np.savez_compressed(root / "pathmnist.npz", **arrays)


def unnamed_npz(root: Path) -> None:
    np.savez(root / "data.npz", COLOUR, LABELS)


def quickdraw(root: Path) -> None:
    for label, name in enumerate(NAMES):
        np.save(root / f"full_numpy_bitmap_{name}.npy", GRAY[label == LABELS].reshape(3, 64))


def npy_a_picture(root: Path) -> None:
    for row, label in enumerate(LABELS):
        (root / NAMES[label]).mkdir(exist_ok=True)
        np.save(root / NAMES[label] / f"{row}.npy", COLOUR[row])


def cat_course(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        with h5py.File(root / f"{part}_catvnoncat.h5", "w") as file:
            file[f"{part}_set_x"] = COLOUR[rows]
            file[f"{part}_set_y"] = LABELS[rows]
            file["list_classes"] = np.array([name.encode() for name in NAMES])


def galaxies(root: Path) -> None:
    with h5py.File(root / "Galaxy10.h5", "w") as file:
        file.create_dataset("images", data=COLOUR, compression="gzip")
        file["ans"] = LABELS.astype(np.uint8)


def pcam(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("valid", TEST), ("test", TEST)):
        for name, values in (("x", COLOUR[rows]), ("y", LABELS[rows].reshape(-1, 1, 1, 1))):
            out = io.BytesIO()
            with h5py.File(out, "w") as file:
                file[name] = values
            (root / f"camelyonpatch_level_2_split_{part}_{name}.h5.gz").write_bytes(gzip.compress(out.getvalue()))
    (root / "camelyonpatch_level_2_split_train_meta.csv").write_text("tumor_patch,wsi\nTrue,camelyon16_train\n")


def svhn(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST), ("extra", TEST)):
        content = {"X": COLOUR[rows].transpose(1, 2, 3, 0), "y": LABELS[rows, None] + 1}
        scipy.io.savemat(root / f"{part}_32x32.mat", content, do_compression=part == "train")


def emnist(root: Path) -> None:
    parts = {
        part: {"images": GRAY[rows].swapaxes(1, 2).reshape(-1, 64), "labels": LABELS[rows, None].astype(float) + 1}
        for part, rows in (("train", slice(None)), ("test", TEST))
    }
    mapping = np.array([[label + 1, ord("A") + label] for label in range(3)])
    scipy.io.savemat(root / "emnist-letters.mat", {"dataset": parts | {"mapping": mapping}}, do_compression=True)


def silhouettes(root: Path) -> None:
    names = np.array(NAMES, dtype=object)[None]
    flat = (GRAY > 127).swapaxes(1, 2).reshape(-1, 64).astype(np.uint8)
    content = {"X": flat, "Y": LABELS[None] + 1.0, "classnames": names}
    scipy.io.savemat(root / "caltech101_silhouettes_28.mat", content)


def alphadigs(root: Path) -> None:
    """A cell a picture, a row a class."""
    cells = np.empty((3, 3), dtype=object)
    for row, column in np.ndindex(3, 3):
        cells[row, column] = GRAY[3 * column + row] // 128
    counts, names = np.array([3, 3, 3, 0], dtype=object)[None, :3], np.array(NAMES, dtype=object)[None]
    scipy.io.savemat(root / "binaryalphadigs.mat", {"dat": cells, "classlabels": names, "classcounts": counts})


def matlab_73(root: Path) -> None:
    as_matlab_73(root / "set.mat", {"X": COLOUR.transpose(1, 2, 3, 0), "y": LABELS[:, None].astype(float)})


def as_matlab_73(path: Path, arrays: Mapping[str, Any]) -> None:
    """Arrays and texts as MATLAB's version 7.3 writes them: axes turned round, a text as the numbers of its letters."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in arrays.items():
            text = isinstance(value, str)
            values = np.array([list(map(ord, value))], np.uint16) if text else np.atleast_2d(value)
            file[name] = values.T
            file[name].attrs["MATLAB_class"] = np.bytes_("char" if text else "double")
    data = bytearray(path.read_bytes())
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64"
    data[:128] = head.ljust(124) + b"\x00\x02IM"
    path.write_bytes(data)


def cifar_matlab(root: Path) -> None:
    planes = CIFAR.transpose(0, 3, 1, 2).reshape(9, -1)
    scipy.io.savemat(root / "data_batch_1.mat", {"data": planes, "labels": LABELS[:, None], "batch_label": "b"})
    scipy.io.savemat(root / "test_batch.mat", {"data": planes[TEST], "labels": LABELS[TEST, None]})
    scipy.io.savemat(root / "batches.meta.mat", {"label_names": np.array(NAMES, dtype=object)[:, None]})


def stl10_matlab(root: Path) -> None:
    names = np.array(NAMES, dtype=object)[None]
    for part, rows in (("train", slice(None)), ("test", TEST)):
        flat = STL[rows].transpose(0, 3, 2, 1).reshape(len(STL[rows]), -1)
        scipy.io.savemat(root / f"{part}.mat", {"X": flat, "y": LABELS[:6][rows, None] + 1, "class_names": names})


def usps(root: Path) -> None:
    with h5py.File(root / "usps.h5", "w") as file:
        for part, rows in (("train", slice(None)), ("test", TEST)):
            file[f"{part}/data"] = GRAY[rows].reshape(-1, 64) / 255
            file[f"{part}/target"] = LABELS[rows]


def not_mnist(root: Path) -> None:
    scipy.io.savemat(root / "notMNIST_small.mat", {"images": GRAY.transpose(1, 2, 0), "labels": LABELS[:, None].astype(float)})


def mnist_original(root: Path) -> None:
    scipy.io.savemat(root / "mnist-original.mat", {"data": GRAY.reshape(9, 64).T, "label": LABELS[None].astype(float)})


def emnist_idx(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        images, labels = np.ascontiguousarray(GRAY[rows].swapaxes(1, 2)), LABELS[rows].astype(np.uint8)
        for kind, values in (("images-idx3", images), ("labels-idx1", labels)):
            head = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
            (root / f"emnist-letters-{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + values.tobytes()))
    (root / "emnist-letters-mapping.txt").write_text("0 65\n1 66\n2 67\n")


def traffic_signs(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("valid", TEST), ("test", TEST)):
        content = {"features": COLOUR[rows], "labels": LABELS[rows], "sizes": np.zeros((3, 2)), "coords": np.zeros((3, 4))}
        (root / f"{part}.p").write_bytes(pickle.dumps(content, 2))
    (root / "signnames.csv").write_text("ClassId,SignName\n0,a\n1,b\n2,c\n")


def mnist_pickle(root: Path) -> None:
    parts = [(GRAY[rows].reshape(-1, 64).astype(np.float32) / 255, LABELS[rows]) for rows in (slice(None), TEST, TEST)]
    (root / "mnist.pkl.gz").write_bytes(gzip.compress(pickle.dumps(tuple(parts), 2)))


def stl10(root: Path) -> None:
    for part, rows in (("train", slice(None)), ("test", TEST)):
        (root / f"{part}_X.bin").write_bytes(STL[rows].transpose(0, 3, 2, 1).tobytes())
        (root / f"{part}_y.bin").write_bytes((LABELS[:6][rows] + 1).astype(np.uint8).tobytes())
    (root / "unlabeled_X.bin").write_bytes(STL[TEST].tobytes())
    (root / "class_names.txt").write_text("\n".join(NAMES) + "\n")
    (root / "fold_indices.txt").write_text("0 1 2\n")


def shard(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
