import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from io import BytesIO

import onnx
import pytest
from PIL import Image
from safetensors.numpy import load_file

import olhar
from olhar.base import extras
from olhar.base.errors import DataError, ExtraError, RecipeError, Stopped
from olhar.base.texts import speaking
from olhar.bodies.learning_part import USUAL, last_blocks, learning_part
from olhar.bodies.opened import published_body, published_graph
from olhar.cli.app import main
from olhar.jobs import learn_blocks
from olhar.jobs.ways import settled_way
from olhar.reporting.run_report import write_report
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from olhar.training.recipe import Recipe
from tests.bodies.test_onnx_file import FREE, Classifier, exported
from tests.conftest import assert_says
from tests.scenes import scene, write_scenes
from tests.trained import Said, rows_of

HEAD = {"model": "lite0", "size": 64, "folds": 3}
LAST_BLOCK = "last:21"
BLOCKS = HEAD | {"learn": LAST_BLOCK, "epochs": 2}
SAME = ("best.safetensors", "model.onnx", "predictions-folds.csv")


class StopInside(Said):
    """A person who stops after a few steps of a stage."""

    def __init__(self, key, steps, how):
        super().__init__()
        self.key, self.steps, self.how = key, steps, how

    @contextmanager
    def stage(self, text, *_):
        done = 0

        def advance(n, _total=None):
            nonlocal done
            done += n
            if text.key == self.key and done >= self.steps:
                self.how()

        yield advance


@pytest.fixture
def better(monkeypatch):
    """What learns more is better, whatever the numbers say: the scenes are too easy for a difference."""
    monkeypatch.setattr(learn_blocks, "better", lambda _: True)


@pytest.fixture(scope="module")
def head_run(scenes, tmp_path_factory):
    return olhar.train(scenes, into=tmp_path_factory.mktemp("runs") / "head", **HEAD)


@pytest.fixture(scope="module")
def tuned(scenes, tmp_path_factory):
    said = Said()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn_blocks, "better", lambda _: True)
        run = olhar.train(scenes, into=tmp_path_factory.mktemp("runs") / "tuned", progress=said, **BLOCKS)
    return run, said.lines


def record_of(run):
    return results(RunFolder(run.path)).head.last_blocks


def same(run, other):
    return all((run.path / name).read_bytes() == (other.path / name).read_bytes() for name in SAME)


def test_the_last_block_learns_and_what_lies_before_stays(tuned, head_run):
    run, _ = tuned
    learnt, published = (load_file(one.path / "best.safetensors") for one in (run, head_run))
    changed = {
        name for name in published if name.startswith(("block", "stem", "top")) and (learnt[name] != published[name]).any()
    }
    assert {name.rpartition(".")[0] for name in changed} == {"block_15_expand", "block_15_depthwise", "block_15_project", "top"}
    assert (learnt["olhar_head.kernel"] != published["olhar_head.kernel"]).any()


