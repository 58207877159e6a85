"""Models taken out: a run and an old Keras file become files that today's Keras opens; nothing is overwritten without a word."""

import json
import re
import shlex
import shutil
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch

import olhar
from olhar.base.errors import DataError, ExtraError, UsageError
from olhar.cli.app import main
from olhar.graph.from_torch import from_torch
from olhar.graph.to_keras import to_keras
from olhar.keras_files import keras_itself
from olhar.keras_files.model import open_keras
from olhar.models.network_shape import NetworkShape
from olhar.models.zoo import MODELS, build
from tests.conftest import COLOURS, assert_says, noisy, write_pictures
from tests.keras_files.keras_crafting import layer
from tests.keras_files.keras_eyes import ORDER, colours, teachable, write_eyes
from tests.scenes import write_scenes
from tests.trained import QUICK

needs_keras = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed (the extra [keras])")
PIXELS = np.stack([noisy(colour, 9) for colour in COLOURS.values()])


@needs_keras
@pytest.mark.parametrize("form", ["keras", "h5", "json"])
def test_a_run_becomes_a_keras_model_that_takes_raw_pictures(run, tmp_path, form, capsys):
    target = tmp_path / f"m.{form}"
    assert main(["export", str(run.path), "--into", str(target)]) == 0
    assert "opened again by Keras" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "m.labels.txt").read_text().split() == ["blue", "green", "red"]
    model = tmp_path / "m.weights.h5" if form == "json" else target
    opened = open_keras(model, target if form == "json" else None)
    expected = run.predictor().probabilities(PIXELS)
    np.testing.assert_allclose(opened.predict(PIXELS.astype(np.float32)), expected, atol=1e-4)
    eye = olhar.load(model)
    assert eye.signature.classes == ("blue", "green", "red")
    np.testing.assert_allclose(eye.probabilities(PIXELS), expected, atol=1e-4)


@needs_keras
def test_what_a_run_promises_goes_into_the_file_beside_a_keras_model(coloured, tmp_path):
    asked = olhar.train(coloured, into=tmp_path / "asked", at_least=0.5, prediction_sets=0.7, **QUICK)
    opened = olhar.load(asked.export(tmp_path / "m.h5")).signature
    own = olhar.load(asked.path).signature
    assert own.threshold > 0
    assert (opened.at_least, opened.threshold, opened.sets_from) == (own.at_least, own.threshold, own.sets_from)
    assert opened.false_alarms == 0


@needs_keras
def test_an_old_file_becomes_one_that_todays_keras_opens(tmp_path, monkeypatch):
    source = teachable(tmp_path / "keras_model.h5")
    monkeypatch.chdir(tmp_path)
    assert main(["export", "keras_model.h5", "--to", "keras"]) == 0
    x = np.random.default_rng(2).uniform(-1, 1, (2, *open_keras(source).input_shape[1:])).astype(np.float32)
    np.testing.assert_allclose(open_keras("keras_model.keras").predict(x), open_keras(source).predict(x), atol=1e-5)
    assert main(["export", "keras_model.h5", "--to", "h5"]) == 0
    assert (tmp_path / "keras_model-keras3.h5").is_file()


def test_nothing_is_overwritten_without_a_word(run, tmp_path):
    target = tmp_path / "m.onnx"
    run.export(target)
    run.export(target)
    target.write_bytes(b"a person's own")
    with pytest.raises(UsageError) as error:
        run.export(target)
    assert_says(error, "m.onnx", "--force")
    assert target.read_bytes() == b"a person's own"
    run.export(target, force=True)
    assert target.read_bytes() == (run.path / "model.onnx").read_bytes()


def test_the_rule_that_decodes_whole_is_written_into_a_bundle_alone(run, tmp_path, capsys):
    assert main(["export", str(run.path), "--to", "safetensors", "--whole", "--into", str(tmp_path / "m.safetensors")]) == 2
    assert "--to onnx" in " ".join(capsys.readouterr().err.split())
    assert main(["export", str(run.path), "--whole", "--into", str(tmp_path / "m.onnx")]) == 0
    olhar.inspect(foreign := colours(tmp_path / "m.h5"), classes=list(ORDER), scaling="0..255", save=True)
    for source in (run.path / "model.onnx", foreign):
        bundle = olhar.export(source, tmp_path / f"whole-{source.name}.onnx", whole=True)
        assert olhar.load(bundle).signature.whole
        with pytest.raises(UsageError) as error:
            olhar.export(source, bundle, whole=True)
        assert_says(error, bundle.name, "--force")
    assert "triangle-horizontal-first-whole" in (tmp_path / "m.onnx").read_bytes().decode("latin-1")
    assert (tmp_path / "m.golden.json").is_file()


