"""What network a table of weights is of, as far as the names and shapes of its tensors tell: torchvision's and timm's."""

import re
from collections.abc import Mapping

from olhar.data.formats.tensor_pickle import Tensor

Tensors = Mapping[str, Tensor]

_PREFIXES = ("module.", "_orig_mod.", "model.", "net.", "network.", "encoder.", "backbone.")
_RESNETS: dict[tuple[bool, tuple[int, ...]], str] = {
    (False, (2, 2, 2, 2)): "ResNet-18",
    (False, (3, 4, 6, 3)): "ResNet-34",
    (True, (3, 4, 6, 3)): "ResNet-50",
    (True, (3, 4, 23, 3)): "ResNet-101",
    (True, (3, 8, 36, 3)): "ResNet-152",
}
_VGGS = {8: "VGG-11", 10: "VGG-13", 13: "VGG-16", 16: "VGG-19"}
_DENSENETS: dict[tuple[int, ...], str] = {
    (6, 12, 24, 16): "DenseNet-121",
    (6, 12, 32, 32): "DenseNet-169",
    (6, 12, 48, 32): "DenseNet-201",
    (6, 12, 36, 24): "DenseNet-161",
}
_EFFICIENTNETS = {1408: "B2", 1536: "B3", 1792: "B4", 2048: "B5", 2304: "B6", 2560: "B7"}
"""By the channels before the head; B0 and B1 both have 1280."""
_CONVNEXTS = {(96, 9): "ConvNeXt-Tiny", (96, 27): "ConvNeXt-Small", (128, 27): "ConvNeXt-Base", (192, 27): "ConvNeXt-Large"}
_VITS = {192: "ViT-Ti", 384: "ViT-S", 768: "ViT-B", 1024: "ViT-L", 1280: "ViT-H"}


def without_prefix(tensors: Tensors) -> tuple[Tensors, str]:
    """The same without what every name opens with (``module.`` of DataParallel, ``_orig_mod.`` of torch.compile); and that."""
    removed = ""
    while prefix := next((prefix for prefix in _PREFIXES if tensors and all(name.startswith(prefix) for name in tensors)), ""):
        tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
        removed += prefix
    return tensors, removed


def network_name(tensors: Tensors) -> str:
    """The network's usual name; ``""`` where the names and shapes are of none that is known here."""
    families = (_resnet, _mobilenet, _efficientnet, _convnext, _densenet, _vit, _timm, _stacked)
    return next((name for family in families if (name := family(tensors))), "")


def output_count(tensors: Tensors) -> int | None:
    """How many numbers the last dense layer gives: the classes, most likely; None where there is none."""
    dense = [tensor for name, tensor in tensors.items() if name.endswith("weight") and len(tensor.shape) == 2]
    return dense[-1].shape[0] if dense else None


def _shape(tensors: Tensors, name: str) -> tuple[int, ...]:
    """A weight's shape, zeros where there is none of that name."""
    tensor = tensors.get(name)
    return (*tensor.shape, 0, 0, 0, 0)[:4] if tensor else (0, 0, 0, 0)


def _count(tensors: Tensors, pattern: str) -> int:
    """How many different things the names say at the pattern's group."""
    return len({match[1] for name in tensors if (match := re.match(pattern, name))})


def _resnet(tensors: Tensors) -> str:
    if "layer1.0.conv1.weight" not in tensors:
        return ""
    deep = "layer1.0.conv3.weight" in tensors
    name = _RESNETS.get((deep, tuple(_count(tensors, rf"layer{stage}\.(\d+)\.") for stage in range(1, 5))), "ResNet")
    outer, inner = _shape(tensors, "layer1.0.conv2.weight")[:2]
    if deep and inner and outer != inner:
        return f"ResNeXt{name.removeprefix('ResNet')}"
    return f"Wide {name}" if deep and outer == 128 else name


def _mobilenet(tensors: Tensors) -> str:
    if "features.1.conv.0.0.weight" in tensors and "features.18.0.weight" in tensors:
        return "MobileNetV2"
    if "features.1.block.0.0.weight" in tensors and "classifier.3.weight" in tensors:
        return {1280: "MobileNetV3-Large", 1024: "MobileNetV3-Small"}.get(
            _shape(tensors, "classifier.0.weight")[0], "MobileNetV3"
        )
    return ""


def _efficientnet(tensors: Tensors) -> str:
    if "features.1.0.block.0.0.weight" not in tensors or "features.0.0.weight" not in tensors:
        return ""
    if not any(".fc1.weight" in name for name in tensors if name.startswith("features.1.")):
        return "EfficientNetV2"
    last = _count(tensors, r"features\.(\d+)\.") - 1
    width = _shape(tensors, f"features.{last}.0.weight")[0]
    small = "B0" if _count(tensors, r"features\.1\.(\d+)\.") == 1 else "B1"
    return f"EfficientNet-{_EFFICIENTNETS.get(width, small)}"


def _convnext(tensors: Tensors) -> str:
    if "features.1.0.layer_scale" not in tensors:
        return ""
    size = _shape(tensors, "features.0.0.weight")[0], _count(tensors, r"features\.5\.(\d+)\.")
    return _CONVNEXTS.get(size, "ConvNeXt")


def _densenet(tensors: Tensors) -> str:
    blocks = tuple(_count(tensors, rf"features\.denseblock{block}\.(denselayer\d+)\.") for block in range(1, 5))
    return _DENSENETS.get(blocks, "DenseNet" if blocks[0] else "")


def _vit(tensors: Tensors) -> str:
    of_torchvision, of_timm = _shape(tensors, "conv_proj.weight"), _shape(tensors, "patch_embed.proj.weight")
    patch = of_torchvision if "class_token" in tensors else of_timm if "cls_token" in tensors else (0, 0, 0, 0)
    return f"{_VITS.get(patch[0], 'ViT')}/{patch[2]}" if patch[0] else ""


def _timm(tensors: Tensors) -> str:
    return "EfficientNet or MobileNet (timm)" if {"conv_stem.weight", "blocks.0.0.bn1.weight"} <= tensors.keys() else ""


def _stacked(tensors: Tensors) -> str:
    """VGG and AlexNet: a row of convolutions, then three dense layers of 4,096."""
    if _shape(tensors, "features.0.weight")[1:] == (3, 11, 11) and "classifier.6.weight" in tensors:
        return "AlexNet"
    convolutions = sum(len(tensor.shape) == 4 for name, tensor in tensors.items() if re.match(r"features\.\d+\.weight", name))
    if convolutions not in _VGGS or "classifier.0.weight" not in tensors:
        return ""
    return _VGGS[convolutions] + (" (BN)" if "features.1.running_mean" in tensors else "")
