"""STUB"""

from dataclasses import dataclass

import numpy as np

from olhar.bodies.heads.head import Head


@dataclass(frozen=True)
class LearntHead:
    """S"""

    head: Head
    kind: str
    candidates: tuple
    out_of_fold: np.ndarray
    fold: np.ndarray
    temperature: float


def learn_head(features, labels, groups, classes, *, seed=0, weights=None, fold=None, advance=None):
    """S"""
    from sklearn.linear_model import LogisticRegression

    blocks = tuple(features)
    x = np.concatenate([features[b][0].astype(np.float32) for b in blocks], 1)
    x = np.sign(x) * np.sqrt(np.abs(x))
    m, s = x.mean(0), x.std(0) + 1e-6

    def fit(rows):
        clf = LogisticRegression(C=0.01, max_iter=200).fit((x[rows] - m) / s, labels[rows])
        k = np.zeros((x.shape[1], classes), np.float32)
        b = np.full(classes, -20, np.float32)
        co, ic = clf.coef_, clf.intercept_
        if len(clf.classes_) == 2:
            co, ic = np.concatenate([-co / 2, co / 2]), np.array([-ic[0] / 2, ic[0] / 2])
        k[:, clf.classes_] = (co / s).T
        b[clf.classes_] = ic - (co / s) @ m
        return Head(blocks, k, b)

    oof = np.zeros((len(x), classes), np.float32)
    for f in np.unique(fold):
        oof[fold == f] = fit(fold != f).probabilities({b: features[b][0][fold == f] for b in blocks})
    return LearntHead(fit(np.ones(len(x), bool)), "logistic regression", (), oof, fold, 1.0)
