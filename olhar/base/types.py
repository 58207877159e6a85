"""Types that many rooms speak of, each under one name."""

import os

StrPath = str | os.PathLike[str]
"""A path as people hand it over: text, or anything that stands for a path."""
