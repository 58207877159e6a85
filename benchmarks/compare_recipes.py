"""How honest ``olhar compare`` is: runs of one recipe told apart by mistake, and planted differences found.

    python benchmarks/compare_recipes.py --cifar cifar10.zip --into FOLDER
    python benchmarks/compare_recipes.py --cifar cifar10.zip --into FOLDER --pairs 200 --sizes 30 40

A recipe is Olhar's head on what lite0 sees in so many pictures a class of CIFAR-10. A seed draws its own pictures to learn
from, of 6,000 of the training part, and deals its own folds; every head answers the 10,000 test pictures. Of these answers
is asked what the command asks, on all of them and on samples:

- one recipe, three seeds against three, all pairs disjoint: "cannot tell" is promised in 95 of 100;
- one recipe, model against model: the true difference of two models is that on all 10,000; a sample's interval is to hold it;
- two models made equally good: of the second, answers that are right and answers that are wrong take turns with the first's, so
  that both are right equally often on all 10,000: "cannot tell" is promised in 95 of 100 samples;
- two recipes, the second with more pictures a class (``--sizes``), on 10,000 pictures: how often it is found to be better;
- two models, of which the second is made 2 points better in the same way: how often that is found, on test sets drawn anew.

Answers are kept in FOLDER as they come, and what is there is not made again. While the file --quiet exists, it waits.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import olhar
from olhar.bodies.features import columns_of, compute, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.opened import published_body
from olhar.data.dataset import Dataset
from olhar.evaluation.comparing import Answered, Asked, compared
from olhar.evaluation.comparison import Comparison

TAUGHT = 6_000
SEEDS = 3
CLASSES = 10

Answers = NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cifar", required=True, help="CIFAR-10, as olhar.read takes it")
    parser.add_argument("--into", type=Path, required=True, help="where features and answers are kept")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--sizes", type=int, nargs=2, default=[20, 28], help="pictures a class of the two recipes")
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--quiet", type=Path, default=Path("/tmp/quiet"))
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    blocks, labels, test = features(given.cifar, given.into, given.quiet)
    truth = labels[test]
    size, larger = given.sizes
    first = answers(blocks, labels, test, size, 2 * SEEDS * given.pairs, given)
    second = answers(blocks, labels, test, larger, SEEDS * given.pairs // 2, given)
    for line in report(first, second, truth, given.pairs, given.sample):
        print(line, flush=True)


def pause(quiet: Path) -> None:
    while quiet.exists():
        time.sleep(5)


def features(cifar: str, into: Path, quiet: Path) -> tuple[dict[str, NDArray[np.float16]], Answers, NDArray[np.bool_]]:
    """Pooled outputs (N, width) by name of 6,000 pictures that teach and the 10,000 test pictures; labels; which are test."""
    path, body = into / "features.npz", published_body("lite0")
    names = list(body.blocks)
    if not path.exists():
        data = olhar.read(cifar)
        rows = chosen(data)
        values: list[NDArray[np.float16]] = []
        for start in range(0, len(rows), 500):
            pause(quiet)
            some = rows[start : start + 500].tolist()
            told = compute(data, some, body, picture_contract(body, 3), ("plain",), lambda *_: None)
            values += [row[0] for row in told if isinstance(row, np.ndarray)]
            print(f"features: {len(values)} of {len(rows)}", flush=True)
        test = np.array([data.brought[row] == "test" for row in rows.tolist()])
        np.savez(path, values=np.stack(values), labels=data.labels[rows], test=test)
    with np.load(path) as stored:
        columns = columns_of(body)
        return {name: stored["values"][:, columns[name]] for name in names}, stored["labels"], stored["test"]


def chosen(data: Dataset) -> Answers:
    brought = np.array(data.brought)
    teach = np.random.default_rng(0).permutation(np.flatnonzero(brought == "train"))[:TAUGHT]
    return np.concatenate([np.sort(teach), np.flatnonzero(brought == "test")])


def answers(
    blocks: dict[str, NDArray[np.float16]], labels: Answers, test: NDArray[np.bool_], size: int, n: int, given: argparse.Namespace
) -> NDArray[np.uint8]:
    """uint8 (n, 10,000): what so many heads say, each taught by ``size`` pictures a class of its own drawing."""
    path = given.into / f"answers-{size}.npy"
    known = np.load(path) if path.exists() else np.zeros((0, int(test.sum())), np.uint8)
    rows = list(known)
    judged = {name: values[test] for name, values in blocks.items()}
    begun = time.monotonic()
    for seed in range(len(rows), n):
        pause(given.quiet)
        rng = np.random.default_rng([seed, size])
        own = [rng.choice(np.flatnonzero((labels == label) & ~test), size, replace=False) for label in range(CLASSES)]
        teach = np.concatenate(own)
        taught = {name: values[None, teach] for name, values in blocks.items()}
        learnt = learn_head(taught, labels[teach], np.arange(len(teach)), CLASSES, seed=seed)
        rows.append(learnt.head.logits(judged).argmax(axis=1).astype(np.uint8))
        if len(rows) % 20 == 0 or seed == n - 1:
            np.save(path, np.stack(rows))
            print(
                f"{size} a class: {len(rows)} of {n}, {(time.monotonic() - begun) / (len(rows) - len(known)):.2f} s each",
                flush=True,
            )
    return np.stack(rows[:n])


def told(sides: Sequence[NDArray[np.uint8]], truth: Answers, rows: Answers) -> Comparison:
    """Sides of one or several heads, (R, 10,000) each, on some of the pictures."""
    asked = [
        Answered(name, ("",) * len(own), own[:, rows].astype(np.int64), np.ones((len(own), len(rows)), np.float32))
        for name, own in zip("AB", sides, strict=True)
    ]
    classes = tuple(map(str, range(CLASSES)))
    everything = Asked([""] * len(rows), classes, truth[rows], np.arange(len(rows)), "test", 1.0, {})
    return compared(asked, everything)


def report(first: NDArray[np.uint8], second: NDArray[np.uint8], truth: Answers, pairs: int, sample: int) -> Iterator[str]:
    right, other_right = (first == truth).mean(axis=1), (second == truth).mean(axis=1)
    for name, shares in (("first", right), ("second", other_right)):
        yield f"{name} recipe: {100 * shares.mean():.2f} right, {100 * shares.std(ddof=1):.2f} between seeds, {len(shares)} heads"
    for n in (sample, len(truth)):
        yield from of_one_recipe(first, right, truth, pairs, n)
    whole = np.arange(len(truth))
    two = [told((first[6 * i : 6 * i + 3], second[3 * i : 3 * i + 3]), truth, whole) for i in range(len(second) // SEEDS)]
    apart = 100 * (other_right.mean() - right.mean())
    yield counted(f"two recipes, {apart:.2f} points apart, 3 seeds each, {len(whole)} pictures", two)
    for n in (sample, len(truth)):
        made = [made_better(first[[2 * i]], first[[2 * i + 1]], truth, 0.02, i) for i in range(pairs)]
        planted = [told(two_models, truth, anew(n, i, len(truth))) for i, two_models in enumerate(made)]
        yield counted(f"two models, 2 points apart, {n} pictures", planted)


def of_one_recipe(heads: NDArray[np.uint8], right: NDArray[np.float64], truth: Answers, pairs: int, n: int) -> Iterator[str]:
    """What is told of heads of one recipe, on ``n`` pictures."""
    some = [np.random.default_rng([n, i]).choice(len(truth), n, replace=False) for i in range(pairs)]
    trios = [told((heads[6 * i : 6 * i + 3], heads[6 * i + 3 : 6 * i + 6]), truth, some[i]) for i in range(pairs)]
    yield counted(f"one recipe, 3 seeds against 3, {n} pictures", trios)
    singles = [told((heads[[2 * i]], heads[[2 * i + 1]]), truth, some[i]) for i in range(pairs)]
    found = [one.pairs[0].difference for one in singles]
    held = sum(one.low <= right[2 * i + 1] - right[2 * i] <= one.high for i, one in enumerate(found))
    yield counted(f"one recipe, model against model, {n} pictures", singles) + f", the true difference held {held}"
    made = [made_better(heads[[2 * i]], heads[[2 * i + 1]], truth, 0.0, i) for i in range(pairs)]
    equal = [told(two, truth, anew(n, i, len(truth))) for i, two in enumerate(made)]
    yield counted(f"two equally good models, {n} pictures", equal)


def anew(n: int, pair: int, whole: int) -> Answers:
    """A test set of ``n`` pictures, drawn with replacement from those there are."""
    return np.random.default_rng([n, pair, 1]).choice(whole, n, replace=True)


def made_better(
    first: NDArray[np.uint8], second: NDArray[np.uint8], truth: Answers, points: float, pair: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two models of which the second is right on so many more of all pictures: answers of the first take the place of its own."""
    mended, wanted_right = second[0].copy(), round(int((first[0] == truth).sum()) + points * len(truth))
    only = {True: (first[0] == truth) & (mended != truth), False: (first[0] != truth) & (mended == truth)}
    lacking = wanted_right - int((mended == truth).sum())
    rows = np.random.default_rng(pair).permutation(np.flatnonzero(only[lacking > 0]))[: abs(lacking)]
    mended[rows] = first[0][rows]
    return first, mended[None]


def counted(name: str, found: Sequence[Comparison]) -> str:
    """How many comparisons could tell, which way, and how wide the intervals are on the median."""
    ways = [one.pairs[0].better for one in found]
    width = np.median([one.pairs[0].difference.high - one.pairs[0].difference.low for one in found])
    open_, n = ways.count(None), len(ways)
    return f"{name}: cannot tell {open_} of {n} ({100 * open_ / n:.1f} %), B better {ways.count(1)}, A better {ways.count(0)}, \
interval {100 * width:.2f} points wide"


if __name__ == "__main__":
    main()
