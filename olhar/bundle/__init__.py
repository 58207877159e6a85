"""model.onnx with its whole contract inside, and the predictor that asks it. ONNX Runtime and NumPy; no torch."""
