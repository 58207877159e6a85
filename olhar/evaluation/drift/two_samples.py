"""Two samples of pictures: how far apart they are, and how often chance alone brings them so far.

Every test takes pictures that are independent: of each group (copies, one patient, one video) one alone.
"""

import math

import numpy as np
from numpy.typing import NDArray

_DRAWS = 1999
"""Of chance, where no formula says what it does; the least probability that is told is one in so many."""
_SEED = 1905
_AT_ONCE = 250


def distance(reference: NDArray[np.floating], resolution: float, values: NDArray[np.floating]) -> float:
    """The largest difference between two cumulative distributions (Kolmogorov and Smirnov), 0 to 1.

    Args:
        reference: float (Q,), sorted: values, or as many quantiles of more values.
        resolution: by so much the quantiles may err; 0 where they are the values themselves.
        values: float (n,).
    """
    points = np.concatenate([reference, values])
    ordered = np.sort(values)
    ours = np.searchsorted(ordered, points, side="right") / len(ordered)
    theirs = np.searchsorted(reference, points, side="right") / len(reference)
    return max(0.0, float(np.abs(ours - theirs).max()) - resolution)


def distance_p(found: float, m: int, n: int) -> float:
    """How often chance brings two samples of m and n as far apart: the asymptotic law, on the safe side with few or with ties."""
    from scipy.special import kolmogorov

    return float(kolmogorov(math.sqrt(m * n / (m + n)) * found))


def needed_distance(level: float, m: int, n: int) -> float:
    """The distance from which on two samples of m and n differ at a level: what is smaller may be there unseen."""
    from scipy.special import kolmogi

    return float(kolmogi(level)) * math.sqrt((m + n) / (m * n))


def mix_p(reference: NDArray[np.int64], counts: NDArray[np.int64]) -> float:
    """How often chance gives two sets of pictures mixes of K classes as unlike: Pearson's statistic, by permutation.

    Args:
        reference, counts: int64 (K,).
    """
    pooled = reference + counts
    known = pooled > 0
    pooled, m, n = pooled[known], int(reference.sum()), int(counts.sum())
    expected = pooled * (n / (m + n))
    draws = np.random.default_rng(_SEED).multivariate_hypergeometric(pooled, n, _DRAWS, method="marginals")
    chance = (np.square(draws - expected) / pooled).sum(axis=1)
    found = float((np.square(counts[known] - expected) / pooled).sum())
    return float(1 + (chance >= found - 1e-9).sum()) / (1 + _DRAWS)


def mix_distance(reference: NDArray[np.int64], counts: NDArray[np.int64]) -> float:
    """The share of pictures that would have to be of another class for both mixes to be the same, 0 to 1."""
    return float(np.abs(reference / reference.sum() - counts / counts.sum()).sum() / 2)


def energy_p(reference: NDArray[np.floating], rows: NDArray[np.floating]) -> float:
    """How often chance gives two samples of vectors as unlike: energy distance (Székely and Rizzo 2004), by permutation.

    Args:
        reference: float (m, F).
        rows: float (n, F).
    """
    both = np.concatenate([reference, rows]).astype(np.float64)
    apart = _distances(both, both)
    m, n = len(reference), len(rows)
    rng, marks = np.random.default_rng(_SEED), np.zeros((_DRAWS + 1, m + n))
    marks[0, m:] = 1
    for row in marks[1:]:
        row[rng.permutation(m + n)[:n]] = 1
    total, to_all = apart.sum(), apart.sum(axis=1)
    found = np.empty(len(marks))
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        ours = ((some @ apart) * some).sum(axis=1)
        between = some @ to_all - ours
        theirs = total - ours - 2 * between
        found[start : start + _AT_ONCE] = 2 * between / (m * n) - ours / n**2 - theirs / m**2
    return float((found >= found[0] - 1e-9).sum()) / len(marks)


def strangers(reference: NDArray[np.floating], rows: NDArray[np.floating], usual: float) -> float:
    """The share of some vectors that lie further from their nearest of the reference than a share ``usual`` of the reference
    from its own.

    Args:
        reference: float (m, F).
        rows: float (n, F).
        usual: 0 to 1.
    """
    own = _distances(reference, reference)
    np.fill_diagonal(own, np.inf)
    return float((nearest(rows, reference) > np.quantile(own.min(axis=1), usual)).mean())


def nearest(rows: NDArray[np.floating], reference: NDArray[np.floating]) -> NDArray[np.float64]:
    """float64 (n,): how far the nearest of the reference (m, F) lies from each of some vectors (n, F)."""
    return _distances(rows, reference).min(axis=1)


def _distances(rows: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.float64]:
    """Euclidean, float64 (n, m)."""
    a, b = rows.astype(np.float64), others.astype(np.float64)
    squares = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0))
