"""What a page says of a model beside its answers: notices, classes, the part that it sees, and its card."""

from collections.abc import Sequence
from typing import Any

from olhar.bundle.predictor import Predictor


def about(name: str, predictor: Predictor, models: Sequence[str]) -> dict[str, Any]:
    """What JSON can say of it, in the language in use.

    Args:
        name: what the model is called here.
        predictor: the model.
        models: the names of all models that may be asked instead.
    """
    signature = predictor.signature
    labels = [{"class": key, "name": shown} for key, shown in zip(signature.classes, signature.names, strict=True)]
    wanted = {"width": signature.width, "height": signature.height, "channels": signature.channels, "fit": signature.fit}
    told = {"threshold": signature.threshold, "sets_from": signature.sets_from, "tells_unlike": bool(signature.false_alarms)}
    said = {"notices": [str(notice) for notice in predictor.notices], "card": predictor.card}
    return {"model": name, "models": list(models), "labels": labels, "wanted": wanted} | told | said