@needs_keras
def test_the_signature_of_another_model_is_not_replaced_without_a_word(run, tmp_path, capsys):
    mine = colours(tmp_path / "m.h5")
    about = olhar.inspect(mine, scaling="-1..1", classes=list(ORDER), save=True).saved
    before = about.read_bytes()
    for form in ("keras", "json"):
        (tmp_path / "m.weights.olhar.json").write_bytes(before)
        assert main(["export", str(run.path), "--into", str(tmp_path / f"m.{form}")]) == 2
        told = " ".join(capsys.readouterr().err.split())
        assert "olhar.json is there already" in told
        assert "--force" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.h5", "m.olhar.json", "m.weights.olhar.json"]
    assert about.read_bytes() == before
    assert olhar.load(mine).classes == ORDER
    assert main(["export", str(run.path), "--into", str(tmp_path / "m.keras"), "--force"]) == 0
    assert olhar.load(tmp_path / "m.keras").classes == ("blue", "green", "red")


@needs_keras
@pytest.mark.parametrize("stale", ["red\nblue\ngreen\n", "red\nblue\ngreen\nbear\n", "red\nred\n"])
def test_labels_of_other_classes_are_not_left_beside_a_model(run, tmp_path, stale):
    target, labels = tmp_path / "m.h5", tmp_path / "m.labels.txt"
    target.write_text("an older model")
    labels.write_text(stale)
    with pytest.raises(UsageError) as error:
        run.export(tmp_path / "m.keras")
    assert_says(error, "m.labels.txt", "--into", "--force")
    assert labels.read_text() == stale
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.h5", "m.labels.txt"]
    run.export(target, force=True)
    assert labels.read_text() == "blue\ngreen\nred\n"
    assert olhar.load(target).classes == ("blue", "green", "red")


@needs_keras
def test_one_model_lies_in_several_forms_under_one_name(run, tmp_path):
    (tmp_path / "m.labels.txt").write_text("0 blue\n1 green\n2 red\n")
    for form in ("keras", "h5", "json", "onnx"):
        run.export(tmp_path / f"m.{form}")
    assert (tmp_path / "m.labels.txt").read_text() == "0 blue\n1 green\n2 red\n"
    for name in ("m.keras", "m.h5", "m.weights.h5", "m.onnx"):
        eye = olhar.load(tmp_path / name)
        np.testing.assert_allclose(eye.probabilities(PIXELS), run.predictor().probabilities(PIXELS), atol=1e-4)


@needs_keras
def test_a_file_whose_formula_was_said_once_is_exported_beside_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = layer("Lambda", "scale", function=["", None, None], function_type="lambda")
    old = colours(tmp_path / "m.h5", first=first)
    olhar.inspect(old, lambdas={"scale": "x/127.5-1"}, classes=list(ORDER), save=True)
    assert main(["export", "m.h5", "--to", "keras"]) == 0
    one, other = olhar.load(old), olhar.load(tmp_path / "m.keras")
    np.testing.assert_allclose(one.probabilities(PIXELS), other.probabilities(PIXELS), atol=1e-5)


def test_a_form_may_be_typed_in_capitals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    colours(tmp_path / "m.h5", first=layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1.0))
    assert main(["export", "m.h5", "--to", "ONNX"]) == 0
    assert main(["export", "m.h5", "--into", "other.ONNX"]) == 0
    assert (tmp_path / "m.onnx").read_bytes() == (tmp_path / "other.ONNX").read_bytes()


