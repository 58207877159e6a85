import json

import numpy as np
import pytest
import torch
from torch.nn import functional

from olhar.base.errors import TrainingError
from olhar.base.signature import Signature
from olhar.models.zoo import MODELS, build
from olhar.training.augment import Augmentation
from olhar.training.batches import Batches, channel_statistics
from olhar.training.budget import Clock, fastest_threads, steps_within
from olhar.training.engine import Engine
from olhar.training.loop import Training
from olhar.training.recipe import Recipe
from olhar.training.state import restore, state
from tests.conftest import assert_says

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 90)
PIXELS = np.clip(RNG.integers(0, 60, (90, 8, 8, 3)) + 90 * np.eye(3)[LABELS][:, None, None, :], 0, 255).astype(np.uint8)
SIGNATURE = Signature(("a", "b", "c"), ("a", "b", "c"), 8, 8, mean=(0.4,) * 3, std=(0.2,) * 3)


def measured(*_):
    return {"val_f1": 0.0, "val_precision": 0.0, "val_recall": 0.0, "by_class": {}}


def training(pixels=PIXELS, **changes) -> Training:
    usual = {"epochs": 3, "batch": 16, "optimizer": "adamw", "model": "cnn", "width": 4, "dropout": 0.3, "seed": 5}
    recipe = Recipe().with_(usual | changes)
    torch.manual_seed(recipe.seed)
    network = build(recipe.model, 3, 3, (8, 8), recipe.shape)
    train = Batches(pixels, np.arange(70), LABELS[:70], recipe.batch)
    validation = Batches(pixels, np.arange(70, 90), LABELS[70:], 4)
    engine = Engine("cpu", "fp32", "engine.asked")
    augmentation = Augmentation(flip=True, shift=max(0.0, recipe.shift), classes=3, mixup=max(0.0, recipe.mixup))
    return Training(network, train, validation, recipe, SIGNATURE, engine, measured, recipe.epochs * len(train), augmentation)


class Halt(Exception):
    pass


def halt_after(steps: int):
    left = iter(range(steps - 1))

    def tick():
        if next(left, None) is None:
            raise Halt

    return tick


def same(one, other) -> bool:
    return all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_it_learns_what_is_easy():
    last = list(training(epochs=25, learning_rate=0.01).fit(lambda: None))[-1]
    assert last.val_accuracy > 0.9
    assert last.loss < 0.5


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    one, again, other = training(), training(), training(seed=6)
    for one_of_them in (one, again, other):
        list(one_of_them.fit(lambda: None))
    assert same(one.network.state_dict(), again.network.state_dict())
    assert not same(one.network.state_dict(), other.network.state_dict())


def test_nothing_that_was_drawn_before_changes_what_is_drawn():
    one, again = training(), training()
    torch.manual_seed(99)
    before = torch.get_rng_state()
    list(one.fit(lambda: None))
    assert torch.equal(before, torch.get_rng_state())
    torch.rand(1000)
    list(again.fit(lambda: None))
    assert same(one.network.state_dict(), again.network.state_dict())


WAYS = [
    {"optimizer": "adamw", "averaging": "ema", "average_span": 0.3},
    {"optimizer": "sgd", "schedule": "plateau", "plateau_patience": 1, "plateau_watch": "f1", "keep_by": "accuracy"},
    {"optimizer": "adam", "amsgrad": True, "l2": 1e-3, "schedule": "exponential", "decay_steps": 4, "loss": "binary"},
    {"optimizer": "muon", "averaging": "tail", "average_span": 0.6, "balance": "sampling"},
    {"optimizer": "muon", "model": "resnet", "momentum": 0.6, "balance": "weights", "warmup": 0.2, "schedule": "cosine"},
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["optimizer"])
@pytest.mark.parametrize("ticks", [1, 4, 5, 7, 15])
def test_going_on_gives_the_weights_of_one_that_never_stopped(ticks, way):
    """Each epoch ticks after four of its five steps, and between the two batches of validation: there the fifth one falls."""
    whole = training(**way)
    epochs = list(whole.fit(lambda: None))
    broken = training(**way)
    with pytest.raises(Halt):
        list(broken.fit(halt_after(ticks)))
    tensors, values = state(broken)
    resumed = training(**way)
    kept = {name: tensor.contiguous().clone() for name, tensor in tensors.items()}
    restore(resumed, kept, json.loads(json.dumps(values)))
    last = list(resumed.fit(lambda: None))[-1]
    assert same(whole.network.state_dict(), resumed.network.state_dict())
    assert same(whole.best, resumed.best)
    assert same(whole.answering.state_dict(), resumed.answering.state_dict())
    assert (last.loss, last.val_loss, last.step) == (epochs[-1].loss, epochs[-1].val_loss, epochs[-1].step)
    assert (last.learning_rate, last.epoch, last.best) == (epochs[-1].learning_rate, epochs[-1].epoch, epochs[-1].best)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("changes", [{}, {"mixup": 0.4}])
