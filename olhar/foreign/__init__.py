"""Model files that are not ours: told apart, opened, tried on labelled pictures, with their signature beside them.

A path -> kinds -> opening -> classifier -> preprocessing (or tryout, statement) -> sidecar.

Rule: what is not known is said, never guessed.
"""
