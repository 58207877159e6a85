"""Keras model files of any age, opened as data.

A path -> ``read`` (its parts) -> architecture (a tree of layers) -> builder (with ``layers`` and weights) -> Graph;
and new weights back into a copy of the file. Rule: nothing that stands in a file is ever run.
"""
