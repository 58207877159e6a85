"""Which of many bit strings lie within a small Hamming distance of each other, without comparing all with all.

As in Manku, Jain and Das Sarma, "Detecting near-duplicates for web crawling" (2007): the strings are sorted several times, each
time with other bits in front, and those that share all front bits are neighbours. Here a string also looks where its least sure
front bits (the weakest signs) are turned round, as in multi-probe hashing (Lv et al. 2007), so that few tables find nearly all.
In a crowd of equal fronts a string looks no further than a window around its own place, so that work grows as N, not as N
squared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Advance

TABLES = 4
_FRONT, _WINDOW, _DISTANCE = 20, 48, 14
_PAIRS = 2_000_000


@dataclass(frozen=True)
class Signs:
    """Signs of real numbers as bits.

    Attributes:
        bits: bool (N, B), B up to 63, the most telling first.
        strength: float16 (N, B): how far each number is from changing its sign.
    """

    bits: NDArray[np.bool_]
    strength: NDArray[np.float16]

    @classmethod
    def of(cls, values: NDArray[np.float16]) -> "Signs":
        """The signs of ``values``, float16 (N, B)."""
        return cls(values > 0, np.abs(values))

    def flipped(self, which: NDArray[np.bool_]) -> "Signs":
        """The same with some columns turned round."""
        return Signs(self.bits ^ which, self.strength)


def close_pairs(own: Signs, sought: Signs, advance: Advance) -> NDArray[np.int64]:
    """int64 (P, 2): pairs (i, j), i < j, where string i of ``sought`` lies within 14 bits of string j of ``own``."""
    n = len(own.bits)
    words, queries = _packed(own.bits), _packed(sought.bits)
    keys = [np.zeros(0, np.int64)]
    for order in _orders(own.bits.shape[1]):
        for i, j in _neighbours(own, sought, order):
            close = (i != j) & (np.bitwise_count(queries[i] ^ words[j]) <= _DISTANCE)
            i, j = i[close], j[close]  # noqa: PLW2901
            keys.append(np.unique(np.minimum(i, j) * n + np.maximum(i, j)))
        advance(1)
    pair_keys = np.unique(np.concatenate(keys))
    return np.stack([pair_keys // max(n, 1), pair_keys % max(n, 1)], axis=1)


def _orders(bits: int) -> list[NDArray[np.int64]]:
    """The order of bits in each table: every table has a share of the low and of the high ones in front."""
    return [
        np.concatenate([np.arange(t, bits, TABLES), np.setdiff1d(np.arange(bits), np.arange(t, bits, TABLES))])
        for t in range(TABLES)
    ]


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """uint64 (N,): the bits, the first one highest."""
    padded = np.zeros((len(bits), 64), bool)
    padded[:, : bits.shape[1]] = bits
    return np.packbits(padded, axis=1).view(">u8").ravel().astype(np.uint64)


def _neighbours(own: Signs, sought: Signs, order: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of rows (of ``sought``, of ``own``) whose front bits are the same in this order, or nearly; some come twice."""
    words = _packed(own.bits[:, order])
    place = np.argsort(words, kind="stable")
    ranked = words[place]
    front = sought.strength[:, order[:_FRONT]]
    weakest = np.argsort(front, axis=1, kind="stable")[:, :2].astype(np.uint64) if len(front) else np.zeros((0, 2), np.uint64)
    first, second = (np.uint64(1) << (np.uint64(63) - weakest[:, k]) for k in (0, 1))
    queries = _packed(sought.bits[:, order])
    for turned in (np.zeros_like(queries), first, second, first | second):
        yield from _matches(ranked, place, queries ^ turned)


def _matches(
    ranked: NDArray[np.uint64], place: NDArray[np.int64], queries: NDArray[np.uint64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of int64 (P,) rows (of ``queries``, of ``ranked`` before it was sorted by ``place``) that share their front bits."""
    rest = np.uint64(2 ** (64 - _FRONT) - 1)
    order = np.argsort(queries, kind="stable")
    ranked_queries = queries[order]
    low = np.searchsorted(ranked, ranked_queries & ~rest)
    high = np.searchsorted(ranked, ranked_queries | rest, side="right")
    at = np.searchsorted(ranked, ranked_queries)
    low, high = np.maximum(low, at - _WINDOW), np.minimum(high, at + _WINDOW)
    ends = np.cumsum(high - low)
    cuts = np.searchsorted(ends, np.arange(_PAIRS, ends[-1] if len(ends) else 0, _PAIRS))
    for chunk in np.split(np.arange(len(ends)), cuts):
        count = (high - low)[chunk]
        i = np.repeat(order[chunk], count)
        inside = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        j = place[np.repeat(low[chunk], count) + inside]
        yield i, j
