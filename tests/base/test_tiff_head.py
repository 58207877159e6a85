"""A TIFF that is cut into very many pieces is refused from its head; all others are left alone."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from olhar.base.errors import PictureError
from olhar.base.images import to_pixels
from olhar.base.tiff_head import refuse_many_pieces
from tests.conftest import assert_says


def _tiny_tiles(side: int, tile: int) -> bytes:
    """A gray TIFF whose tiles all lie at one place in the file."""
    n = (side // tile) ** 2
    sizes = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (277, 3, 1), (322, 4, tile), (323, 4, tile)]
    start = 8 + 2 + 12 * (len(sizes) + 2) + 4
    offsets = start + tile * tile
    entries = [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in sizes]
    entries += [struct.pack("<HHII", 324, 4, n, offsets), struct.pack("<HHII", 325, 4, n, offsets + 4 * n)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + bytes(4)
    return head + bytes(tile * tile) + np.full(n, start, "<u4").tobytes() + np.full(n, tile * tile, "<u4").tobytes()


def test_a_tiff_of_very_many_tiles_is_refused_and_one_of_few_is_read():
    assert to_pixels(_tiny_tiles(64, 16), (8, 8), 3, "stretch", "x.tif").shape == (8, 8, 3)
    with pytest.raises(PictureError) as error:
        to_pixels(_tiny_tiles(600, 2), (8, 8), 3, "stretch", "x.tif")
    assert_says(error, "x.tif", "90,000")


def test_a_large_tiff_in_strips_is_read():
    buffer = io.BytesIO()
    Image.new("L", (8, 3000), 7).save(buffer, "TIFF", tiffinfo={278: 1})
    assert to_pixels(buffer.getvalue(), (8, 8), 3, "stretch", "x.tif").max() == 7


@given(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"II", b"\xff\xd8"]), st.binary(max_size=60))
def test_whatever_the_head_says_it_is_read_or_refused(mark, rest):
    try:
        refuse_many_pieces(mark + rest, "x")
    except PictureError as error:
        assert "x:" in str(error)  # noqa: PT017 (either outcome is right)
