"""A bundle as a TFLite file, which phones and small computers run.

model.onnx -> nodes of fixed shape -> operators of TFLite, channels last (OperatorPlan) -> the flatbuffer -> proved by LiteRT.
Rule: what the bundle takes the file takes, pixels of 0..255 as they are; its scaling and softmax are inside.
"""
