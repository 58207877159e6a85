"""Keras 1's words in today's: one table of class names and one of options."""

from collections.abc import Mapping
from typing import Any

_CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
}
_MERGES = {"sum": "Add", "mul": "Multiply", "concat": "Concatenate", "ave": "Average", "max": "Maximum"}
_OPTIONS = {
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "output_dim": "units",
    "bias": "use_bias",
    "p": "rate",
    "sigma": "stddev",
    "atrous_rate": "dilation_rate",
    "pool_length": "pool_size",
    "stride": "strides",
    "inner_activation": "recurrent_activation",
    "concat_axis": "axis",
}
_ORDERS = {"th": "channels_first", "tf": "channels_last", "default": "channels_last"}
_UNCHANGED_OPTIONS = {"Embedding": ("output_dim",), "RepeatVector": (), "Activation": ()}


def in_todays_words(class_name: str, config: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """A layer's class and options in the words of Keras 2 and 3; what is already so stays as it is."""
    unchanged = _UNCHANGED_OPTIONS.get(class_name, ())
    options = {(key if key in unchanged else _OPTIONS.get(key, key)): value for key, value in config.items()}
    if "dim_ordering" in options:
        options["data_format"] = _ORDERS.get(str(options["dim_ordering"]), options["dim_ordering"])
    sides = [options[key] for key in ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col") if key in options]
    if sides:
        options["kernel_size"] = sides
    options.setdefault("name", name)
    if class_name == "Merge":
        return _MERGES.get(str(config.get("mode")), "Merge"), options
    return _CLASSES.get(class_name, class_name), options
