"""A network in whole numbers of eight bits, for the smallest boards, by TensorFlow Lite's 8-bit quantization specification.

plan of floats -> ranges of its tensors on pictures (calibration) -> scales, shared where kernels want it -> plan of int8.
Rule: all of it is int8, from the picture to the probabilities; what has no such kernel is refused by name.
"""