def test_what_comes_out_is_a_run_as_any_other(tuned, scenes, capsys):
    run, _ = tuned
    assert run.measured == "folds"
    assert json.loads((run.path / "metrics.json").read_text())["agreement"] < 1e-4
    judged = rows_of(run.path / "predictions-folds.csv")
    assert sum(row["predicted"] == row["label"] for row in judged) == record_of(run).right
    eye = olhar.load(run.path)
    assert sum(eye(scene(kind, 70_000 + i)).label == kind for kind in ("dots", "ramp", "stripes") for i in range(4)) >= 10
    assert not list((run.path / "checkpoints").glob("last-blocks*"))
    assert main(["predict", str(run.path), str(scenes / "dots" / "000.png"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_what_was_tried_stands_in_the_run_and_in_its_report(tuned):
    run, lines = tuned
    record = record_of(run)
    assert (record.learn, record.views, record.epochs, record.pictures, record.kept) == (LAST_BLOCK, 4, 2, 36, True)
    assert any("4 views of each of 36 pictures" in line and "layers: 8" in line for line in lines)
    page = (run.path / "report.html").read_text()
    assert "the last blocks of the body" in page
    assert "pictures only the blocks got right" in page
    assert "measured with heads alone" in page


@pytest.mark.usefixtures("better")
def test_the_same_again_is_the_same_and_another_seed_is_not(tuned, scenes, tmp_path):
    assert same(olhar.train(scenes, into=tmp_path / "again", **BLOCKS), tuned[0])
    other = olhar.train(scenes, into=tmp_path / "other", seed=1, **BLOCKS)
    assert (other.path / "best.safetensors").read_bytes() != (tuned[0].path / "best.safetensors").read_bytes()


@pytest.mark.parametrize("form", ["keras", "h5", "onnx", "safetensors"])
def test_exports_answer_as_the_run_does(tuned, tmp_path, form):
    run, _ = tuned
    path = run.export(tmp_path / f"model.{form}")
    if form == "safetensors":
        assert (load_file(path)["top.weight"] == load_file(run.path / "best.safetensors")["top.weight"]).all()
        return
    picture = scene("ramp", 3)
    ours, theirs = (olhar.load(place)(picture) for place in (run.path, path))
    assert theirs.label == ours.label
    assert theirs.probabilities == pytest.approx(ours.probabilities, abs=1e-4)


def test_what_is_no_better_is_not_kept_and_both_numbers_are_said(head_run, scenes, tmp_path):
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", progress=said, **BLOCKS)
    assert same(run, head_run)
    assert not record_of(run).kept
    told = next(line for line in said.lines if "out of fold" in line)
    assert len(re.findall(r"\d%", told)) == 2
    assert "so the head alone is kept" in told
    assert "so the head alone is kept" in (run.path / "report.html").read_text()


@pytest.mark.usefixtures("better")
@pytest.mark.parametrize(("stage", "steps"), [("last_blocks.looking", 20), ("last_blocks.judging", 3), ("train.learning", 2)])
def test_who_stops_goes_on_to_the_same_result(tuned, scenes, tmp_path, stage, steps):
    person = StopInside(stage, steps, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(Stopped) as error:
        olhar.train(scenes, into=tmp_path / "run", progress=person, **BLOCKS)
    assert_says(error, str(tmp_path / "run"), "olhar train --resume --into")
    assert error.value.code == "OLH891"
    assert same(olhar.train(into=tmp_path / "run", resume=True), tuned[0])


@pytest.mark.usefixtures("better")
def test_a_kill_leaves_no_large_files_and_the_run_goes_on_to_the_same_result(tuned, scenes, tmp_path):
    code = """
import os, sys, olhar
from tests.jobs.test_learn_blocks import BLOCKS, StopInside
olhar.train(sys.argv[1], into=sys.argv[2], progress=StopInside("last_blocks.judging", 3, lambda: os._exit(9)), **BLOCKS)
"""
    killed = subprocess.run([sys.executable, "-c", code, str(scenes), str(tmp_path / "run")], check=False, timeout=120)
    assert killed.returncode == 9
    assert sum(path.stat().st_size for path in (tmp_path / "run").rglob("*") if path.is_file()) < 200_000
    assert same(olhar.train(into=tmp_path / "run", resume=True), tuned[0])


@pytest.mark.usefixtures("better")
def test_everything_learns_from_the_pictures_themselves(tmp_path):
    data = write_scenes(tmp_path / "data", 4)
    run = olhar.train(data, into=tmp_path / "run", **(HEAD | {"learn": "all", "epochs": 1, "folds": 2}))
    learnt = load_file(run.path / "best.safetensors")
    arrays = onnx.load_from_string(published_body("lite0", 64).network).graph.initializer
    published = {array.name: onnx.numpy_helper.to_array(array) for array in arrays}
    assert (learnt["stem.weight"] != published["stem.weight"]).any()
    assert record_of(run).views == 0
    assert olhar.load(run.path)(scene("dots", 5)).label in run.signature.classes


def test_a_full_disk_is_said(scenes, tmp_path, monkeypatch):
    class Full(BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("olhar.training.views.tempfile.TemporaryFile", lambda **_: Full())
    with pytest.raises(DataError) as error:
        olhar.train(scenes, into=tmp_path / "run", **BLOCKS)
    assert_says(error, "no room left", "--resume", "fewer blocks")
    assert error.value.code == "OLH892"


@pytest.mark.usefixtures("better")
def test_where_the_disk_has_no_room_for_views_they_are_computed_anew(scenes, tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.training.views.MOST_BYTES", 1000)
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", progress=said, **(BLOCKS | {"epochs": 1}))
    assert record_of(run).views == 0
    assert any("anew in every epoch" in line for line in said.lines)


@pytest.mark.usefixtures("better")
def test_test_pictures_never_choose_and_with_many_pictures_one_part_of_the_others_does(scenes, tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.jobs.learn_blocks._ALL_FOLDS", 10)
    fields = {"model": "lite0", "size": 64, "split": "60/10/30", "learn": LAST_BLOCK, "epochs": 1}
    run = olhar.train(scenes, into=tmp_path / "run", **fields)
    assert run.measured == "test"
    assert record_of(run).pictures < 36 - run.metrics.accuracy.n
    assert run.folds is None


@pytest.mark.usefixtures("better")
def test_what_is_seen_gray_learns_too(tmp_path):
    data = write_scenes(tmp_path / "data", 4)
    run = olhar.train(data, into=tmp_path / "run", colour="gray", **(BLOCKS | {"epochs": 1}))
    assert run.signature.channels == 1
    assert record_of(run).kept


def test_minutes_mean_that_the_last_blocks_learn_in_them(scenes, tmp_path):
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", minutes=5, progress=said, **HEAD)
    assert record_of(run).learn == USUAL
    assert not any("--minutes" in line for line in said.lines)


def test_too_few_minutes_are_said_and_the_head_is_kept(head_run, scenes, tmp_path):
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", minutes=0.01, progress=said, **HEAD)
    assert record_of(run) is None
    assert any("would need about" in line for line in said.lines)
    assert same(run, head_run)


def without_torch(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "torch" else object())


def test_without_torch_it_is_refused_before_a_picture_is_read(tmp_path, monkeypatch):
    without_torch(monkeypatch)
    with pytest.raises(ExtraError) as error:
        olhar.train(tmp_path / "nowhere", into=tmp_path / "run", learn=LAST_BLOCK)
    assert_says(error, "--learn last:21", 'pip install "olhar[train]"')


def test_without_torch_minutes_are_said_to_bring_nothing_and_a_head_learns(head_run, scenes, tmp_path, monkeypatch):
    without_torch(monkeypatch)
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", minutes=5, progress=said, **HEAD)
    assert any("--minutes" in line and 'pip install "olhar[train]"' in line for line in said.lines)
    assert same(run, head_run)


def test_in_an_onnx_file_only_a_head_learns(scenes, tmp_path):
    body = exported(Classifier(), tmp_path / "net.onnx", side=64, **FREE)
    with pytest.raises(RecipeError) as error:
        olhar.train(scenes, into=tmp_path / "run", model=body, learn="last:3")
    assert_says(error, "net.onnx", "last:3", "--model lite0")
    assert error.value.code == "OLH890"
    said = Said()
    olhar.train(scenes, into=tmp_path / "run", model=body, minutes=5, scaling="0..1", progress=said)
    assert any("--minutes" in line and "ONNX" in line for line in said.lines)


@pytest.mark.parametrize("fields", [{"model": "quick"}, {"depth": 2}])
def test_a_network_from_nothing_has_no_such_part(scenes, tmp_path, fields):
    with pytest.raises(RecipeError) as error:
        olhar.train(scenes, into=tmp_path / "run", learn="last:3", **fields)
    assert_says(error, "last:3", "--model lite0", "--model FILE.h5")
    assert error.value.code == "OLH893"


def test_what_is_asked_of_a_part_means_a_head_start(tmp_path):
    tiny = write_scenes(tmp_path / "data", 100)
    for digit, folder in enumerate(sorted(tiny.iterdir())):
        folder.rename(tiny / str(digit))
    for path in tiny.rglob("*.png"):
        Image.open(path).resize((8, 8)).save(path)
    assert settled_way(Recipe(), olhar.read(tiny), {}, Said()).model == "auto"
    assert settled_way(Recipe(learn="all"), olhar.read(tiny), {}, Said()).model == "lite0"


def test_what_reaches_no_further_than_the_head_is_said(head_run, scenes, tmp_path):
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", progress=said, **(BLOCKS | {"learn": "last:5"}))
    assert any("last:5" in line and USUAL in line for line in said.lines)
    assert same(run, head_run)


def test_with_one_picture_a_class_only_a_head_learns(tmp_path):
    said = Said()
    run = olhar.train(
        write_scenes(tmp_path / "data", 1), into=tmp_path / "run", model="lite0", size=64, learn=LAST_BLOCK, progress=said
    )
    assert any("one picture a class" in line for line in said.lines)
    assert record_of(run) is None


@pytest.mark.usefixtures("better")
def test_going_on_begins_with_the_published_body_and_says_so(tuned, scenes, tmp_path):
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", model=tuned[0].path, progress=said)
    assert any("as it was published" in line and "--learn last:21" in line for line in said.lines)
    assert record_of(run) is None


def test_it_is_told_in_json_and_in_portuguese(scenes, tmp_path, capsys):
    flags = ["--model", "lite0", "--size", "64", "--folds", "2", "--epochs", "1", "--learn", "last:21", "--json"]
    assert main(["train", str(scenes), "--into", str(tmp_path / "run"), *flags]) == 0
    told = json.loads(capsys.readouterr().out)["head"]["last_blocks"]
    assert (told["learn"], told["kept"]) == ("last:21", False)
    with speaking("pt-BR"):
        write_report(RunFolder(tmp_path / "run"))
    assert "fica só a cabeça" in (tmp_path / "run" / "report.html").read_text()


@pytest.mark.parametrize("name", ["lite0", "lite1", "lite2"])
def test_the_usual_part_is_the_last_four_blocks_of_every_body(name):
    try:
        graph = published_graph(name, 64)
    except olhar.OlharError as error:
        pytest.skip(str(error))
    assert (last_blocks(graph, 1), last_blocks(graph, 4)) == (LAST_BLOCK, USUAL)
    assert len(learning_part(graph, LAST_BLOCK)) == 8
    assert learning_part(graph, "last:5") == ()
    assert len(learning_part(graph, "last:99999")) == len(learning_part(graph, "all"))
