"""A bundle as a page that answers in any browser: a folder for a static host, or one file for a USB stick.

model.onnx -> nodes of fixed shape -> calls of a few kernels at fixed addresses (Program) -> files.
Rule: nothing is fetched, at export or on the page; what the page computes is proved here first, by the kernels' doubles in NumPy.
"""
