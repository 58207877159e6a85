"""The peer of ``benchmarks/cats_dogs.py``: the same job in tf_keras with ImageDataGenerator, as a document of this field does it.

    python cats_dogs_keras.py keras_model.h5 FOLDER document|head SEED

FOLDER holds ``train``, ``validation`` and ``test``, each with a folder a class. Prints a line of JSON. Runs in an environment of
its own, with TensorFlow and tf_keras in it.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import tf_keras
from tf_keras.preprocessing.image import ImageDataGenerator

BATCH, EPOCHS = 32, 10


def scaled(x):
    return x / 127.5 - 1


def flow(folder: Path, part: str, side: int, **augmentation):
    maker = ImageDataGenerator(preprocessing_function=scaled, **augmentation)
    settings = {
        "target_size": (side, side),
        "batch_size": BATCH,
        "class_mode": "categorical",
        "shuffle": part == "train",
        "seed": 0,
    }
    return maker.flow_from_directory(folder / part, **settings)


def prepared(model, job: str):
    """The document's: its last five layers, which of a Teachable Machine file are all; or a frozen body and a new head."""
    if job == "document":
        for layer in model.layers[:-5]:
            layer.trainable = False
        model.compile(tf_keras.optimizers.Adam(1e-5), "binary_crossentropy", metrics=["accuracy"])
        return model
    body = model.layers[0]
    body.trainable = False
    built = tf_keras.Sequential([body, tf_keras.layers.Dense(2, activation="softmax")])
    built.build((None, *model.input_shape[1:]))
    built.compile(tf_keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=["accuracy"])
    return built


def main() -> None:
    file, folder, job, seed = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    begun = time.perf_counter()
    tf_keras.utils.set_random_seed(seed)
    model = prepared(tf_keras.models.load_model(file, compile=False), job)
    side = model.input_shape[1]
    train = flow(
        folder,
        "train",
        side,
        rotation_range=20,
        width_shift_range=0.2,
        height_shift_range=0.2,
        horizontal_flip=True,
        fill_mode="nearest",
    )
    validation, test = flow(folder, "validation", side), flow(folder, "test", side)
    before = model.evaluate(test, verbose=0)[1]
    with tempfile.TemporaryDirectory() as kept:
        best = str(Path(kept) / "best.h5")
        callbacks = [
            tf_keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True),
            tf_keras.callbacks.ReduceLROnPlateau(monitor="val_accuracy", factor=0.5, patience=3),
            tf_keras.callbacks.ModelCheckpoint(best, monitor="val_accuracy", save_best_only=True),
        ]
        history = model.fit(train, validation_data=validation, epochs=EPOCHS, callbacks=callbacks, verbose=0)
        model.load_weights(best)
    found = {"before": before, "validation": max(history.history["val_accuracy"]), "test": model.evaluate(test, verbose=0)[1]}
    print(json.dumps(found | {"n": test.samples, "epochs": len(history.epoch), "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