def test_every_network_goes_on_bit_for_bit_in_the_middle_of_an_epoch(model, changes):
    changes = {"model": model, "width": 8, "epochs": 2} | changes
    whole = training(**changes)
    list(whole.fit(lambda: None))
    broken, resumed = training(**changes), training(**changes)
    with pytest.raises(Halt):
        list(broken.fit(halt_after(7)))
    tensors, values = state(broken)
    restore(resumed, {name: tensor.contiguous().clone() for name, tensor in tensors.items()}, values)
    list(resumed.fit(lambda: None))
    assert same(whole.network.state_dict(), resumed.network.state_dict())
    assert same(whole.best, resumed.best)


def test_the_best_epoch_s_weights_are_kept():
    one = training(epochs=12, learning_rate=0.05, label_smoothing=0)
    epochs = list(one.fit(lambda: None))
    best = min(epochs, key=lambda epoch: epoch.val_loss)
    assert [epoch.epoch for epoch in epochs if epoch.best][-1] == best.epoch == one.keeping.epoch
    one.network.load_state_dict(one.best)
    assert one.validate()[0] == pytest.approx(best.val_loss, rel=1e-6)


def test_epochs_are_compared_by_the_loss_that_is_learnt_from_and_told_by_the_plain_one():
    one = training(epochs=3, label_smoothing=0.5)
    epochs = list(one.fit(lambda: None))
    one.network.load_state_dict(one.best)
    logits = torch.cat([one.predict(pictures) for pictures, _ in one.validation.in_order()])
    labels = torch.from_numpy(one.validation.labels)
    assert -one.keeping.value == pytest.approx(float(functional.cross_entropy(logits, labels, label_smoothing=0.5)), rel=1e-5)
    assert epochs[one.keeping.epoch - 1].val_loss == pytest.approx(float(functional.cross_entropy(logits, labels)), rel=1e-5)


def test_it_stops_when_nothing_gets_better():
    epochs = list(training(epochs=50, learning_rate=1e-12, patience=3, schedule="constant").fit(lambda: None))
    assert len(epochs) < 50
    assert not any(epoch.best for epoch in epochs[-3:])


def test_a_loss_that_is_no_number_stops_and_names_the_step():
    one = training()

    def break_it():
        if one.step == 3:
            one.network.head.weight.data.fill_(float("inf"))

    with pytest.raises(TrainingError) as error:
        list(one.fit(break_it))
    assert_says(error, "step 4", "learning rate")


def test_only_training_pictures_are_augmented(monkeypatch):
    """Training pictures come out otherwise than they went in; validation pictures meet the network as they are stored."""
    strong = Augmentation(flip=True, rotate=20.0, brightness=0.3, cutout=0.3, mixup=0.5, classes=3)
    one, before = training(), PIXELS.copy()
    varied, judged = [], []

    def vary(pictures, labels, generator):
        found = strong(pictures, labels, generator)
        varied.append((pictures.clone(), found[0]))
        return found

    predict = one.predict
    monkeypatch.setattr(one, "augmentation", vary)
    monkeypatch.setattr(one, "predict", lambda pictures: judged.append(pictures.clone()) or predict(pictures))
    list(one.fit(lambda: None))
    assert sum(len(pictures) for pictures, _ in varied) == 3 * 70
    assert not any(torch.equal(pictures, found) for pictures, found in varied)
    stored = torch.from_numpy(PIXELS[70:]).permute(0, 3, 1, 2)
    assert torch.equal(torch.cat(judged), torch.cat([stored] * 3))
    assert np.array_equal(before, PIXELS)


def test_every_picture_is_seen_once_an_epoch():
    batches = Batches(PIXELS, np.arange(70), LABELS[:70], 16)
    assert sorted(batches.order(0, 3).tolist()) == list(range(70))
    assert batches.order(0, 3).tolist() != batches.order(0, 4).tolist()
    assert [len(labels) for _, labels in batches.shuffled(0, 0)] == [16, 16, 16, 16, 6]
    assert torch.equal(
        torch.cat([labels for _, labels in batches.shuffled(0, 0, start=2)]),
        torch.cat([labels for _, labels in batches.shuffled(0, 0)])[32:],
    )


def test_statistics_of_channels_are_those_of_the_pixels():
    mean, std = channel_statistics(PIXELS, np.arange(90))
    assert mean == pytest.approx((PIXELS / 255).mean(axis=(0, 1, 2)), abs=1e-5)
    assert std == pytest.approx((PIXELS / 255).std(axis=(0, 1, 2)), abs=1e-5)
    assert channel_statistics(np.full((4, 8, 8, 1), 7, np.uint8), np.arange(4))[1] == (1.0,)


