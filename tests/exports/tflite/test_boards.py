"""What small boards have to know: operators by their names there, and the least memory."""

from olhar.exports.tflite.boards import least_arena, missing_on_boards, resolver_calls
from olhar.exports.tflite.plan import Operand, Operator, OperatorPlan


def chain(*kinds: str, sides=(100, 50, 10), kind="INT8") -> OperatorPlan:
    tensors = [Operand((1, side), kind) for side in sides]
    operators = [Operator(name, (before,), after) for name, before, after in zip(kinds, tensors, tensors[1:], strict=False)]
    return OperatorPlan(tensors[0], tensors[-1], operators)


def test_operators_are_named_as_the_resolver_names_them():
    plan = chain(
        *(
            "CONV_2D",
            "DEPTHWISE_CONV_2D",
            "FULLY_CONNECTED",
            "MAX_POOL_2D",
            "PADV2",
            "RELU6",
            "RESIZE_NEAREST_NEIGHBOR",
            "SOFTMAX",
        ),
        sides=(1,) * 9,
    )
    assert resolver_calls(plan) == (
        *("AddConv2D", "AddDepthwiseConv2D", "AddFullyConnected", "AddMaxPool2D", "AddPadV2", "AddRelu6"),
        *("AddResizeNearestNeighbor", "AddSoftmax"),
    )
    assert missing_on_boards(plan) == ()
    assert missing_on_boards(chain("GELU", "CONV_2D")) == ("GELU",)
    assert missing_on_boards(chain("EXP", "CONV_2D")) == ("EXP",)
    assert missing_on_boards(chain("EXP", "CONV_2D", kind="FLOAT32")) == ()


def test_memory_is_what_lives_at_the_same_time():
    assert least_arena(chain("CONV_2D", "SOFTMAX")) == 112 + 64
    assert least_arena(chain("CONV_2D", "SOFTMAX", kind="FLOAT32")) == 400 + 208


def test_a_tensor_that_is_read_later_stays():
    first, second, third = Operand((1, 100), "INT8"), Operand((1, 50), "INT8"), Operand((1, 100), "INT8")
    last = Operand((1, 10), "INT8")
    operators = [
        Operator("CONV_2D", (first,), second),
        Operator("CONV_2D", (second,), third),
        Operator("ADD", (first, third), last),
    ]
    assert least_arena(OperatorPlan(first, last, operators)) == 112 + 64 + 112
