"""Keras model files of any age, opened as data: nothing that stands in a file is ever run."""

from olhar.keras_files.graph import Graph, LayerRow
from olhar.keras_files.model import KerasModel, open_keras
from olhar.keras_files.writer import write_back

__all__ = ["Graph", "KerasModel", "LayerRow", "open_keras", "write_back"]
