"""One finished run for all tests of the verbs."""

from tests.trained import coloured, run

__all__ = ["coloured", "run"]
