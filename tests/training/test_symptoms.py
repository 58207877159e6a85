from dataclasses import replace

import numpy as np
import pytest

from olhar.base.texts import LANGUAGES, speaking
from olhar.training.symptoms import symptoms
from tests.training.test_loop import LABELS, PIXELS, training


def told(one, epoch=2):
    """The keys of what is said after so many epochs, without their room."""
    epochs = list(one.fit(lambda: None))
    found = symptoms(one, epochs[epoch])
    for language in LANGUAGES:
        with speaking(language):
            assert all("{" not in str(sentence) and len(str(sentence)) > 20 for sentence in found)
    return [sentence.key.removeprefix("training.") for sentence in found]


def test_a_training_that_learns_is_left_alone():
    assert told(training(epochs=8, learning_rate=0.02, dropout=0.0), epoch=7) == []


@pytest.mark.filterwarnings("ignore")
def test_a_rate_that_is_far_too_high_is_the_first_suspect():
    found = told(training(learning_rate=3.0, dropout=0.0))
    assert found[0] in ("guessing", "one_class")
    assert found[1] == "cause_rate_high"
    assert found[-1] == "cause_labels"


def test_a_rate_that_is_far_too_low_is_named():
    assert "cause_rate_low" in told(training(learning_rate=1e-7))


def test_too_few_steps_are_named():
    assert "cause_few_steps" in told(training(learning_rate=1e-5))


def test_random_labels_that_are_learnt_by_heart_are_named():
    one = training(epochs=25, learning_rate=0.01, dropout=0.0, shift=0.0, width=16, schedule="constant", patience=0)
    noise = np.random.default_rng(1).integers(0, 256, PIXELS.shape, dtype=np.uint8)
    one.train, one.validation = replace(one.train, pixels=noise), replace(one.validation, pixels=noise)
    one.augmentation = lambda pictures, labels, _: (pictures, labels)
    found = told(one, epoch=-1)
    assert found[1] == "cause_by_heart"
    assert found[-1] == "cause_labels"


def test_one_answer_for_all_is_told_but_not_where_nearly_all_pictures_are_of_one_class():
    one = training(learning_rate=1e-7)
    last = list(one.fit(lambda: None))[-1]
    always = replace(last, val_commonest=1.0, val_accuracy=0.3)
    assert symptoms(one, always)[0].key == "training.one_class"
    skewed = np.where(np.arange(len(LABELS[70:])) == 0, 1, 0)
    one.validation = replace(one.validation, labels=skewed)
    assert symptoms(one, replace(always, val_accuracy=1.0)) == []


def test_a_balanced_training_is_measured_by_what_it_finds_of_each_class_not_by_the_commonest():
    one = training(balance="sampling")
    last = list(one.fit(lambda: None))[-1]
    rare = np.where(np.arange(len(LABELS[70:])) < 2, 1, 0)
    one.validation = replace(one.validation, labels=rare)
    well = replace(last, val_commonest=0.8, val_accuracy=0.85, val_recall=0.9)
    assert symptoms(one, well) == []
    assert symptoms(one, replace(well, val_recall=0.5))[0].key == "training.guessing_of_each"


def test_that_it_may_only_be_early_is_told_while_the_rate_still_rises():
    one = training(epochs=40, learning_rate=0.0007)
    epoch = replace(next(iter(one.fit(lambda: None))), epoch=3, val_accuracy=0.2, val_commonest=0.5)
    found = symptoms(one, epoch)
    assert [sentence.key for sentence in found[:2]] == ["training.guessing", "training.cause_early"]
    assert found[1].values == {"epoch": 3, "until": 6}
    one.step = one.total // 2
    assert all(sentence.key != "training.cause_early" for sentence in symptoms(one, epoch))


@pytest.mark.parametrize(("rate", "blamed"), [(0.001, False), (0.01, True)])
def test_a_rate_that_documents_give_is_not_blamed_for_small_batches_and_a_long_training_has_only_begun(rate, blamed):
    one = training(epochs=80, optimizer="adam", learning_rate=rate, batch=16, schedule="constant")
    epoch = replace(next(iter(one.fit(lambda: None))), epoch=3, val_accuracy=0.2, val_commonest=0.5, loss=1.0)
    one.step = one.total // 20
    keys = [sentence.key.removeprefix("training.") for sentence in symptoms(one, epoch)]
    assert ("cause_rate_high" in keys) == blamed
    assert "cause_begun" in keys
