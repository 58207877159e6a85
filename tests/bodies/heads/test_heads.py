"""Heads on made pooled outputs: classes are directions in noise, in the features or in an earlier block alone."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import betabinom
from sklearn.linear_model import LogisticRegression

from olhar.bodies.heads.candidates import candidates, wanted
from olhar.bodies.heads.deal import deal, folds_for
from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.head import Features, softmax, softsign
from olhar.bodies.heads.interval import DESIGN, expected_accuracy, expected_on
from olhar.bodies.heads.learning import LearntHead, fit_head, learn_head
from olhar.bodies.heads.logistic import UNSEEN, solve
from olhar.bodies.heads.out_of_fold import STRENGTH
from olhar.bodies.heads.pool import log_losses, pool_weights
from olhar.bodies.heads.spaces import BlockRows, ColumnSpace, GramSpace, space_of
from olhar.evaluation.intervals import wilson

WIDTHS = {"block_3": 10, "block_7": 20, "block_11": 30, "block_15": 40, "features": 60}


def labels_of(n: int, classes: int) -> NDArray[np.int64]:
    return np.arange(n) % classes


def made(labels: NDArray[np.int64], clear: dict[str, float], views: int = 2, seed: int = 0) -> Features:
    """Outputs in which classes lie as far apart as ``clear`` says, block by block; 0: the block knows nothing."""
    rng = np.random.default_rng(seed)
    made = {}
    for name, width in WIDTHS.items():
        centres = rng.normal(size=(int(labels.max()) + 1, width)) * clear.get(name, 0.0)
        noise = rng.normal(size=(1, len(labels), width)) + 0.1 * rng.normal(size=(views, len(labels), width))
        made[name] = (centres[labels] + noise).astype(np.float16)
    return made


def learnt(labels: NDArray[np.int64], features: Features, classes: int | None = None, **options) -> LearntHead:
    options = {"groups": np.arange(len(labels))} | options
    return learn_head(features, labels, classes=classes or int(labels.max()) + 1, **options)


def one_view(features: Features) -> Features:
    return {name: each[0] for name, each in features.items()}


def share_right(found: LearntHead, features: Features, labels: NDArray[np.int64]) -> float:
    return float((found.head.logits(one_view(features)).argmax(axis=1) == labels).mean())


def rows_and_targets(n: int, width: int, classes: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(n + width + classes)
    return rng.normal(size=(n, width)) / np.sqrt(width), labels_of(n, classes)


SHAPES = [(40, 15, 3), (40, 90, 3), (60, 20, 2), (30, 200, 2), (100, 200, 2), (80, 30, 5)]


@pytest.mark.parametrize(("n", "width", "classes"), SHAPES)
@pytest.mark.parametrize("strength", [0.5, 30.0])
def test_the_regression_is_scikit_learn_s(n, width, classes, strength):
    rows, labels = rows_and_targets(n, width, classes)
    space = space_of([BlockRows(rows, rows)])
    unknowns = solve(space, np.eye(classes)[:, labels], np.full((1, n), strength), tolerance=1e-8)
    theirs = LogisticRegression(C=strength * (2 if classes == 2 else 1), tol=1e-9, max_iter=5000).fit(rows, labels)
    ours = softmax(space.judged(unknowns)[0].T)
    assert ours == pytest.approx(theirs.predict_proba(rows), abs=1e-5)


@pytest.mark.parametrize("n", [20, 50])
def test_fewer_dimensions_than_columns_change_nothing(n):
    rows, labels = rows_and_targets(n, 40, 3)
    counts, targets = np.full((2, n), 5.0), np.eye(3)[:, labels]
    counts[0, ::4] = 0
    spaces = GramSpace([BlockRows(rows, rows)], rows @ rows.T, rows @ rows.T), ColumnSpace(rows, rows)
    gram, columns = (solve(space, targets, counts, tolerance=1e-9) for space in spaces)
    for problem in range(2):
        assert spaces[0].kernel(gram[problem]) == pytest.approx(spaces[1].kernel(columns[problem]), abs=1e-6)
    assert gram[..., -1] == pytest.approx(columns[..., -1], abs=1e-6)


def test_a_picture_that_does_not_count_is_as_one_that_is_not_there():
    rows, labels = rows_and_targets(40, 90, 3)
    kept = np.arange(40) % 5 > 0
    counts, targets = np.where(kept, 30.0, 0.0)[None], np.eye(3)[:, labels]
    less = rows[kept]
    whole, part = space_of([BlockRows(rows, rows)]), space_of([BlockRows(less, less)])
    unknowns = solve(whole, targets, counts, tolerance=1e-9)[0]
    without = solve(part, targets[:, kept], counts[:, kept], tolerance=1e-9)[0]
    assert whole.kernel(unknowns) == pytest.approx(part.kernel(without), abs=1e-6)


def test_the_head_gives_the_logits_of_what_was_learnt():
    labels = labels_of(60, 3)
    features = made(labels, {"features": 0.4, "block_7": 0.4}, views=1)
    found, ground = learnt(labels, features), Ground.of(features, tuple(features))
    expected = np.zeros((60, 3))
    for one in candidates(tuple(features)):
        space = ground.space(one)
        unknowns = solve(space, np.eye(3)[:, labels], np.full((1, 60), STRENGTH))
        expected += found.pool[one.name] * space.judged(unknowns)[0].T
    assert found.head.logits(one_view(features)) == pytest.approx(expected, abs=1e-4)


def test_a_head_is_an_affine_map_softsign_and_one_dense_layer():
    labels = labels_of(30, 3)
    features = made(labels, {"features": 1.0})
    head = learnt(labels, features).head
    columns = np.concatenate([features[name][0] for name in head.blocks], axis=1).astype(np.float32)
    assert head.logits(one_view(features)) == pytest.approx(
        softsign(columns * head.scale + head.offset) @ head.kernel + head.bias
    )
    assert {array.dtype for array in (head.scale, head.offset, head.kernel, head.bias)} == {np.dtype(np.float32)}
    assert head.probabilities(one_view(features)).sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert head.scaled(0.5).logits(one_view(features)) == pytest.approx(head.logits(one_view(features)) / 2, abs=1e-5)


def test_the_pool_leans_to_the_blocks_that_know_the_classes():
    labels = labels_of(150, 3)
    early, last = learnt(labels, made(labels, {"block_7": 0.7})), learnt(labels, made(labels, {"features": 0.5}))
    assert early.pool["early"] > 2 * early.pool["last"]
    assert last.pool["last"] > 3 * last.pool["early"]
    assert min(early.tried, key=lambda one: one.loss).name in ("early", "all")


def test_what_is_learnt_holds_on_new_pictures_and_out_of_fold_says_how_well():
    labels = labels_of(600, 3)
    features = made(labels, {"features": 0.22, "block_11": 0.15})
    ours, others = labels_of(150, 3), labels[150:]
    found = learnt(ours, {name: each[:, :150] for name, each in features.items()})
    true = share_right(found, {name: each[:, 150:] for name, each in features.items()}, others)
    right = int((found.out_of_fold.argmax(axis=1) == ours).sum())
    told = expected_on(450, right, 150)
    assert 0.5 < true < 0.99
    assert told.low <= true <= told.high
    loss = float(log_losses(np.log(found.out_of_fold.T.astype(np.float64)), ours).mean())
    new = found.head.logits({name: each[0, 150:] for name, each in features.items()}).T.astype(np.float64)
    assert loss == pytest.approx(float(log_losses(new, others).mean()), rel=0.35)


def test_labels_drawn_by_lot_are_not_believed():
    labels = np.random.default_rng(1).integers(0, 2, 120)
    found = learnt(labels, made(np.zeros(120, dtype=np.int64), {}))
    assert 0.3 < (found.out_of_fold.argmax(axis=1) == labels).mean() < 0.7
    assert found.temperature > 1.5
    assert float(log_losses(np.log(found.out_of_fold.T.astype(np.float64)), labels).mean()) < 0.9


def test_a_picture_s_own_label_hardly_moves_what_is_said_of_it():
    labels = labels_of(60, 2)
    features = made(labels, {"features": 0.5})
    swapped = labels.copy()
    swapped[7] = 1 - swapped[7]
    fold = deal(labels, np.arange(60), 0, 5)
    before, after = learnt(labels, features, fold=fold), learnt(swapped, features, fold=fold)
    assert before.out_of_fold[7] == pytest.approx(after.out_of_fold[7], abs=0.1)
    assert abs(before.head.probabilities(one_view(features))[7] - after.head.probabilities(one_view(features))[7]).max() > 0.5


def test_folds_hold_groups_together_and_classes_apart():
    labels, groups = np.repeat(labels_of(40, 4), 3), np.repeat(np.arange(40), 3)
    fold = deal(labels, groups, 3, 5)
    assert all(len(set(fold[groups == group])) == 1 for group in range(40))
    counts = np.stack([np.bincount(labels[fold == number], minlength=4) for number in range(5)])
    assert counts.max() - counts.min() <= 3
    assert np.array_equal(fold, deal(labels, groups, 3, 5))
    assert not np.array_equal(fold, deal(labels, groups, 4, 5))


def test_copies_in_one_group_do_not_flatter():
    labels = np.random.default_rng(0).integers(0, 2, 30).repeat(4)
    features = {name: each.repeat(4, axis=1) for name, each in made(np.zeros(30, dtype=np.int64), {}).items()}
    known, unknown = (learnt(labels, features, groups=groups) for groups in (np.arange(30).repeat(4), np.arange(120)))
    right = [float((found.out_of_fold.argmax(axis=1) == labels).mean()) for found in (known, unknown)]
    assert right[0] < 0.75
    assert right[1] > 0.9


@pytest.mark.parametrize(
    ("n", "classes", "folds"), [(10, 2, 5), (14, 2, 7), (60, 3, 10), (300, 3, 10), (301, 3, 5), (3, 3, 5), (6000, 3, 3)]
)
def test_how_many_folds(n, classes, folds):
    assert folds_for(labels_of(n, classes), np.arange(n), classes) == folds


def test_folds_from_elsewhere_are_taken():
    labels, fold = labels_of(40, 2), np.arange(40) // 10
    assert np.array_equal(learnt(labels, made(labels, {"features": 1.0}), fold=fold).fold, fold)


def test_the_same_pictures_give_the_same_head():
    labels = labels_of(40, 2)
    one, other = (learnt(labels, made(labels, {"features": 0.5}), seed=3) for _ in range(2))
    assert np.array_equal(one.head.kernel, other.head.kernel)
    assert np.array_equal(one.out_of_fold, other.out_of_fold)
    assert one.pool == other.pool


def test_noise_of_another_processor_does_not_change_the_choice():
    labels = labels_of(80, 2)
    features = {name: each.astype(np.float32) for name, each in made(labels, {"features": 0.3, "block_7": 0.3}).items()}
    noise = np.random.default_rng(0)
    moved = {name: each * (1 + 1e-6 * noise.normal(size=each.shape)).astype(np.float32) for name, each in features.items()}
    one, other = learnt(labels, features), learnt(labels, moved)
    assert one.pool == pytest.approx(other.pool, abs=0.011)
    assert one.out_of_fold == pytest.approx(other.out_of_fold, abs=0.02)


def test_a_refit_with_the_pool_of_the_whole_is_the_same_head():
    labels = labels_of(60, 3)
    features = made(labels, {"features": 0.5})
    found = learnt(labels, features)
    again = fit_head(features, labels, 3, found.pool)
    assert again.blocks == found.head.blocks
    assert again.logits(one_view(features)) == pytest.approx(found.head.logits(one_view(features)), abs=1e-3)


def test_blocks_of_no_weight_are_left_out():
    labels = labels_of(60, 3)
    head = fit_head(made(labels, {"features": 1.0}), labels, 3, {"last": 1.0, "all": 0.0, "early": 0.5})
    assert head.blocks == ("block_7", "block_11", "features")


def test_pictures_that_count_more_are_better_learnt():
    labels = (np.arange(120) < 12).astype(np.int64)
    features = made(labels, {"features": 0.2})
    weights = np.where(labels == 1, 9.0, 1.0)
    plain, balanced = learnt(labels, features), learnt(labels, features, weights=weights)
    recalls = [float((found.out_of_fold.argmax(axis=1)[labels == 1] == 1).mean()) for found in (plain, balanced)]
    assert recalls[1] >= recalls[0]
    assert balanced.out_of_fold[:, 1].mean() > plain.out_of_fold[:, 1].mean()


def test_one_picture_a_class_is_nearest_mean_and_nothing_is_told_of_it():
    labels = labels_of(4, 4)
    features = made(labels, {"features": 2.0})
    found = learnt(labels, features)
    assert found.kind == "nearest mean"
    assert share_right(found, features, labels) == 1
    assert found.out_of_fold == pytest.approx(0.25)
    assert not found.judged.any()


def test_several_pictures_of_one_group_a_class_hold_nothing_back_either():
    labels = labels_of(3, 3).repeat(4)
    assert learnt(labels, made(labels, {"features": 2.0}), groups=labels).kind == "nearest mean"


def test_a_class_of_one_picture_is_learnt_and_cannot_be_judged():
    labels = np.append(labels_of(40, 2), 2)
    features = made(labels, {"features": 1.0})
    found = learnt(labels, features)
    assert found.kind == "logistic regression"
    assert found.judged.tolist() == [True] * 40 + [False]
    assert share_right(found, features, labels) == 1
    assert np.isfinite(found.out_of_fold).all()


def test_a_class_without_a_picture_is_all_but_impossible():
    labels = labels_of(40, 2)
    features = made(labels, {"features": 1.0})
    found = learnt(labels, features, classes=4)
    assert found.head.probabilities(one_view(features))[:, 2:].max() < 1e-3
    assert found.head.bias[3] < UNSEEN / 2


EXTREMES = {
    "two pictures": (labels_of(2, 2), {}),
    "three pictures": (np.array([0, 0, 1]), {}),
    "one class": (np.zeros(10, dtype=np.int64), {}),
    "a hundred to one": ((np.arange(101) == 50).astype(np.int64), {"features": 1.0}),
    "clear without end": (labels_of(40, 4), dict.fromkeys(WIDTHS, 100.0)),
}


@pytest.mark.parametrize("case", EXTREMES)
def test_every_number_is_finite(case):
    labels, clear = EXTREMES[case]
    features = made(labels, clear)
    found = learnt(labels, features, classes=max(2, int(labels.max()) + 1))
    assert np.isfinite(found.out_of_fold).all()
    assert np.isfinite(found.head.logits(one_view(features))).all()
    assert found.temperature > 0


@pytest.mark.parametrize("value", [0.0, 1.0, 6.0])
def test_constant_outputs_and_copies_are_no_fault(value):
    labels = labels_of(30, 3)
    features = {name: np.full((1, 30, width), value, dtype=np.float16) for name, width in WIDTHS.items()}
    found = learnt(labels, features)
    assert found.out_of_fold == pytest.approx(1 / 3, abs=0.02)


def test_no_pictures_are_refused():
    with pytest.raises(ValueError, match="no pictures"):
        learnt(np.zeros(0, dtype=np.int64), made(labels_of(1, 1), {}), classes=2)


def test_the_pool_is_drawn_to_the_priors_where_little_is_known():
    labels, rng = labels_of(200, 2), np.random.default_rng(0)
    good = np.stack([np.where(labels == 0, 1.0, -1.0), np.where(labels == 1, 1.0, -1.0)]) + rng.normal(size=(2, 200))
    logits, prior = np.stack([good, rng.normal(size=(2, 200))]), np.array([0.5, 0.5])
    few = pool_weights(logits[:, :, :4], labels[:4], np.ones(4), prior)
    many = pool_weights(logits, labels, np.ones(200), prior)
    assert np.abs(few - prior).max() < 0.4
    assert many[0] > 1
    assert many[1] < 0.2
    assert pool_weights(logits, labels, np.zeros(200), prior).tolist() == [0.5, 0.5]


def test_the_weights_of_the_pool_are_the_best_there_are():
    labels, rng = labels_of(300, 3), np.random.default_rng(1)
    logits = rng.normal(size=(2, 3, 300)) + 1.5 * np.eye(3)[:, labels] * np.array([1.0, 0.6])[:, None, None]
    prior = np.array([0.5, 0.5])

    def cost(weights: NDArray[np.float64]) -> float:
        pooled = np.tensordot(weights, logits, axes=1)
        return float(log_losses(pooled, labels).sum() + 1.5 * ((weights - prior) ** 2).sum())

    found = pool_weights(logits, labels, np.ones(300), prior)
    around = [cost(found + np.array([a, b])) for a in (-0.03, 0, 0.03) for b in (-0.03, 0, 0.03)]
    assert cost(found) == pytest.approx(min(around), abs=1e-2)


def test_which_outputs_are_wanted():
    names = [*(f"block_{i}" for i in range(16)), "features"]
    assert wanted(names) == ("block_3", "block_7", "block_11", "block_15", "features")
    assert wanted(["features"]) == ("features",)
    assert [one.name for one in candidates(wanted(names))] == ["last", "all", "early"]
    assert candidates(wanted(names))[2].blocks == ("block_7", "block_11")
    assert [one.name for one in candidates(["block_1", "features"])] == ["last", "all"]
    laid_out = candidates(["block_1", "layout", "features"])
    assert [one.blocks for one in laid_out] == [("features",), ("block_1", "features"), ("layout",)]
    assert sum(one.prior for one in laid_out) == pytest.approx(1)


@pytest.mark.parametrize("names", [["features"], ["block_15", "features"], ["block_11", "block_15", "features"]])
def test_a_body_with_few_outputs_teaches_too(names):
    labels = labels_of(40, 2)
    whole = made(labels, {"features": 1.0})
    features = {name: whole[name] for name in names}
    found = learnt(labels, features)
    assert share_right(found, features, labels) == 1
    assert sum(one.prior for one in candidates(names)) == pytest.approx(1)


def test_the_interval_is_wider_than_wilson_s_and_wider_still_for_few_new_pictures():
    told, of_few, of_many = expected_accuracy(90, 100), expected_on(20, 90, 100), expected_on(100_000, 90, 100)
    assert told.value == 0.9
    assert told.low < wilson(90, 100).low
    assert told.high > wilson(90, 100).high
    assert of_few.low < told.low < 0.9 < told.high < of_few.high
    assert (of_many.low, of_many.high) == (pytest.approx(told.low, abs=0.02), pytest.approx(told.high, abs=0.02))
    assert expected_on(10, 100, 100).high == 1
    with pytest.raises(ValueError, match="no answers"):
        expected_accuracy(0, 0)
    with pytest.raises(ValueError, match="no answers"):
        expected_on(0, 1, 2)


def test_what_is_expected_of_new_pictures_is_the_beta_binomial():
    found = expected_on(30, 40, 50)
    expected = betabinom(30, 40 / DESIGN + 0.5, 10 / DESIGN + 0.5).ppf([0.025, 0.975]) / 30
    assert (found.low, found.high) == pytest.approx(tuple(expected))


def test_neither_torch_nor_scikit_learn_is_imported():
    code = "import sys, olhar.bodies.heads.learning; print([m for m in ('torch', 'sklearn', 'scipy') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
