"""One finished run for all tests of the command line."""

from tests.trained import coloured, run

__all__ = ["coloured", "run"]
