"""How honest ``olhar compare`` is: runs of one recipe told apart by mistake, and planted differences found.

    python benchmarks/compare_recipes.py --cifar cifar10.zip --into FOLDER
    python benchmarks/compare_recipes.py --cifar cifar10.zip --into FOLDER --pairs 100 --sizes 20 30

A recipe is Olhar's head on the last block of lite0, taught by so many pictures a class of CIFAR-10; a seed draws its own,
of 6,000 of the training part. (The folds of such a head set its temperature alone, which moves no answer, and are left out.) The
heads answer 1,000 of the test pictures, and some of them all 10,000; the differences are those of the command:

- one recipe, three seeds against three, all pairs disjoint: "cannot tell" is promised in 95 of 100;
- one recipe, model against model: told apart as often as they really differ; where all 10,000 are answered, the interval of 1,000
  is to hold the true difference in 95 of 100;
- two models made equally good on all 10,000: "cannot tell" is promised in 95 of 100 test sets;
- two models, the second made 2 points better on all 10,000: how often that is found on test sets of 1,000 and of 10,000;
- two recipes, the second with more pictures a class, three seeds each: how often it is found to be better.

Made better or as good: where one of two models alone is right, answers of the first take the place of the second's, until it is
so. Test sets are drawn anew from the 10,000, with replacement. Answers are kept in FOLDER as they come, and what is there is not
made again.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import olhar
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.head import Head
from olhar.bodies.heads.learning import fit_head
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.data.dataset import Dataset
from olhar.evaluation.compare.paired import Difference, paired_difference
from olhar.evaluation.compare.recipe_difference import recipe_difference

TAUGHT, PART = 6_000, 1_000
SEEDS = 3
BLOCK = "block_1"
"""The last block before the features: a quarter of their width, so that 1,400 heads are soon taught."""
CLASSES = 10

Answers = NDArray[np.int64]
Said = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cifar", required=True, help="CIFAR-10, as olhar.read takes it")
    parser.add_argument("--into", type=Path, required=True, help="where features and answers are kept")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--whole", type=int, default=200, help="pairs of models that answer all 10,000")
    parser.add_argument("--sizes", type=int, nargs=2, default=[10, 14], help="pictures a class of the two recipes")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    values, labels, test = features(given.cifar, given.into)
    truth, size, larger = labels[test], *given.sizes
    whole = np.arange(len(truth))
    part = np.sort(np.random.default_rng(1).choice(whole, PART, replace=False))
    work = Work(values, labels, test, given.into)
    models = work.answers(size, range(2 * given.whole), whole, "whole")
    for line in of_models(models, truth):
        print(line, flush=True)
    rest = work.answers(size, range(2 * given.whole, 2 * SEEDS * given.pairs), part, "part")
    heads = np.concatenate([models[:, part], rest])
    second = work.answers(larger, range(SEEDS * given.pairs // 4), part, "part")
    for line in of_recipes(heads, second, truth[part]):
        print(line, flush=True)


def features(cifar: str, into: Path) -> tuple[NDArray[np.float16], Answers, NDArray[np.bool_]]:
    """What the last block says (N, width) of 6,000 pictures that teach and the 10,000 test pictures; labels; which are test."""
    path, body = into / "features.npz", published_body("lite0")
    if not path.exists():
        data = olhar.read(cifar)
        rows = chosen(data)
        values: list[NDArray[np.float16]] = []
        for start in range(0, len(rows), 500):
            some = rows[start : start + 500].tolist()
            told = compute(data, some, AskedBody(body, picture_contract(body, 3), ("plain",)), lambda *_: None)
            values += [row[0] for row in told if isinstance(row, np.ndarray)]
            print(f"features: {len(values)} of {len(rows)}", flush=True)
        test = np.array([data.brought[row] == "test" for row in rows.tolist()])
        np.savez(path, values=np.stack(values), labels=data.labels[rows], test=test)
    with np.load(path) as stored:
        last = columns_of(body)[BLOCK]
        return stored["values"][:, last], stored["labels"], stored["test"]


def chosen(data: Dataset) -> Answers:
    brought = np.array(data.brought)
    teach = np.random.default_rng(0).permutation(np.flatnonzero(brought == "train"))[:TAUGHT]
    return np.concatenate([np.sort(teach), np.flatnonzero(brought == "test")])


@dataclass(frozen=True)
class Work:
    """Outputs (N, width), labels (N,), which pictures are test (N,), and where answers are kept."""

    values: NDArray[np.float16]
    labels: Answers
    test: NDArray[np.bool_]
    into: Path

    def answers(self, size: int, seeds: range, rows: Answers, name: str) -> Said:
        """uint8 (seeds, rows): what heads say of some test pictures, each taught by ``size`` pictures a class of its own."""
        path = self.into / f"answers-{size}-{name}.npy"
        said: list[Said] = list(np.load(path)) if path.exists() else []
        judged = {BLOCK: self.values[self.test][rows].astype(np.float32)}
        begun, known = time.monotonic(), len(said)
        for seed in seeds[known:]:
            said.append(self.head(size, seed).logits(judged).argmax(axis=1).astype(np.uint8))
            if len(said) % 20 == 0 or len(said) == len(seeds):
                np.save(path, np.stack(said))
                each = (time.monotonic() - begun) / (len(said) - known)
                print(f"{size} a class: {len(said)} of {len(seeds)}, {each:.2f} s each", file=sys.stderr, flush=True)
        return np.stack(said[: len(seeds)])

    def head(self, size: int, seed: int) -> Head:
        """The head of one seed."""
        rng = np.random.default_rng([seed, size])
        own = [rng.choice(np.flatnonzero((self.labels == label) & ~self.test), size, replace=False) for label in range(CLASSES)]
        teach = np.concatenate(own)
        return fit_head({BLOCK: self.values[None, teach]}, self.labels[teach], CLASSES, {"last": 1.0})


def told(first: Said, second: Said, truth: Answers, rows: Answers) -> Difference:
    """How much better the second is, of heads (R, N) each, on some of the pictures."""
    left, right = first[:, rows] == truth[rows], second[:, rows] == truth[rows]
    return paired_difference(left[0], right[0]) if len(left) == 1 else recipe_difference(left, right)


def of_models(models: Said, truth: Answers) -> Iterator[str]:
    """What is told of one head beside another; ``models`` are uint8 (2 pairs, 10,000)."""
    pairs = len(models) // 2
    right = (models == truth).mean(axis=1)
    yield shares("one recipe", right)
    two = [(models[[2 * i]], models[[2 * i + 1]]) for i in range(pairs)]
    some = [np.random.default_rng([1, i]).choice(len(truth), 1_000, replace=False) for i in range(pairs)]
    found = [told(*each, truth, rows) for each, rows in zip(two, some, strict=True)]
    held = sum(one.low <= right[2 * i + 1] - right[2 * i] <= one.high for i, one in enumerate(found))
    yield counted("one recipe, model against model, 1,000 pictures", found) + f", the true difference held {held}"
    for points in (0.0, 0.02):
        made = [made_better(first, second, truth, points, i) for i, (first, second) in enumerate(two)]
        for n in (1_000, len(truth)):
            found = [told(*each, truth, anew(n, i, len(truth))) for i, each in enumerate(made)]
            yield counted(f"two models {100 * points:.0f} points apart, {n:,} pictures", found)


def of_recipes(heads: Said, second: Said, truth: Answers) -> Iterator[str]:
    """What is told of heads of one recipe, uint8 (6 pairs, 1,000), and of three beside three of another, ``second``."""
    right, other = (heads == truth).mean(axis=1), (second == truth).mean(axis=1)
    yield shares("first recipe", right)
    yield shares("second recipe", other)
    rows, pairs = np.arange(len(truth)), len(heads) // (2 * SEEDS)
    found = [told(heads[6 * i : 6 * i + 3], heads[6 * i + 3 : 6 * i + 6], truth, rows) for i in range(pairs)]
    yield counted("one recipe, 3 seeds against 3, 1,000 pictures", found)
    found = [told(heads[[i]], heads[[i + 1]], truth, rows) for i in range(0, 2 * pairs, 2)]
    yield counted("one recipe, model against model, 1,000 pictures", found)
    found = [told(heads[6 * i : 6 * i + 3], second[3 * i : 3 * i + 3], truth, rows) for i in range(len(second) // SEEDS)]
    yield counted(f"two recipes {100 * (other.mean() - right.mean()):.1f} points apart, 3 seeds each, 1,000 pictures", found)


def shares(name: str, right: NDArray[np.float64]) -> str:
    return f"{name}: {100 * right.mean():.2f} % right, {100 * right.std(ddof=1):.2f} points between seeds, {len(right)} heads"


def anew(n: int, pair: int, whole: int) -> Answers:
    """A test set of ``n`` pictures, drawn with replacement from those there are."""
    return np.random.default_rng([n, pair, 1]).choice(whole, n, replace=True)


def made_better(first: Said, second: Said, truth: Answers, points: float, pair: int) -> tuple[Said, Said]:
    """Two models of which the second is right on so many more of all pictures: answers of the first take the place of its own."""
    mended, wanted_right = second[0].copy(), round(int((first[0] == truth).sum()) + points * len(truth))
    only = {True: (first[0] == truth) & (mended != truth), False: (first[0] != truth) & (mended == truth)}
    lacking = wanted_right - int((mended == truth).sum())
    rows = np.random.default_rng(pair).permutation(np.flatnonzero(only[lacking > 0]))[: abs(lacking)]
    mended[rows] = first[0][rows]
    return first, mended[None]


def counted(name: str, found: Sequence[Difference]) -> str:
    """How many comparisons could tell, which way, and how wide the intervals are on the median."""
    n, better, worse = len(found), sum(one.low > 0 for one in found), sum(one.high < 0 for one in found)
    width = 100 * np.median([one.high - one.low for one in found])
    share = 100 * (n - better - worse) / n
    return f"{name}: cannot tell in {share:.1f} % of {n}, B better {better}, A better {worse}, interval {width:.1f} points wide"


if __name__ == "__main__":
    main()
