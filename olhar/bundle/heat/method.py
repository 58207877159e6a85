"""How heat maps are made."""

from typing import Literal

Method = Literal["activation", "occlusion"]
