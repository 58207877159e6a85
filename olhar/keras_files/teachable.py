"""Teachable Machine's picture models, known by their graph: a MobileNet body and a small head of two dense layers."""

from olhar.base.errors import ModelError
from olhar.keras_files.architecture import LayerSpec, ModelSpec, stated_shape

_BODIES = ({"Conv1", "expanded_conv_depthwise", "block_16_project"}, {"conv1", "conv_dw_1", "conv_pw_1"})
_SOUND = (43, 232, 1)
_POSE = (14739,)


def is_teachable(model: ModelSpec) -> bool:
    """Whether a model is what Teachable Machine makes of pictures."""
    parts = [layer for layer in model.layers if layer.class_name != "InputLayer"]
    if not model.sequential or len(parts) != 2 or any(part.model is None for part in parts):
        return False
    return _is_body(parts[0]) and _is_head(parts[1])


def refuse_others(model: ModelSpec) -> None:
    """Refuse Teachable Machine's models of sounds and poses, by the shape of what they take.

    Raises:
        ModelError: it is one.
    """
    first = model.layers[0] if model.layers else None
    shape = model.shape or (stated_shape(first) if first else None)
    classes = [layer.class_name for layer in model.layers if layer.class_name not in ("InputLayer", "Dropout")]
    if shape is not None and shape[1:] == _POSE and classes == ["Dense", "Dense"]:
        raise ModelError("keras.pose")
    if shape is not None and shape[1:] == _SOUND and "Conv2D" in classes:
        raise ModelError("keras.sound")


def _is_body(layer: LayerSpec) -> bool:
    leaves = list(layer.model.leaves()) if layer.model else []
    names = {leaf.name for leaf in leaves}
    return any(body <= names for body in _BODIES) and leaves[-1].class_name == "GlobalAveragePooling2D"


def _is_head(layer: LayerSpec) -> bool:
    leaves = [leaf for leaf in layer.model.leaves() if leaf.class_name != "InputLayer"] if layer.model else []
    if [leaf.class_name for leaf in leaves] != ["Dense", "Dense"]:
        return False
    return leaves[0].options.raw("activation") == "relu" and leaves[1].options.raw("activation") == "softmax"
