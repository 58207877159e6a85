"""The one table of layers: a Keras class, which variables it keeps, and how it is lowered to the graph's operations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from olhar.base.errors import ModelError
from olhar.graph.graph import Dense, Drop
from olhar.keras_files.architecture import LayerSpec
from olhar.keras_files.layers.activations import LAYERS as ACTIVATIONS
from olhar.keras_files.layers.activations import activate, lower_activation, lower_prelu
from olhar.keras_files.layers.call import LayerCall, Value
from olhar.keras_files.layers.convolutions import (
    lower_conv,
    lower_depthwise,
    lower_global_pool,
    lower_pool,
    lower_separable,
    lower_transposed,
)
from olhar.keras_files.layers.expression import lower_expression
from olhar.keras_files.layers.normalising import (
    lower_batch_norm,
    lower_group_norm,
    lower_layer_norm,
    lower_layer_scale,
    lower_normalization,
    lower_rescaling,
    lower_unit_norm,
)
from olhar.keras_files.layers.operations import lower_operation
from olhar.keras_files.layers.options import Options
from olhar.keras_files.layers.recurrent import lower_recurrent
from olhar.keras_files.layers.shaping import (
    lower_center_crop,
    lower_concat,
    lower_cropping,
    lower_flatten,
    lower_merge,
    lower_padding,
    lower_permute,
    lower_repeat,
    lower_reshape,
    lower_resizing,
    lower_scaled_sum,
    lower_upsampling,
)

Lowering: TypeAlias = Callable[[LayerCall], Value]
VariablesByOptions: TypeAlias = Callable[[Options], tuple[str, ...]]


@dataclass(frozen=True)
class LayerRule:
    """How a class of layers is read."""

    lower: Lowering
    variables: VariablesByOptions


def _none(_: Options) -> tuple[str, ...]:
    return ()


def _named(*names: str) -> VariablesByOptions:
    """Variables that are always there, and a bias unless the options say otherwise."""
    return lambda options: (*names, "bias") if options.flag("use_bias", True) else names


def _scale_and_center(*names: str) -> VariablesByOptions:
    return lambda options: (
        *(("gamma",) if options.flag("scale", True) else ()),
        *(("beta",) if options.flag("center", True) else ()),
        *names,
    )


def _normalization(options: Options) -> tuple[str, ...]:
    return () if options.raw("mean") is not None else ("mean", "variance")


def lower_dense(call: LayerCall) -> Value:
    """Dense, on the last axis."""
    units = call.options.whole("units")
    kernel = call.weight("kernel", call.x.shape[-1] if call.x.rank > 1 else None, units)
    op = Dense(kernel, call.weight("bias", units) if call.has("bias") else None)
    return activate(call, call.emit(op, call.x), call.options.raw("activation"))


def lower_dropout(call: LayerCall) -> Value:
    """Dropout and its kin: nothing when predicting."""
    rate = min(max(call.options.number("rate", 0.0), 0.0), 0.99)
    return call.emit(Drop(rate, call.spec.class_name.startswith("Spatial"), call.options.channels_first()), call.x)


def lower_nothing(call: LayerCall) -> Value:
    """Layers that only act while training, or not at all."""
    return call.x


def lower_augmentation(call: LayerCall) -> Value:
    """Random pictures while training: nothing when predicting."""
    call.notice("keras.notice_augmentation", layer=call.spec.name)
    return call.x


def lower_lambda(call: LayerCall) -> Value:
    """Lambda: code, which is never run; a formula from the person stands in for it (``refuse_unreadable`` requires one)."""
    return lower_expression(call, call.writer.facts.lambdas[call.spec.name])


def refuse_lookup(call: LayerCall) -> Value:
    """Layers that would read other files."""
    raise ModelError("keras.lookup", layer=call.spec.name, class_name=call.spec.class_name)


def _rules(names: str, lower: Lowering, variables: VariablesByOptions = _none) -> dict[str, LayerRule]:
    return {name: LayerRule(lower, variables) for name in names.split()}


LAYERS: dict[str, LayerRule] = {
    **_rules("Conv1D Conv2D Conv3D", lower_conv, _named("kernel")),
    **_rules("DepthwiseConv1D DepthwiseConv2D", lower_depthwise, _named("depthwise_kernel")),
    **_rules("SeparableConv1D SeparableConv2D", lower_separable, _named("depthwise_kernel", "pointwise_kernel")),
    **_rules("Conv1DTranspose Conv2DTranspose Conv3DTranspose", lower_transposed, _named("kernel")),
    **_rules("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D", lower_pool),
    **_rules("GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D", lower_global_pool),
    **_rules("GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D", lower_global_pool),
    **_rules("Dense", lower_dense, _named("kernel")),
    **_rules("BatchNormalization", lower_batch_norm, _scale_and_center("moving_mean", "moving_variance")),
    **_rules("LayerNormalization", lower_layer_norm, _scale_and_center()),
    **_rules("RMSNormalization", lower_layer_norm, lambda _: ("gamma",)),
    **_rules("GroupNormalization", lower_group_norm, _scale_and_center()),
    **_rules("UnitNormalization", lower_unit_norm),
    **_rules("LayerScale", lower_layer_scale, lambda _: ("gamma",)),
    **_rules("Rescaling", lower_rescaling),
    **_rules("Normalization", lower_normalization, _normalization),
    **_rules(" ".join(ACTIVATIONS), lower_activation),
    **_rules("PReLU", lower_prelu, lambda _: ("alpha",)),
    **_rules("Add Subtract Multiply Average Maximum Minimum", lower_merge),
    **_rules("CustomScaleLayer", lower_scaled_sum),
    **_rules("Concatenate", lower_concat),
    **_rules("Flatten", lower_flatten),
    **_rules("Reshape", lower_reshape),
    **_rules("Permute", lower_permute),
    **_rules("RepeatVector", lower_repeat),
    **_rules("ZeroPadding1D ZeroPadding2D ZeroPadding3D", lower_padding),
    **_rules("Cropping1D Cropping2D Cropping3D", lower_cropping),
    **_rules("UpSampling1D UpSampling2D UpSampling3D", lower_upsampling),
    **_rules("Resizing", lower_resizing),
    **_rules("CenterCrop", lower_center_crop),
    **_rules("Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D FixedDropout", lower_dropout),
    **_rules("AlphaDropout GaussianDropout GaussianNoise ActivityRegularization StochasticDepth Identity", lower_nothing),
    **_rules("RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness", lower_augmentation),
    **_rules("RandomHeight RandomWidth RandomShear RandomHue RandomSaturation RandomSharpness", lower_augmentation),
    **_rules("RandomGrayscale RandomColorJitter RandomColorDegeneration RandomPosterization", lower_augmentation),
    **_rules("RandomInvert RandomGaussianBlur RandomErasing RandomPerspective RandomElasticTransform", lower_augmentation),
    **_rules("RandAugment AugMix AutoContrast CutMix MixUp", lower_augmentation),
    **_rules("LSTM GRU SimpleRNN", lower_recurrent, _named("kernel", "recurrent_kernel")),
    **_rules("TFOpLambda SlicingOpLambda TensorFlowOpLayer", lower_operation),
    **_rules("Lambda", lower_lambda),
    **_rules("StringLookup IntegerLookup TextVectorization Hashing CategoryEncoding", refuse_lookup),
}
"""Every class that is read. What is not here is refused by name."""

FUNCTIONS = ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer")
"""Classes that are a call of a function, and may be given numbers as well as tensors."""

NOT_PICTURES = {
    "Embedding": "words",
    "Bidirectional": "series",
    "ConvLSTM1D": "series",
    "ConvLSTM2D": "series",
    "TimeDistributed": "series",
    "RNN": "series",
    "CuDNNLSTM": "series",
    "CuDNNGRU": "series",
    "MultiHeadAttention": "words",
    "TransformerEncoder": "words",
}
"""Classes that say that a model is not about single pictures, and what it is about."""


def rule_of(spec: LayerSpec) -> LayerRule:
    """How this layer is read.

    Raises:
        ModelError: its class is not known.
    """
    if spec.function:
        return LayerRule(lower_operation, _none)
    rule = LAYERS.get(spec.class_name)
    if rule is None and spec.class_name in NOT_PICTURES:
        about = NOT_PICTURES[spec.class_name]
        raise ModelError(f"keras.about_{about}", layer=spec.name, class_name=spec.class_name)
    if rule is None:
        raise ModelError("keras.unknown_layer", layer=spec.name, class_name=spec.class_name)
    return rule


def refuse_unreadable(leaves: Iterable[LayerSpec], lambdas: Mapping[str, str]) -> None:
    """Look at every layer's class before any weight is looked for.

    Raises:
        ModelError: a class that is refused or not known; a Lambda without a formula.
    """
    for leaf in leaves:
        if leaf.class_name == "InputLayer":
            continue
        lower = rule_of(leaf).lower
        if lower is refuse_lookup:
            raise ModelError("keras.lookup", layer=leaf.name, class_name=leaf.class_name)
        if lower is lower_lambda and leaf.name not in lambdas:
            raise ModelError("keras.lambda", layer=leaf.name)


def variables(spec: LayerSpec) -> tuple[str, ...]:
    """The names of a layer's variables, in Keras's order."""
    return () if spec.class_name == "InputLayer" or spec.model is not None else rule_of(spec).variables(spec.options)
