"""Folders of pictures, and archives of them: the class of a picture is its folder, or stands in its own name."""

from dataclasses import replace

from olhar.data import layout
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files
from olhar.data.layout import Layout
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import ReadOptions


def class_folders(files: Files, _options: ReadOptions) -> Dataset | None:
    """``train/rose/1.jpg`` or ``rose/1.jpg``; two classes at least, for a single folder may hold what a table tells of."""
    listing = layout.read_layout(files.names)
    return _dataset(files, listing) if len({name for name in listing.classes if name is not None}) > 1 else None


def loose_pictures(files: Files, _options: ReadOptions) -> Dataset | None:
    """``cat.12.jpg``; else a single folder, or pictures of unknown class."""
    listing = layout.read_layout(files.names)
    if not listing.rows:
        return None
    classes = layout.classes_in_names([files.names[i] for i in listing.rows])
    return _dataset(files, replace(listing, classes=tuple(classes)) if classes else listing)


def _dataset(files: Files, listing: Layout) -> Dataset:
    names = [files.names[i] for i in listing.rows]
    return assemble(files.origin, [Piece(files.pictures(names), names, listing.classes, listing.parts)], listing.passed_over)
