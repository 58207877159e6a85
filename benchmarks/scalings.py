"""How public Keras files want their pictures scaled: what a trial on labelled pictures finds, beside what their authors did.

    python benchmarks/scalings.py --into rows.jsonl [--draws 3] [--table]

Every file of ``keras-models`` for which OLHAR_TEST_DATA holds labelled pictures, asked with up to forty pictures of each class
(drawn by the seed), half of which choose and half judge, as ``olhar inspect FILE --data PICTURES`` does. The author's scaling is
what stands in the program that the project keeps beside its model; "not told" where it keeps none. Pictures come from the part
that the authors are least likely to have learnt from. A row a file and draw; rows that stand in the file are not measured again.
"""

import argparse
import os
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from rows import missing, rows, table

import olhar
from olhar.base.progress import Quiet
from olhar.data.dataset import Dataset
from olhar.foreign.classifier import open_classifier
from olhar.foreign.preprocessing import known_preprocessing
from olhar.foreign.tryout import Tryout, try_out

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
EACH = 40


@dataclass(frozen=True)
class Asked:
    """A file, the pictures it is asked with (set, part, classes), and what its author did."""

    file: str
    set: str
    part: str
    classes: tuple[str, ...]
    author: str


WASTE, FINGERS = ("cardboard", "glass", "metal", "plastic"), ("d0", "d1", "d2", "d3", "d4", "d5")
FACES = "lukas__face_classification/trained_models__"
ASKED = (
    Asked("Blend06__Image_Classification/image_classifier.keras", "cifar10.zip", "test", (), "0..1"),
    Asked("PiotrWilkowski__CIFAR10-Image-Classifier/image_classifier.keras", "cifar10.zip", "test", (), "0..1"),
    Asked("abd4llah-cs__Image-Classification-Using-CNN/image_classifier.keras", "cifar10.zip", "test", (), "0..1"),
    Asked("Achraf-Louiza__My-Image-Recognition-Model/model_weights.h5", "cifar10.zip", "test", (), "0..1"),
    Asked("JeanXL__CatsVSDogs/cats_vs_dogs.h5", "cats-dogs.zip", "", (), "0..1"),
    Asked("AIAnytime__Waste-Classifier-Sustainability-App/keras_model.h5", "few/trash.zip", "", WASTE, "-1..1"),
    Asked("DERdeepanshu__Emotion-Recognition/fer.h5", "fer2013.zip", "validation", (), "0..1"),
    Asked("akipekoren__emotion-detection/fer.h5", "fer2013.zip", "validation", (), "not told"),
    *(
        Asked(f"{FACES}{name}.hdf5", "fer2013.zip", "validation", (), "-1..1")
        for name in (
            *("emotion_models__fer2013_mini_XCEPTION.102-0.66", "fer2013_mini_XCEPTION.119-0.65", "fer2013_big_XCEPTION.54-0.66"),
            *("emotion_models__mini_XCEPTION_KDEF", "emotion_models__tiny_XCEPTION_KDEF"),
        )
    ),
    *(
        Asked(f"lag25__Finger_detection_ConvNet/{name}.h5", "few/hand-digits.zip", "", FINGERS, "0..1")
        for name in ("cnn", "cnn_2", "accuracy", "tappe", "Kernel_Change")
    ),
)


def main() -> None:
    """Measure what is missing, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--table", action="store_true", help="only write the table of what was measured")
    given = parser.parse_args()
    for seed in range(0 if given.table else given.draws):
        for asked in ASKED:
            missing(given.into, {"file": asked.file, "seed": seed}, partial(measured, asked, seed))
    print(written(rows(given.into)))


@cache
def pictures(name: str) -> Dataset:
    return olhar.read(DATA / name, progress=Quiet())


def drawn(asked: Asked, seed: int) -> Dataset:
    """Up to forty pictures of each class, in no part."""
    whole = pictures(asked.set)
    rng, chosen = np.random.default_rng(seed), list[int]()
    of_part = np.array([part == asked.part for part in whole.brought])
    kept = [name for name in whole.classes if not asked.classes or name in asked.classes]
    for name in kept:
        own = np.flatnonzero(of_part & (whole.labels == whole.classes.index(name)))
        chosen += rng.permutation(own)[:EACH].tolist()
    some = whole.only(chosen)
    places = {whole.classes.index(name): place for place, name in enumerate(kept)}
    labels = np.array([places[label] for label in some.labels.tolist()], np.int64)
    return replace(some, brought=[""] * len(some), classes=tuple(kept), labels=labels)


def measured(asked: Asked, seed: int) -> dict[str, Any]:
    classifier, dataset = open_classifier(DATA / "keras-models" / asked.file), drawn(asked, seed)
    known = known_preprocessing(classifier)
    certain = known.signature if known.source in ("teachable_machine", "own_layers") else None
    trial = try_out(classifier, dataset, Quiet(), certain)
    return {"set": asked.set, "n": len(dataset), "author": asked.author, "found": trial.chosen.name, **told(trial)}


def told(trial: Tryout) -> dict[str, Any]:
    """The scores of the way that is taken and of its scaling's rivals, in its order of colours and its fit."""
    alike = [
        score
        for score in trial.scores
        if (score.candidate.colour, score.candidate.fit) == (trial.chosen.colour, trial.chosen.fit)
        or (score.candidate.scaling == "caffe" and score.candidate.fit == trial.chosen.fit)
    ]
    scores = {s.candidate.scaling: [round(s.accuracy.value, 4), round(s.log_loss, 4), s.tied] for s in alike}
    return {
        "scores": scores,
        "right": trial.accuracy.value,
        "judged": trial.accuracy.n,
        "useful": trial.useful,
        "unsure": trial.unsure,
    }


def written(measurements: list[dict[str, Any]]) -> str:
    """A line a file: means over the draws."""
    lines: list[list[str]] = []
    for asked in ASKED:
        own = [row for row in measurements if row["file"] == asked.file]
        if not own:
            continue
        names = sorted({name for row in own for name in row["scores"]}, key=lambda name: _loss(own, name))
        scores = "; ".join(f"{name} {100 * _share(own, name):.0f}%, {_loss(own, name):.2f}" for name in names[:4])
        found = sorted({row["found"].split()[0] if row["useful"] else "none" for row in own})
        right = f"{100 * mean(row['right'] for row in own):.0f}%"
        project = asked.file.partition("__")[2].replace("trained_models__", "").replace("emotion_models__", "")
        lines.append([project, asked.set.removesuffix(".zip"), scores, ", ".join(found), right, asked.author])
    return table(
        ["file", "pictures", "right and log-loss by scaling, the four likeliest", "taken", "right then", "the author"], lines
    )


def _of(own: list[dict[str, Any]], name: str, place: int) -> float:
    return mean(row["scores"][name][place] for row in own if name in row["scores"])


def _share(own: list[dict[str, Any]], name: str) -> float:
    return _of(own, name, 0)


def _loss(own: list[dict[str, Any]], name: str) -> float:
    return _of(own, name, 1)


if __name__ == "__main__":
    main()
