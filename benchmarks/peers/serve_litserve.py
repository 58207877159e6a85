"""The peer of ``benchmarks/serving_load.py``: a ``model.onnx`` of Olhar's behind LitServe, with its defaults, one worker.

    python benchmarks/peers/serve_litserve.py MODEL PORT

Runs in an environment of its own, with LitServe and onnxruntime in it.
"""

import sys

import litserve
import numpy as np
import onnxruntime
from PIL import Image


class Classifier(litserve.LitAPI):
    """A picture of a form -> probabilities."""

    def setup(self, device):
        """Open the model, in the worker."""
        del device
        self.session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
        self.entry = self.session.get_inputs()[0]

    def decode_request(self, request):
        """Pixels, uint8 (1, H, W, C)."""
        high, wide, channels = self.entry.shape[1:]
        image = Image.open(request["file"].file).convert("RGB" if channels == 3 else "L").resize((wide, high))
        return np.asarray(image, np.uint8).reshape(1, high, wide, channels)

    def predict(self, x):
        """Probabilities, float32 (K,)."""
        return self.session.run(["probabilities"], {self.entry.name: x})[0][0]

    def encode_response(self, output):
        """By place."""
        return {str(place): float(share) for place, share in enumerate(output)}


if __name__ == "__main__":
    server = litserve.LitServer(Classifier(api_path="/predict"), accelerator="cpu")
    server.run(host="127.0.0.1", port=int(sys.argv[2]), generate_client_file=False, log_level="error")
