"""A plan written as TFLite's flatbuffer, over the classes that LiteRT generated from its schema."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from olhar.exports.tflite.plan import Kind, Operand, Operator, OperatorPlan

_VERSION, _ALIGNED = 3, 16
_OPTIONS = {
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "ADD": "AddOptions",
    "SUB": "SubOptions",
    "MUL": "MulOptions",
    "DIV": "DivOptions",
    "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions",
    "SOFTMAX": "SoftmaxOptions",
    "LOG_SOFTMAX": "LogSoftmaxOptions",
    "RESHAPE": "ReshapeOptions",
    "TRANSPOSE": "TransposeOptions",
    "CONCATENATION": "ConcatenationOptions",
    "PAD": "PadOptions",
    "PADV2": "PadV2Options",
    "MEAN": "ReducerOptions",
    "SUM": "ReducerOptions",
    "REDUCE_MAX": "ReducerOptions",
    "REDUCE_MIN": "ReducerOptions",
    "CAST": "CastOptions",
    "GATHER": "GatherOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "RESIZE_BILINEAR": "ResizeBilinearOptions",
    "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighborOptions",
    "LEAKY_RELU": "LeakyReluOptions",
    "GELU": "GeluOptions",
    "EXP": "ExpOptions",
    "NEG": "NegOptions",
    "ABS": "AbsOptions",
    "HARD_SWISH": "HardSwishOptions",
}
"""The table of options of each operator that has one."""
_NUMBERS: dict[Kind, Any] = {"FLOAT32": np.float32, "UINT8": np.uint8, "INT32": np.int32}


def written(plan: OperatorPlan, metadata: Mapping[str, bytes]) -> bytes:
    """The file.

    Args:
        plan: the network; what goes in is called ``pictures``, what comes out ``probabilities``, in its signature too.
        metadata: what else the file holds, by its names.

    Raises:
        ImportError: LiteRT is not installed.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    class Builder(flatbuffers.Builder):
        """One that lays weights where a processor may read several at once."""

        def StartVector(self, elemSize: int, numElems: int, alignment: int) -> Any:
            return super().StartVector(elemSize, numElems, _ALIGNED if elemSize == 1 else alignment)

    builder = Builder(1 << 16)
    builder.Finish(_Writer(schema, plan, metadata).model().Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _Writer:
    """A file on its way: tensors, buffers and operators by their numbers."""

    def __init__(self, schema: Any, plan: OperatorPlan, metadata: Mapping[str, bytes]) -> None:
        self.schema, self.plan, self.metadata = schema, plan, metadata
        self.numbers = dict[Operand, int]()
        self.tensors, self.buffers = list[Any](), [schema.BufferT()]
        self.codes = dict[tuple[str, int], int]()

    def model(self) -> Any:
        """All of it, as the schema has it."""
        schema, graph, model = self.schema, self.schema.SubGraphT(), self.schema.ModelT()
        graph.inputs = [self._number(self.plan.picture, "pictures")]
        operators = [self._operator(operator) for operator in self.plan.operators]
        graph.outputs, graph.name = [self.numbers[self.plan.answer]], "main"
        graph.operators, graph.tensors = operators, self.tensors
        self.tensors[graph.outputs[0]].name = "probabilities"
        model.version, model.description, model.subgraphs = _VERSION, "olhar", [graph]
        model.metadata = [self._metadata(name, content) for name, content in self.metadata.items()]
        model.operatorCodes, model.buffers = [self._code(*code) for code in self.codes], self.buffers
        signature = schema.SignatureDefT()
        signature.signatureKey, signature.inputs = "serving_default", [self._named("pictures", graph.inputs[0])]
        signature.outputs = [self._named("probabilities", graph.outputs[0])]
        model.signatureDefs = [signature]
        return model

    def _named(self, name: str, number: int) -> Any:
        entry = self.schema.TensorMapT()
        entry.name, entry.tensorIndex = name, number
        return entry

    def _metadata(self, name: str, content: bytes) -> Any:
        entry = self.schema.MetadataT()
        entry.name, entry.buffer = name, self._buffer(content)
        return entry

    def _buffer(self, content: bytes) -> int:
        buffer = self.schema.BufferT()
        buffer.data = np.frombuffer(content, np.uint8)
        self.buffers.append(buffer)
        return len(self.buffers) - 1

    def _number(self, tensor: Operand, name: str = "") -> int:
        if tensor in self.numbers:
            return self.numbers[tensor]
        self.numbers[tensor] = number = len(self.tensors)
        entry = self.schema.TensorT()
        entry.shape, entry.type = [*tensor.shape], getattr(self.schema.TensorType, tensor.kind)
        entry.name, entry.hasRank = name or f"tensor_{number}", True
        if tensor.values is not None:
            entry.buffer = self._buffer(np.ascontiguousarray(tensor.values, _NUMBERS[tensor.kind]).tobytes())
        self.tensors.append(entry)
        return number

    def _operator(self, operator: Operator) -> Any:
        entry = self.schema.OperatorT()
        entry.inputs = [self._number(tensor) for tensor in operator.inputs]
        entry.outputs = [self._number(operator.output)]
        code = (operator.kind, _version(operator))
        entry.opcodeIndex = self.codes.setdefault(code, len(self.codes))
        table = _OPTIONS.get(operator.kind)
        if table is not None:
            entry.builtinOptionsType = getattr(self.schema.BuiltinOptions, table)
            entry.builtinOptions = getattr(self.schema, f"{table}T")()
            for name, value in operator.options.items():
                setattr(entry.builtinOptions, name, self._option(name, value))
        return entry

    def _option(self, name: str, value: Any) -> Any:
        if name == "fusedActivationFunction":
            return getattr(self.schema.ActivationFunctionType, value)
        return getattr(self.schema.TensorType, value) if name in ("inDataType", "outDataType") else value

    def _code(self, kind: str, version: int) -> Any:
        code = self.schema.OperatorCodeT()
        code.builtinCode = getattr(self.schema.BuiltinOperator, kind)
        code.deprecatedBuiltinCode, code.version = min(code.builtinCode, 127), version
        return code


def _version(operator: Operator) -> int:
    """The least of TFLite's versions of an operator that knows what is asked: older programs can tell that they do not."""
    about, kind = operator.options, operator.kind
    if kind.startswith("RESIZE") and about.get("halfPixelCenters"):
        return 3
    if kind == "DEPTHWISE_CONV_2D" and max(about["dilationHFactor"], about["dilationWFactor"]) > 1:
        return 2
    return 5 if kind == "FULLY_CONNECTED" and about.get("keepNumDims") else 1
