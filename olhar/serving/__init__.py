"""The server: a bundle behind HTTP, and a page to ask it from. FastAPI, ONNX Runtime and NumPy; no torch."""