@needs_keras
def test_the_way_out_for_a_network_of_one_s_own_can_be_typed_as_it_is_told(run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(run.path, "runs/my photos-1")
    recipe = tmp_path / "runs" / "my photos-1" / "recipe.toml"
    recipe.write_text(recipe.read_text().replace('model = "cnn"', 'model = "own:net"'))
    assert main(["export", "runs/my photos-1", "--to", "keras"]) == 2
    command = re.search(r"olhar (export .* --to onnx)", " ".join(capsys.readouterr().err.split()))
    assert main(shlex.split(command[1])) == 0
    assert (tmp_path / "my photos-1.onnx").is_file()


def test_endings_that_do_not_go_together_are_told(run, tmp_path, capsys):
    assert main(["export", str(run.path), "--to", "h5", "--into", str(tmp_path / "m.keras")]) == 2
    assert ".h5" in capsys.readouterr().err
    assert not (tmp_path / "m.keras").exists()


@pytest.mark.parametrize("typed", ["far/m.onnx", "{folder}/m.onnx", "m.keras", ".h5", "far\\m.onnx"])
def test_a_file_in_place_of_a_form_is_told_and_nothing_is_written(tmp_path, monkeypatch, capsys, typed):
    monkeypatch.chdir(tmp_path)
    typed = typed.format(folder=tmp_path)
    source = colours(tmp_path / "x.h5")
    assert main(["export", str(source), "--to", typed, "--language", "en"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "OLH867" in told
    assert "--to takes a form (onnx, keras, h5, json, tflite, safetensors, web), not a file. Name the file with --into" in told
    assert main(["export", str(source), "--to", typed, "--language", "pt"]) == 2
    assert "--to recebe um formato" in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["x.h5"]


def test_a_model_is_not_written_onto_itself(tmp_path):
    source = colours(tmp_path / "m.h5")
    with pytest.raises(UsageError) as error:
        olhar.export(source, source, force=True)
    assert_says(error, "m.h5", "--into")


def test_without_keras_the_extra_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr("olhar.base.extras.find_spec", lambda name: None if name == "keras" else True)
    with pytest.raises(ExtraError) as error:
        run.export(tmp_path / "m.keras")
    assert_says(error, "keras", "olhar[keras]")


def test_a_formula_is_said_once(tmp_path):
    first = layer("Lambda", "scale", function=["", None, None], function_type="lambda")
    path = colours(tmp_path / "m.h5", first=first)
    olhar.inspect(path, lambdas={"scale": "x/127.5-1"}, save=True)
    assert olhar.load(path).signature.shape == olhar.load(path, lambdas={"scale": "x/127.5-1"}).signature.shape


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """A training that began from a Keras file and kept its head, and one that got a new one."""
    folder = tmp_path_factory.mktemp("tuned")
    (folder / "labels.txt").write_text("\n".join(ORDER))
    model = colours(folder / "keras_model.h5")
    eyes = write_eyes(folder / "eyes", 12)
    fields = {"scaling": "-1..1", "epochs": 1, "batch": 16, "learning_rate": 1e-3, "precision": "fp32", "threads": 1, "folds": 0}
    own = olhar.train(eyes, model=str(model), into=folder / "own", **fields)
    (eyes / "blue").rename(eyes / "azul")
    return {"own": own, "new": olhar.train(eyes, model=str(model), into=folder / "new", new_head=True, **fields)}


def opened(target):
    """What was exported, opened."""
    return open_keras(target.with_suffix(".weights.h5"), target) if target.suffix == ".json" else open_keras(target)


def test_what_a_file_has_learnt_goes_back_into_a_copy_of_it(tuned, tmp_path, capsys):
    run = tuned["own"]
    assert main(["export", str(run.path), "--to", "h5", "--into", str(tmp_path / "back.h5")]) == 0
    base = open_keras(run.path / "base" / "keras_model.h5")
    back = open_keras(tmp_path / "back.h5")
    assert back.keras_version == base.keras_version == "2.4.0"
    assert "keras_model.h5" in capsys.readouterr().err
    expected = run.predictor().probabilities(PIXELS)
    np.testing.assert_allclose(back.predict((PIXELS / 127.5 - 1).astype(np.float32)), expected, atol=1e-5)
    np.testing.assert_allclose(olhar.load(tmp_path / "back.h5").probabilities(PIXELS), expected, atol=1e-5)
    assert olhar.load(tmp_path / "back.h5").classes == ORDER


def test_what_a_file_with_a_formula_has_learnt_goes_back_with_its_formula(tmp_path):
    first = layer("Lambda", "scale", function=["", None, None], function_type="lambda")
    (tmp_path / "labels.txt").write_text("\n".join(ORDER))
    model, eyes = colours(tmp_path / "m.h5", first=first), write_eyes(tmp_path / "eyes", 12)
    fields = {"epochs": 1, "batch": 16, "learning_rate": 1e-3, "precision": "fp32", "threads": 1, "folds": 0}
    run = olhar.train(eyes, model=str(model), lambdas={"scale": "x/127.5-1"}, into=tmp_path / "run", **fields)
    back = olhar.load(run.export(tmp_path / "back.h5"))
    np.testing.assert_allclose(back.probabilities(PIXELS), run.predictor().probabilities(PIXELS), atol=1e-5)


@needs_keras
@pytest.mark.parametrize(("head", "form"), [("own", "keras"), ("own", "json"), ("new", "keras"), ("new", "h5"), ("new", "json")])
def test_a_tuned_file_becomes_a_new_keras_file(tuned, tmp_path, head, form):
    run, target = tuned[head], tmp_path / f"m.{form}"
    assert main(["export", str(run.path), "--to", form, "--into", str(target)]) == 0
    expected = run.predictor().probabilities(PIXELS)
    wanted = PIXELS if head == "new" else PIXELS / 127.5 - 1  # what has a new head is nobody's old file: its scaling is inside
    np.testing.assert_allclose(opened(target).predict(wanted.astype(np.float32)), expected, atol=1e-4)
    place = target.with_suffix(".weights.h5") if form == "json" else target
    eye = olhar.load(place, architecture=target if form == "json" else None)
    assert eye.classes == run.signature.classes
    np.testing.assert_allclose(eye.probabilities(PIXELS), expected, atol=1e-4)


@needs_keras
@pytest.mark.parametrize("scaling", ["0..1", "imagenet", "caffe"])
def test_keras_itself_answers_as_the_run_with_a_new_head_does_of_raw_pictures(tmp_path, scaling):
    eyes = write_eyes(tmp_path / "eyes", 8)
    fields = {"scaling": scaling, "epochs": 3, "batch": 8, "learning_rate": 0.05, "precision": "fp32", "threads": 1, "folds": 0}
    model = str(colours(tmp_path / "m.h5"))
    run = olhar.train(eyes, model=model, new_head=True, learn="all", into=tmp_path / "run", **fields)
    [said] = keras_itself.predictions(run.export(tmp_path / "m.keras"), [PIXELS.astype(np.float32)])
    np.testing.assert_allclose(said, run.predictor().probabilities(PIXELS), atol=1e-5)


@needs_keras
@pytest.mark.parametrize(("name", "depth"), [*((name, 0) for name in MODELS), ("quick", 3)])
def test_each_network_answers_alike_in_keras(tmp_path, name, depth):
    torch.manual_seed(1)
    form = NetworkShape(width=8, depth=depth) if name in ("quick", "separable") else NetworkShape(stages=(4, 8))
    network = build(name, 3, 3, (16, 16), form).eval()
    target, mean, std = tmp_path / "m.keras", (0.4, 0.5, 0.6), (0.2, 0.25, 0.3)
    keras_itself.save(to_keras(from_torch(network, (16, 16, 3), mean, std)), target)
    scaled = (torch.from_numpy(PIXELS / 255).float() - torch.tensor(mean)) / torch.tensor(std)
    with torch.no_grad():
        expected = network(scaled.permute(0, 3, 1, 2)).softmax(1).numpy()
    given = PIXELS.astype(np.float32)
    np.testing.assert_allclose(keras_itself.predictions(target, [given])[0], expected, atol=1e-5)
    np.testing.assert_allclose(open_keras(target).predict(given), expected, atol=1e-5)


def test_a_threshold_is_chosen_afterwards_by_what_the_run_held_back(scenes, tmp_path, capsys):
    trained = olhar.train(scenes, into=tmp_path / "run")
    plain, cautious = tmp_path / "plain.onnx", tmp_path / "cautious.onnx"
    trained.export(plain)
    assert main(["export", str(trained.path), "--at-least", "0.6", "--into", str(cautious)]) == 0
    assert "36 pictures that the model has not learnt from" in capsys.readouterr().err
    one, other = olhar.load(plain), olhar.load(cautious)
    assert (one.signature.threshold, other.signature.at_least) == (0.0, 0.6)
    assert other.signature.threshold > 0
    pixels = np.zeros((2, *one.signature.shape), np.uint8)
    np.testing.assert_array_equal(one.probabilities(pixels), other.probabilities(pixels))
    assert cautious.with_suffix(".golden.json").read_bytes() == plain.with_suffix(".golden.json").read_bytes()
    assert olhar.load(trained.path).signature.threshold == 0


def test_the_same_threshold_comes_of_training_and_of_exporting(coloured, tmp_path):
    asked = olhar.train(coloured, into=tmp_path / "asked", at_least=0.5, **QUICK)
    plain = olhar.train(coloured, into=tmp_path / "plain", **QUICK)
    file = olhar.export(plain.path, tmp_path / "m.onnx", at_least=0.5)
    assert olhar.load(file).signature.threshold == pytest.approx(olhar.load(asked.path).signature.threshold, abs=1e-5)


def test_what_heads_said_of_held_back_pictures_is_kept_where_a_test_part_judges(tmp_path):
    write_scenes(tmp_path / "data" / "train", 10)
    write_scenes(tmp_path / "data" / "test", 4, start=50)
    trained = olhar.train(tmp_path / "data", into=tmp_path / "run")
    assert (trained.path / "predictions-held-back.csv").is_file()
    assert olhar.load(trained.export(tmp_path / "m.onnx", at_least=0.6)).signature.threshold > 0


def test_a_keras_file_gets_its_threshold_from_labelled_pictures(tmp_path, capsys):
    source = colours(tmp_path / "m.h5", first=layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1.0))
    olhar.inspect(source, classes=list(ORDER), save=True)
    place = write_pictures(tmp_path / "eyes", 20)
    command = ["export", str(source), "--at-least", "0.9", "--into", str(tmp_path / "m.onnx")]
    assert main(command) == 2
    assert "OLH656" in capsys.readouterr().err
    assert main([*command, "--data", str(place)]) == 0
    assert "it promises too much" in capsys.readouterr().err
    assert olhar.load(tmp_path / "m.onnx").signature.at_least == 0.9
    again = tmp_path / "again.onnx"
    assert olhar.export(tmp_path / "m.onnx", again, at_least=0.8, data=place) == again
    assert olhar.load(again).signature.at_least == 0.8
    assert again.with_suffix(".golden.json").is_file()


def test_what_cannot_be_promised_is_refused_and_nothing_is_written(run, coloured, tmp_path, capsys):
    target = tmp_path / "m.onnx"
    command = ["export", str(run.path), "--into", str(target)]
    refused = {
        "OLH654": ["--at-least", "0.99"],
        "OLH653": ["--at-least", "1.5"],
        "OLH658": ["--at-least", "0.9", "--data", str(coloured / "train")],
        "--at-least": ["--data", str(coloured / "test")],
    }
    for told, words in refused.items():
        assert main([*command, *words]) == 2
        assert told in capsys.readouterr().err
    assert main(["export", str(run.path), "--at-least", "0.9", "--into", str(tmp_path / "m.h5")]) == 2
    assert "OLH657" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_where_the_validation_pictures_are_gone_others_are_asked_for(run, coloured, tmp_path):
    moved = shutil.copytree(run.path, tmp_path / "moved")
    request = moved / "request.json"
    request.write_text(json.dumps(json.loads(request.read_text()) | {"data": str(tmp_path / "gone")}))
    with pytest.raises(DataError) as error:
        olhar.export(moved, tmp_path / "m.onnx", at_least=0.5)
    assert_says(error, "moved", "--data")
    file = olhar.export(moved, tmp_path / "m.onnx", at_least=0.5, data=coloured / "test")
    assert olhar.load(file).signature.threshold > 0


def test_wrong_answers_promise_nothing(run, tmp_path):
    mixed = write_pictures(tmp_path / "mixed", 20, start=9000)
    (mixed / "blue").rename(tmp_path / "aside")
    (mixed / "green").rename(mixed / "blue")
    (tmp_path / "aside").rename(mixed / "green")
    with pytest.raises(DataError) as error:
        olhar.export(run.path, tmp_path / "m.onnx", at_least=0.9, data=mixed)
    assert error.value.code == "OLH655"
