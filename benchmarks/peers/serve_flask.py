"""The peer of ``benchmarks/serving_load.py``: a model behind Flask, as tutorials write it, by its own server or by waitress.

    python benchmarks/peers/serve_flask.py MODEL PORT [--by waitress]

MODEL is a ``model.onnx`` of Olhar's, which takes uint8 (N, H, W, 3), or a ``.keras`` file for -1 to 1, as Teachable Machine's
are. Runs in an environment of its own, with Flask and onnxruntime or Keras in it.
"""

import argparse

import numpy as np
from flask import Flask, jsonify, request
from PIL import Image


def onnx(path):
    """What ONNX Runtime says of pixels uint8 (1, H, W, C), with its defaults; height, width and channels."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    return lambda pixels: session.run(["probabilities"], {entry.name: pixels})[0][0], entry.shape[1:]


def keras(path):
    """The same of Keras."""
    from keras.models import load_model

    model = load_model(path, compile=False)
    return lambda pixels: model.predict(pixels / np.float32(127.5) - 1, verbose=0)[0], model.input_shape[1:]


def main():
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("port", type=int)
    parser.add_argument("--by", choices=["flask", "waitress"], default="flask")
    told = parser.parse_args()
    predict, (high, wide, channels) = (keras if told.model.endswith(".keras") else onnx)(told.model)
    app = Flask(__name__)

    @app.post("/predict")
    def answer():
        image = Image.open(request.files["file"].stream).convert("RGB" if channels == 3 else "L").resize((wide, high))
        probabilities = predict(np.asarray(image, np.uint8).reshape(1, high, wide, channels))
        return jsonify({str(place): float(share) for place, share in enumerate(probabilities)})

    if told.by == "waitress":
        from waitress import serve

        serve(app, host="127.0.0.1", port=told.port, threads=8)
    else:
        from werkzeug.serving import WSGIRequestHandler

        WSGIRequestHandler.protocol_version = "HTTP/1.1"  # connections are kept, as the others keep them
        app.run("127.0.0.1", told.port, threaded=True)


if __name__ == "__main__":
    main()
