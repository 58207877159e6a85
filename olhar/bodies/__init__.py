"""Bodies: networks that have seen a million pictures.

A name -> its weights, found and checked -> a graph -> ONNX, kept in the cache.

Rule: no torch, and nothing in a weights file is run.
"""
