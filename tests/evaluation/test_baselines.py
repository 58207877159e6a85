import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.evaluation.baselines import KINDS, plain_model


def blobs(n: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    return rng.normal(0, 0.05, (n, 12)) + np.eye(12)[labels % 12], labels


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_easy_is_learnt(kind):
    taught, labels = blobs(200, 4, 0)
    asked, truth = blobs(100, 4, 1)
    assert (plain_model(kind, taught, labels, 4).answers(asked) == truth).mean() > 0.95


def test_the_nearest_mean_is_the_nearest():
    pictures, labels = blobs(60, 3, 2)
    model = plain_model("nearest_mean", pictures, labels, 3)
    means = np.stack([pictures[labels == k].mean(axis=0) for k in range(3)])
    nearest = np.linalg.norm(pictures[:, None] - means, axis=2).argmin(axis=1)
    assert (model.answers(pictures) == nearest).all()


def test_the_linear_model_is_ridge_regression_with_its_penalty_by_leave_one_out():
    from sklearn.linear_model import Ridge

    pictures, labels = blobs(80, 3, 3)
    pictures += np.random.default_rng(4).normal(0, 0.4, pictures.shape)
    truth = np.eye(3)[labels]
    centred = pictures - pictures.mean(axis=0)
    scale = float(np.linalg.eigvalsh(centred.T @ centred).mean())

    def left_out(penalty: float) -> float:
        rest = [np.arange(80) != i for i in range(80)]
        said = [Ridge(alpha=penalty * scale).fit(pictures[keep], truth[keep]).predict(pictures[~keep])[0] for keep in rest]
        return float((np.argmax(said, axis=1) == labels).mean())

    best = max((0.01, 0.1, 1.0, 10.0), key=left_out)
    expected = Ridge(alpha=best * scale).fit(pictures, truth).predict(pictures)
    assert (plain_model("linear", pictures, labels, 3).answers(pictures) == expected.argmax(axis=1)).mean() > 0.97


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 100), st.sampled_from(KINDS))
def test_any_pictures_give_answers_of_classes_that_taught(n, classes, seed, kind):
    rng = np.random.default_rng(seed)
    pictures = rng.random((n, 9)) * rng.integers(0, 2, 9)  # some numbers are 0 in all
    labels = rng.integers(0, classes, n)
    answers = plain_model(kind, pictures, labels, classes).answers(rng.random((20, 9)))
    assert set(answers.tolist()) <= set(labels.tolist())
