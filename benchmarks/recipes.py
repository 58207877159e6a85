"""What does each shipped recipe come to, on its own kind of data, by the ordinary command?

    python benchmarks/recipes.py                                  every recipe once, twenty minutes each at most
    python benchmarks/recipes.py --recipes fast best --seeds 0 1 2
    python benchmarks/recipes.py --recipes fast --data fer2013.zip --minutes 15 --fields balance=none
    python benchmarks/recipes.py --table                          what was found so far, as Markdown

The pictures lie where ``OLHAR_TEST_DATA`` says (``cifar10.zip``, ``fer2013.zip``, ``cats-dogs.zip``), the Keras file of the
recipe ``cats-dogs`` is given with ``--keras-model``. An epoch is timed first; where the recipe's epochs would take longer than
``--minutes``, as many are done as fit, and the whole is reckoned; a recipe of so many minutes gets those. Each finished training
adds a line to ``--results``; what is there already is not done again, and a training that was stopped goes on. The test pictures
are used once a training, at its end.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import olhar
from olhar.base.progress import default_progress
from olhar.base.texts import percent, set_language
from olhar.evaluation.intervals import Interval, wilson
from olhar.training import recipe_files
from olhar.training.recipe import FIELDS

DATA = {
    "emotions-1": ("fer2013.zip",),
    "emotions-2": ("fer2013.zip",),
    "cifar10-1": ("cifar10.zip",),
    "cifar10-2": ("cifar10.zip",),
    "cats-dogs": ("cats-dogs.zip",),
    "fast": ("cifar10.zip", "fer2013.zip", "cats-dogs.zip"),
    "best": ("cifar10.zip", "fer2013.zip", "cats-dogs.zip"),
}
PICTURES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


def commit() -> str:
    """What the code was; ``+`` where it had been changed since."""

    def git(*words: str) -> str:
        here = Path(__file__).parent
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False).stdout.strip()

    return f"{git('rev-parse', '--short', 'HEAD')}{'+' if git('status', '--porcelain', '-uno') else ''}"


def rows_in(results: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()] if results.is_file() else []


def planned(name: str, data: Path, minutes: float, folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """How long to train: so many minutes, or as many of the recipe's epochs as fit into them, by doing one.

    Where no more than one fits, the one that was done is the training.
    """
    if recipe_files.read(name).minutes:
        return {"minutes": minutes}
    trial = folder / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    run = olhar.train(data, recipe=name, into=trial, progress=default_progress(), **asked | {"epochs": 1})
    seconds = float(run.history[-1]["seconds"])
    epochs = min(recipe_files.read(name).epochs, max(1, int(60 * minutes / seconds)))
    if epochs == 1:
        trial.rename(folder / "run")
    else:
        shutil.rmtree(trial)
    return {"epochs": epochs}


def trained(name: str, data: Path, seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """One training, gone on with where it was stopped, as a row of the results."""
    folder = options.runs / "-".join((name, data.stem, str(seed), *options.fields))
    folder.mkdir(parents=True, exist_ok=True)
    asked: dict[str, Any] = (
        fields(options) | {"seed": seed} | ({"model": str(options.keras_model)} if name == "cats-dogs" else {})
    )
    plan = folder / "plan.json"
    if not plan.is_file():
        length = planned(name, data, options.minutes, folder, asked)
        plan.write_text(json.dumps({"length": length, "commit": commit()}), encoding="utf-8")
    known = json.loads(plan.read_text(encoding="utf-8"))
    begun, into = time.monotonic(), folder / "run"
    if (into / "request.json").is_file():
        run = olhar.train(into=into, resume=True, progress=default_progress())
    else:
        shutil.rmtree(into, ignore_errors=True)
        run = olhar.train(data, recipe=name, into=into, progress=default_progress(), **asked | known["length"])
    print(f"{name} on {data.name}: {time.monotonic() - begun:.0f} s")
    row = {"recipe": name, "data": data.name, "seed": seed, "fields": options.fields, "commit": known["commit"]}
    return row | facts(run, name, known["length"])


def fields(options: argparse.Namespace) -> dict[str, Any]:
    """What was asked for besides the recipe, each in the type of its field."""
    pairs = [text.partition("=") for text in options.fields]
    return {name: type(FIELDS[name].default)(value) for name, _, value in pairs}


def facts(run: Any, name: str, length: dict[str, Any]) -> dict[str, Any]:
    """What a run came to."""
    about = json.loads((run.path / "environment.json").read_text(encoding="utf-8"))
    kept = json.loads((run.path / "metrics.json").read_text(encoding="utf-8"))["kept_epoch"]
    history = [row for row in run.history if row["epoch"]]
    full = recipe_files.read(name).epochs if "epochs" in length else len(history)
    found = run.metrics.accuracy
    return {
        "processor": about["processor"],
        "precision": about["precision"],
        "torch": about["torch"],
        "epochs": len(history),
        "length": length,
        "recipe_epochs": full,
        "minutes": round(float(about["seconds"]) / 60, 1),
        "reckoned_minutes": round(sum(row["seconds"] for row in history) / len(history) * full / 60, 1),
        "validation": next(row["val_accuracy"] for row in run.history if row["epoch"] == kept),
        "measured": run.measured,
        "test": vars(found),
        "test_without_copies": vars(without_copies(run.path)) if run.measured == "test" else None,
    }


def without_copies(run: Path) -> Interval:
    """Accuracy on the test pictures of which no other part has a byte-identical copy."""
    with (run / "split.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    elsewhere = {row["content"] for row in rows if row["part"] != "test"}
    alone = {row["picture"] for row in rows if row["part"] == "test" and row["content"] not in elsewhere}
    with (run / "predictions-test.csv").open(encoding="utf-8", newline="") as file:
        right = [row["label"] == row["predicted"] for row in csv.DictReader(file) if row["picture"] in alone]
    return wilson(sum(right), len(right))


def told(share: dict[str, float] | None) -> str:
    return f"{percent(share['value'])} ({percent(share['low'])} to {percent(share['high'])})" if share else "-"


def table(rows: list[dict[str, Any]]) -> None:
    """The rows as Markdown, by data and recipe."""
    heads = ["data", "recipe", "seed", "epochs", "minutes (all epochs reckoned)", "validation", "test, once"]
    heads += ["test without copies", "commit"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in sorted(rows, key=lambda row: (row["data"], row["recipe"], row["seed"])):
        name = " ".join((f"`{row['recipe']}`", *row["fields"]))
        cells = [row["data"], name, row["seed"], f"{row['epochs']} of {row['recipe_epochs']}"]
        cells += [f"{row['minutes']} ({row['reckoned_minutes']})", percent(row["validation"]), told(row["test"])]
        cells += [told(row["test_without_copies"]), row["commit"]]
        print(f"| {' | '.join(map(str, cells))} |")
    for line in sorted({f"{row['processor']}, {row['precision']}, torch {row['torch']}" for row in rows}):
        print(f"\n{line}")


def main() -> None:
    """Train what is not in the results yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", choices=DATA, default=list(DATA))
    parser.add_argument("--data", nargs="+", help="only these archives")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--fields", nargs="+", default=[], metavar="FIELD=VALUE", help="of the recipe, besides it")
    parser.add_argument("--keras-model", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs/recipes"))
    parser.add_argument("--results", type=Path, default=Path("runs/recipes/results.jsonl"))
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    set_language("en")
    if not options.table:
        train_all(options)
    table(rows_in(options.results))


def train_all(options: argparse.Namespace) -> None:
    rows = [row for row in rows_in(options.results) if row["fields"] == options.fields]
    done = {(row["recipe"], row["data"], row["seed"]) for row in rows}
    wanted = [(name, data, seed) for seed in options.seeds for name in options.recipes for data in DATA[name]]
    for name, data, seed in wanted:
        if (name, data, seed) in done or (options.data and data not in options.data):
            continue
        if name == "cats-dogs" and options.keras_model is None:
            print("cats-dogs: left out; give its Keras file with --keras-model")
            continue
        row = trained(name, PICTURES / data, seed, options)
        options.results.parent.mkdir(parents=True, exist_ok=True)
        with options.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
