"""Prediction: the answer for one picture, as a person reads it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.class_sets import in_sets
from olhar.base.html import meter, table
from olhar.base.texts import percent, say, visible

Why = Literal["", "unsure", "unlike"]
"""What a model doubts: none of its classes is likely enough; or the picture is unlike any that it has seen."""


@dataclass(frozen=True)
class Prediction:
    """What a model says of one picture.

    Attributes:
        classes: keys of the classes.
        names: the names to show, in the same order.
        probabilities: float32 (K,), in the same order, adding up to 1.
        picture: the picture's name; empty where it has none.
        truth: the key of the class that it is known to be; None where nobody says.
        threshold: the least confidence of an answer; 0: nothing is withheld.
        unlikeness: how unlike any that taught the picture is: 0 is usual, above 1 ``why`` says ``unlike``; None: nobody tells.
        sets_from: the least probability of a class in ``prediction_set``; None: the model makes no sets.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    probabilities: NDArray[np.float32]
    picture: str = ""
    truth: str | None = None
    threshold: float = 0.0
    unlikeness: float | None = None
    sets_from: float | None = None

    @property
    def index(self) -> int:
        """The index of the likeliest class."""
        return int(self.probabilities.argmax())

    @property
    def label(self) -> str:
        """The key of the likeliest class."""
        return self.classes[self.index]

    @property
    def name(self) -> str:
        """The name to show of the likeliest class."""
        return self.names[self.index]

    @property
    def confidence(self) -> float:
        """The probability of the likeliest class."""
        return float(self.probabilities[self.index])

    @property
    def why(self) -> Why:
        """``unlike`` where the picture is unlike any that the model has seen, ``unsure`` where no class is likely enough."""
        if self.unlikeness is not None and self.unlikeness > 1:
            return "unlike"
        return "" if self.confidence >= np.float32(self.threshold) else "unsure"

    @property
    def answer(self) -> str:
        """The key of the likeliest class; empty where the model says that it does not know.

        Of a picture that is ``unlike`` it says so only where it withholds answers at all (``threshold``).
        """
        return "" if self.why and self.threshold else self.label

    @property
    def prediction_set(self) -> tuple[str, ...]:
        """The keys of classes that together hold the true one as often as was asked, likeliest first; none without sets."""
        if self.sets_from is None:
            return ()
        inside = in_sets(self.probabilities[None], self.sets_from)[0]
        return tuple(self.classes[i] for i in np.argsort(-self.probabilities, kind="stable").tolist() if inside[i])

    def ranked(self, top: int | None = None) -> list[tuple[str, str, float]]:
        """Key, name to show and probability of each class, best first; the best ``top`` of them."""
        order = np.argsort(-self.probabilities, kind="stable")[:top].tolist()
        return [(self.classes[i], self.names[i], float(self.probabilities[i])) for i in order]

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """The form of ``--json`` and of the server.

        ``class``, ``name`` and ``confidence`` of the likeliest class, ``answer`` (its key, or empty), ``why`` (what is doubted),
        ``predictions``, best first; ``set``, the keys of ``prediction_set``, where the model makes sets.
        """
        ranked = [{"class": key, "name": name, "probability": share} for key, name, share in self.ranked(top)]
        best = {"class": self.label, "name": self.name, "confidence": self.confidence}
        own = {} if self.sets_from is None else {"set": list(self.prediction_set)}
        return best | {"answer": self.answer, "why": self.why, **own, "predictions": ranked}

    def __str__(self) -> str:
        likeliest = ", ".join(f"{visible(name)} {percent(share, 0)}" for _, name, share in self.ranked(3))
        told = likeliest if self.answer else f"{say('predict.do_not_know')} ({likeliest})"
        return f"{told}; {say('predict.unlike')}" if self.why == "unlike" else told

    def __repr__(self) -> str:
        return f"<{visible(self.picture)}: {self}>" if self.picture else f"<{self}>"

    def _repr_html_(self) -> str:
        heads = say("predict.answer"), "", say("predict.confidence")
        ranked = self.ranked(5)
        return table(heads, [(name, meter(share), percent(share)) for _, name, share in ranked], numbers=(2,))
