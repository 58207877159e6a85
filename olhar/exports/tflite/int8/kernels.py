"""What TFLite's kernels of eight bits want of the scales of what they take and give: one table."""

import numpy as np

from olhar.base.errors import ModelError
from olhar.exports.tflite.plan import OperatorPlan, Quantization

SHARED = (
    *("RESHAPE", "TRANSPOSE", "PAD", "PADV2", "GATHER", "STRIDED_SLICE", "MAX_POOL_2D", "AVERAGE_POOL_2D"),
    *("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REDUCE_MAX", "REDUCE_MIN"),
)
"""They give numbers of the scale of their first input."""
ALIKE = ("CONCATENATION", "MAXIMUM", "MINIMUM")
"""All that they take and what they give has one scale."""
SETTLED = {
    "SOFTMAX": Quantization(np.array([1 / 256], np.float32), -128),
    "LOGISTIC": Quantization(np.array([1 / 256], np.float32), -128),
    "TANH": Quantization(np.array([1 / 128], np.float32), 0),
    "LOG_SOFTMAX": Quantization(np.array([16 / 256], np.float32), 127),
}
"""They give numbers of a scale that the specification settles."""
WEIGHED = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": None}
"""They have weights: along which axis these have scales of their own. One scale for a matrix, as older programs for small
boards read the first alone and would be wrong without a word."""
_FREE = (
    *("ADD", "SUB", "MUL", "DIV", "MEAN", "SUM", "RELU", "RELU6", "RELU_N1_TO_1", "LEAKY_RELU", "HARD_SWISH", "GELU"),
    *("EXP", "LOG", "ABS"),
)
"""Each thing that they take and give has a scale of its own."""
KNOWN = frozenset((*SHARED, *ALIKE, *SETTLED, *WEIGHED, *_FREE))


def refuse_unknown(plan: OperatorPlan, name: str) -> None:
    """See to it that each operator has a kernel of eight bits; the first CAST becomes nothing.

    Raises:
        ModelError: one has none.
    """
    for operator in plan.operators:
        if operator.kind not in KNOWN and operator.kind != "CAST":
            raise ModelError("tflite.int8_operation", where=name, operation=operator.kind)