def test_a_time_budget_becomes_steps_and_changes_nothing_else():
    one = training()
    before = {name: tensor.clone() for name, tensor in one.network.state_dict().items()}
    steps = steps_within(one, 20.0)
    assert 1 <= steps <= 200 * len(one.train)
    assert steps_within(one, 0.0) == 1
    assert same(before, one.network.state_dict())
    assert one.step == 0


@pytest.mark.parametrize(
    ("pictures", "size", "sizes"), [(9, 4, [4, 5]), (8, 4, [4, 4]), (10, 4, [4, 4, 2]), (1, 4, [1]), (3, 1, [1] * 3)]
)
def test_a_single_picture_that_would_be_left_over_goes_into_the_last_batch(pictures, size, sizes):
    batches = Batches(PIXELS, np.arange(pictures), np.arange(pictures), size)
    assert [len(labels) for _, labels in batches.shuffled(0, 0)] == sizes
    assert len(batches) == len(sizes)
    assert sorted(int(label) for _, labels in batches.shuffled(3, 1) for label in labels) == list(range(pictures))
    assert [len(labels) for _, labels in batches.shuffled(0, 0, start=1)] == sizes[1:]


def test_deep_stages_learn_where_one_picture_would_be_left_over():
    one = training(model="vgg", width=4, batch=23)
    assert len(one.train.rows) % 23 == 1
    assert next(iter(one.fit(lambda: None))).loss > 0


def test_normalisation_whose_weights_are_frozen_keeps_its_statistics():
    one = training(width=4)
    norms = [layer for layer in one.network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for parameter in norms[0].parameters():
        parameter.requires_grad_(requires_grad=False)
    before = [norm.running_mean.clone() for norm in norms]
    next(iter(one.fit(lambda: None)))
    assert [torch.equal(norm.running_mean, was) for norm, was in zip(norms, before, strict=True)] == [True] + [False] * (
        len(norms) - 1
    )


def test_the_steps_follow_how_fast_it_goes_within_an_epoch(monkeypatch):
    one, now = training(batch=2), [100.0]
    monkeypatch.setattr("olhar.training.budget.time.monotonic", lambda: now[0])
    clock = Clock(one, deadline=100 + 600)
    clock.validation = 0.0

    def go(steps: int, seconds: float) -> None:
        for _ in range(steps):
            one.step += 1
            now[0] += seconds
            clock.adjust()

    now[0] += 60
    go(1, 30.0)
    clock.deadline += 90
    go(9, 1.0)
    assert one.total == 601
    go(40, 2.0)
    assert one.total == pytest.approx(one.step + (790 - now[0]) / 2, rel=0.1)
    assert one.step % len(one.train)
    now[0] += 100
    clock.note_validation(100.0)
    go(40, 2.0)
    assert one.total == pytest.approx(one.step + (790 - now[0] - 100) / (2 + 100 / 35), rel=0.1)
    now[0] = 900
    go(1, 1.0)
    assert one.total == one.step + 1


def test_each_epoch_says_how_long_the_rest_would_take():
    epochs = list(training().fit(lambda: None))
    assert [round(one.seconds_left / one.seconds) for one in epochs] == [2, 1, 0]


def test_a_clock_adds_no_step_while_the_last_weights_are_judged(monkeypatch):
    one, now = training(batch=2), [100.0]
    monkeypatch.setattr("olhar.training.budget.time.monotonic", lambda: now[0])
    clock = Clock(one, deadline=1000.0)
    predict = one.predict

    def slowly(pictures):
        now[0] += 30.0
        return predict(pictures)

    monkeypatch.setattr(one, "predict", slowly)
    one.total, clock.looked, clock.step, clock.begun, clock.deadline = 20, 100.0, 0, 100.0, 100.0
    epochs = list(one.fit(lambda: clock.adjust() if one.step >= 20 else None))
    assert one.step == one.total == 20
    assert [epoch.epoch for epoch in epochs] == [1]


def test_an_average_of_the_last_steps_begins_anew_where_the_end_moves_away():
    one = training(averaging="tail", average_span=0.5, epochs=4)
    average, network = one.average, one.network
    average.update(network, 15, 20)
    assert average.count == 1
    average.update(network, 16, 60)
    assert average.answering(network, []) is network
    average.update(network, 40, 60)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(average.network.parameters(), network.parameters(), strict=True))


def test_a_loss_that_is_no_number_names_the_rate_that_a_recipe_can_change():
    one = training(learning_rate=0.5, warmup=0.9)

    def break_it():
        one.network.head.weight.data.fill_(float("inf"))

    with pytest.raises(TrainingError) as error:
        list(one.fit(break_it))
    assert_says(error, "0.5", "a third of that")


def test_a_light_network_gets_one_thread_without_a_trial(monkeypatch):
    monkeypatch.setattr("olhar.training.budget._adding", lambda *_: pytest.fail("tried"))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        assert fastest_threads(training()) == torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
