"""heat_map: where a model looks in a picture."""

from olhar.base.errors import UsageError
from olhar.base.path_errors import tells_paths
from olhar.base.types import StrPath
from olhar.bundle.heat.heat_map import HeatMap
from olhar.bundle.heat.looking import heat_maps
from olhar.bundle.heat.method import Method
from olhar.bundle.heat.resizing import resized
from olhar.bundle.predictor import Picture, Predictor
from olhar.verbs.load import load


@tells_paths
def heat_map(
    model: StrPath | Predictor, picture: Picture, of: str | None = None, *, method: Method | None = None, bgr: bool = False
) -> HeatMap:
    """Where a model looks when it names a class.

    A class activation map (Zhou et al. 2016), exact and one question long, where the network ends in pooled maps and a head on
    them: head starts, ``resnet``, ``separable``, ``quick``, most published networks. Elsewhere occlusion (Zeiler and Fergus
    2014), 50 questions.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        picture: a path, encoded bytes, a Pillow picture, or a uint8 array (H, W), (H, W, 1) or (H, W, 3) in RGB.
        of: the key of a class, or its name to show; by default the likeliest.
        method: ``activation`` or ``occlusion``; by default the first where it is exact.
        bgr: an array is in OpenCV's order, blue first.

    Raises:
        ModelError: the model cannot be opened, or does not end as ``activation`` needs it.
        PictureError: not a picture, or damaged.
        UsageError: the model has no such class.
    """
    predictor = model if isinstance(model, Predictor) else load(model)
    pixels = predictor.prepare(picture, bgr=bgr)
    k = int(predictor.probabilities(pixels[None])[0].argmax()) if of is None else _index(predictor, of)
    maps = heat_maps(predictor, pixels[None], [k], method)
    signature = predictor.signature
    return HeatMap(signature.classes[k], signature.names[k], resized(maps.values, pixels.shape[:2])[0], maps.method, pixels)


def _index(predictor: Predictor, of: str) -> int:
    signature = predictor.signature
    for names in (signature.classes, signature.names):
        if of in names:
            return names.index(of)
    raise UsageError("heat.no_class", where=predictor.name, name=of, classes=", ".join(signature.names[:10]))
