"""Which of the pictures beside a table are masks of others: no table means them."""

import re
from collections.abc import Sequence, Set

from olhar.data.files.files import Files
from olhar.data.folders.found import Found
from olhar.data.folders.masks import pass_over_masks
from olhar.data.folders.tree import tree_of
from olhar.data.folders.words import is_mask_name
from olhar.data.read_as import PassedOver

_DIGITS = re.compile("[0-9]+")
"""In the names of folders they say nothing of masks: but for them few names differ."""


def masks_among(files: Files, paths: Sequence[str], folders: Set[str]) -> tuple[Set[str], Sequence[PassedOver]]:
    """The pictures that are masks of others, and what is to be told; looked for where a folder or a name sounds like it."""
    steps = {*_DIGITS.sub("0", "/".join(folders)).split("/")}
    if not any(map(is_mask_name, steps)) and "mask." not in "\n".join(paths).lower():
        return frozenset(), ()
    tree, _ = tree_of(files.names)
    found = Found(files)
    pass_over_masks(tree, found)
    return {*paths} - {files.names[row] for row in tree.rows()}, found.passed_over
