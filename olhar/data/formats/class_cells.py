"""A cell array of MATLAB's whose rows are classes, each cell a picture, with the names beside it (Binary Alphadigits)."""

from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, first_bytes, non_pictures
from olhar.data.formats import matlab
from olhar.data.formats.array_files import array_file
from olhar.data.formats.npy import ArrayInMemory, pictures_of
from olhar.data.pieces import Piece, assemble


def class_cells(files: Files) -> Dataset | None:
    """The pictures of the only cell array in the only MATLAB file, where as many names as it has rows lie beside; else None.

    Raises:
        DataError: damaged, or its cells are no pictures.
    """
    others = non_pictures(files)
    indices = [index for index in others if matlab.is_matlab(first_bytes(files, index, matlab.HEAD))]
    file = array_file(files, indices[0]) if len(indices) == 1 else None
    arrays = [opened() for opened in file.arrays.values()] if file is not None else []
    held = [array.array for array in arrays if isinstance(array, ArrayInMemory)]
    grids = [array for array in held if array.ndim == 4 and min(array.shape[1:]) > 1]
    names = [array.tolist() for array in held if array.dtype.kind == "U" and grids and array.shape == grids[0].shape[:1]]
    if len(grids) != 1 or len(names) != 1:
        return None
    classes, n = names[0], grids[0].shape[1]
    where = [f"{name}/{place:05}" for name in classes for place in range(n)]
    source = pictures_of(ArrayInMemory(files.names[indices[0]], grids[0].reshape(-1, *grids[0].shape[2:])))
    parts: list[Brought] = [""] * len(where)
    piece = Piece(source, where, [name for name in classes for _ in range(n)], parts)
    return assemble(files.origin, [piece], len(others) - 1)
