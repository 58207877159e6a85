"""A network as data: a few operations with NumPy weights, and the languages in which it can be written: ONNX, torch, Keras.

Graph -> shapes, folding, layout, heads -> ``to_onnx``, ``to_torch``, ``to_keras``. Rule: a graph holds nothing that runs.
"""
