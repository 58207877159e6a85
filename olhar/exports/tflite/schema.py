"""A plan written as TFLite's flatbuffer, over the classes that LiteRT generated from its schema."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from olhar.exports.tflite.plan import Kind, Operand, Operator, OperatorPlan, Quantization

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
    "QUANTIZE": "QuantizeOptions",
}
"""The table of options of each operator that has one."""
_ALWAYS_EIGHT = ("RESHAPE", "QUANTIZE", "HARD_SWISH", "LEAKY_RELU", "RELU_N1_TO_1")
"""Operators that know int8 since their first version."""
_NUMBERS: dict[Kind, Any] = {"FLOAT32": np.float32, "UINT8": np.uint8, "INT8": np.int8, "INT32": np.int32}


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


def numbered(plan: OperatorPlan) -> dict[Operand, int]:
    """The tensors of a plan, each with its number in the file."""
    used = [plan.picture, *(tensor for operator in plan.operators for tensor in (*operator.inputs, operator.output))]
    return {tensor: number for number, tensor in enumerate(dict.fromkeys(used))}


class _Writer:
    """A file on its way: tensors, buffers and operators by their numbers."""

    def __init__(self, schema: Any, plan: OperatorPlan, metadata: Mapping[str, bytes]) -> None:
        self.schema, self.plan, self.metadata = schema, plan, metadata
        self.numbers, self.buffers = numbered(plan), [schema.BufferT()]
        self.tensors = [self._tensor(tensor, f"tensor_{number}") for tensor, number in self.numbers.items()]
        self.codes = dict[tuple[str, int], int]()

    def model(self) -> Any:
        """All of it, as the schema has it."""
        schema, graph, model = self.schema, self.schema.SubGraphT(), self.schema.ModelT()
        graph.inputs = [self.numbers[self.plan.picture]]
        operators = [self._operator(operator) for operator in self.plan.operators]
        graph.outputs, graph.name = [self.numbers[self.plan.answer]], "main"
        graph.operators, graph.tensors = operators, self.tensors
        self.tensors[graph.inputs[0]].name, self.tensors[graph.outputs[0]].name = "pictures", "probabilities"
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

    def _tensor(self, tensor: Operand, name: str) -> Any:
        entry = self.schema.TensorT()
        entry.shape, entry.type = [*tensor.shape], getattr(self.schema.TensorType, tensor.kind)
        entry.name, entry.hasRank = name, True
        if tensor.values is not None:
            entry.buffer = self._buffer(np.ascontiguousarray(tensor.values, _NUMBERS[tensor.kind]).tobytes())
        if tensor.quantization is not None:
            entry.quantization = self._quantization(tensor.quantization)
        return entry

    def _quantization(self, quantization: Quantization) -> Any:
        entry = self.schema.QuantizationParametersT()
        entry.scale = [float(scale) for scale in quantization.scales]
        entry.zeroPoint, entry.quantizedDimension = [quantization.zero] * len(entry.scale), quantization.axis
        return entry

    def _operator(self, operator: Operator) -> Any:
        entry = self.schema.OperatorT()
        entry.inputs = [self.numbers[tensor] for tensor in operator.inputs]
        entry.outputs = [self.numbers[operator.output]]
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
    about, kind, eight = operator.options, operator.kind, operator.output.kind == "INT8"
    if kind.startswith("RESIZE") and about.get("halfPixelCenters"):
        return 3
    if kind == "FULLY_CONNECTED":
        return _version_of_product(operator)
    if kind in ("CONV_2D", "DEPTHWISE_CONV_2D") and eight:
        return 3
    if kind == "DEPTHWISE_CONV_2D" and max(about["dilationHFactor"], about["dilationWFactor"]) > 1:
        return 2
    return 2 if eight and kind not in _ALWAYS_EIGHT else 1


def _version_of_product(operator: Operator) -> int:
    scales = operator.inputs[1].quantization
    if scales is not None and len(scales.scales) > 1:
        return 12
    return 5 if operator.options.get("keepNumDims") else 4 if scales is not None else 1
