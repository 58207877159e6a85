"""``model.onnx`` with its whole contract inside, the predictor that asks it, and the proof that it answers as it should.

Rule: ONNX Runtime and NumPy; no torch.
"""
