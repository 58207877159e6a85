import json
import tomllib

import numpy as np
import onnx
import pytest
from safetensors.numpy import load_file

import olhar
from olhar.cli.app import main
from olhar.jobs.last_blocks import better, head_and_blocks, tempered
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from tests.scenes import write_rings_and_disks
from tests.trained import rows_of


def chances(right, sure=0.8):
    """Probabilities of two classes, of pictures of class 0."""
    truth = np.where(right, sure, 1 - sure)
    return np.stack([truth, 1 - truth], axis=1).astype(np.float32)


def compared(head, blocks, groups=None):
    labels = np.zeros(len(head), np.int64)
    return head_and_blocks(head, blocks, labels, np.arange(len(head)) if groups is None else groups)


def test_more_right_beyond_chance_is_better_and_what_chance_does_is_not():
    head = np.arange(200) % 4 > 0
    few, many = head.copy(), head.copy()
    few[:12], many[:60] = True, True
    assert not better(compared(chances(head), chances(few)))
    told = compared(chances(head), chances(many))
    assert better(told)
    assert (told.head_right, told.right, told.only_head, told.only_blocks) == (150, 165, 0, 15)


def test_a_lower_log_loss_counts_only_where_more_is_right_too():
    head = np.arange(200) % 4 > 0
    one_more = head.copy()
    one_more[0] = True
    surer = chances(one_more)
    surer[1:] = chances(head)[1:] + np.where(head[1:, None], [0.1, -0.1], [0.1, -0.1])
    assert better(compared(chances(head), surer.clip(0.01, 0.99)))
    surer[0] = chances(head)[0]
    assert not better(compared(chances(head), surer.clip(0.01, 0.99)))


def test_what_is_worse_is_never_better():
    head = np.ones(100, bool)
    blocks = head.copy()
    blocks[:30] = False
    assert not better(compared(chances(head), chances(blocks)))


def test_copies_are_no_witnesses_of_their_own():
    head = np.zeros(40, bool)
    blocks = head.copy()
    blocks[:10] = True
    assert better(compared(chances(head), chances(blocks)))
    assert not better(compared(chances(head), chances(blocks), np.arange(40) // 10))


def test_answers_that_are_too_sure_are_made_less_sure():
    rng = np.random.default_rng(0)
    labels, fold = rng.integers(0, 3, 300), np.arange(300) % 3
    truth = np.where(rng.random(300) < 0.6, labels, rng.integers(0, 3, 300))
    probabilities, temperature = tempered(8.0 * np.eye(3)[truth], labels, fold, 3)
    assert temperature > 2
    assert probabilities.max() < 0.95
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


ORDER = ["--model", "lite0", "--size", "32", "--folds", "2", "--augment", "none", "--json"]
"""For pictures of which only the order of their parts tells: there a head alone is right little more often than by luck."""


@pytest.fixture(scope="module")
def order(tmp_path_factory):
    """The command, with the last blocks learning and without: nobody but the pictures decides what is kept."""
    root = tmp_path_factory.mktemp("order")
    data, new = write_rings_and_disks(root / "data", 40), write_rings_and_disks(root / "new", 40, start=500)
    assert main(["train", str(data), "--into", str(root / "blocks"), *ORDER, "--learn", "last:100", "--epochs", "16"]) == 0
    assert main(["train", str(data), "--into", str(root / "head"), *ORDER]) == 0
    return root / "blocks", root / "head", new


def said(capsys, *words):
    """What a command answers as JSON."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_blocks_that_are_better_are_kept_and_the_run_says_so(order):
    blocks, head, _ = order
    record = results(RunFolder(blocks)).head.last_blocks
    assert record.kept
    assert record.right >= record.head_right + 12
    assert results(RunFolder(head)).head.last_blocks is None
    recipe = tomllib.loads((blocks / "recipe.toml").read_text())
    assert (recipe["learn"], recipe["epochs"], recipe["model"]) == ("last:100", 16, "lite0")
    assert "last:100" in (blocks / "report.html").read_text()
    judged = rows_of(blocks / "predictions-folds.csv")
    assert sum(row["predicted"] == row["label"] for row in judged) == record.right


def test_the_bundle_is_made_of_the_blocks_that_were_kept(order):
    learnt, published = (arrays_of(run) for run in order[:2])
    weights = load_file(order[0] / "best.safetensors")
    bodies = [name for name in published if name.startswith(("stem", "block", "top"))]
    changed = {name for name in bodies if (learnt[name] != published[name]).any()}
    assert changed
    assert min(int(name.split("_")[1]) for name in changed if name.startswith("block")) >= 6
    assert "stem.weight" not in changed
    assert all((learnt[name] == weights[name]).all() for name in bodies)


def arrays_of(run):
    return {array.name: onnx.numpy_helper.to_array(array) for array in onnx.load(run / "model.onnx").graph.initializer}


def test_kept_blocks_answer_new_pictures_better_than_the_head_alone(order, capsys):
    blocks, head, new = order
    tuned, plain = (said(capsys, "evaluate", run, new)["data"]["accuracy"]["value"] for run in (blocks, head))
    assert tuned >= plain + 0.1
    pictures = sorted((new / "ring").iterdir())
    told = [said(capsys, "predict", run, *pictures)["predictions"] for run in (blocks, head)]
    rings = [
        [shares["probability"] for one in each for shares in one["predictions"] if shares["class"] == "ring"] for each in told
    ]
    assert max(abs(own - other) for own, other in zip(*rings, strict=True)) > 0.2


def test_kept_blocks_are_what_is_exported_and_what_resume_leaves_alone(order, tmp_path):
    blocks, _, new = order
    before = (blocks / "model.onnx").read_bytes()
    assert main(["export", str(blocks), "--to", "onnx", "--into", str(tmp_path / "out.onnx")]) == 0
    pictures = sorted((new / "disk").iterdir())[:8]
    ours, theirs = (olhar.load(place).many(pictures) for place in (blocks, tmp_path / "out.onnx"))
    assert [one.probabilities for one in theirs] == [pytest.approx(one.probabilities, abs=1e-6) for one in ours]
    assert main(["train", "--into", str(blocks), "--resume"]) == 0
    assert (blocks / "model.onnx").read_bytes() == before
