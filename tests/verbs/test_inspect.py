"""What is this model file, and how does it want its pictures?"""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.base.errors import DataError, ModelError, RunError, UsageError
from olhar.base.signature import Signature
from olhar.cli.app import main
from olhar.foreign import classifier
from olhar.verbs.inspect import inspect
from tests.conftest import assert_says, encoded, noisy
from tests.keras_files.keras_crafting import dense, h5, layer, sequential
from tests.keras_files.keras_eyes import EYES, ORDER, colours, indifferent, one_sigmoid, strongest, write_eyes


@pytest.fixture(scope="module")
def eyes(tmp_path_factory):
    """120 pictures in three classes."""
    return write_eyes(tmp_path_factory.mktemp("data") / "eyes", 40)


@pytest.mark.parametrize(("low", "high", "scaling"), [(-1.0, 1.0, "-1..1"), (0.0, 1.0, "0..1"), (0.0, 255.0, "0..255")])
def test_scaling_and_order_are_found_and_then_used(tmp_path, eyes, low, high, scaling):
    path = colours(tmp_path / "m.h5", low, high)
    found = olhar.inspect(path, eyes, save=True)
    trial = found.trial
    assert trial is not None
    assert (trial.chosen.scaling, trial.chosen.colour) == (scaling, "rgb")
    assert "scaling" not in trial.unsure
    assert trial.classes == ORDER
    assert trial.doubtful == ()
    assert trial.accuracy.value == 1.0
    assert trial.accuracy.n + trial.scores[0].accuracy.n == 120
    assert trial.as_it_comes is not None
    assert trial.as_it_comes.value < 0.1
    assert found.saved == tmp_path / "m.olhar.json"
    assert olhar.load(path)(noisy(EYES["green"], 7)).label == "green"
    assert olhar.evaluate(path, eyes).accuracy.value == 1.0
    assert len(olhar.predict(path, eyes).predictions) == 120
    assert inspect(path).source == "beside"
    assert repr(found).splitlines() == [found.title, found.total]
    shown = found._repr_html_()
    assert all(f">{row.name}<" in shown for row in found.layers)
    assert found.total in shown


def test_of_scalings_that_are_equally_right_the_one_that_is_not_too_sure_is_taken(tmp_path, capsys):
    eyes = write_eyes(tmp_path / "eyes", 20)
    for number in range(0, 20, 4):
        (eyes / "red" / f"{number:03}.png").rename(eyes / "blue" / f"moved-{number}.png")
    trial = inspect(strongest(tmp_path / "m.h5"), eyes).trial
    losses = {score.candidate.scaling: score.log_loss for score in trial.scores if score.candidate.colour == "rgb"}
    rights = {score.candidate.scaling: score.accuracy.value for score in trial.scores if score.candidate.colour == "rgb"}
    assert rights["0..1"] == rights["0..255"] < 1
    assert trial.chosen.scaling == "0..1"
    assert losses["0..1"] == min(losses.values()) < losses["0..255"]
    assert main(["inspect", str(tmp_path / "m.h5"), "--data", str(eyes), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trial"]["candidates"][0]["log_loss"] > 0


def test_the_pictures_are_read_as_the_layout_says(tmp_path, eyes, capsys):
    for folder in eyes.iterdir():
        for place, shop in enumerate(("near", "far")):
            (tmp_path / "shops" / shop / folder.name).mkdir(parents=True)
            for path in sorted(folder.iterdir())[place::2]:
                (tmp_path / "shops" / shop / folder.name / path.name).write_bytes(path.read_bytes())
    model = str(strongest(tmp_path / "m.h5"))
    assert main(["inspect", model, "--data", str(tmp_path / "shops"), "--layout", "group/class", "--json"]) == 0
    assert sorted(json.loads(capsys.readouterr().out)["classes"]) == sorted(folder.name for folder in eyes.iterdir())


def test_where_all_are_right_the_most_usual_scaling_is_taken(tmp_path, eyes):
    assert inspect(strongest(tmp_path / "m.h5"), eyes).trial.chosen.scaling == "0..1"


def test_an_output_of_which_there_is_no_picture_keeps_the_name_that_the_file_gives_it(tmp_path, eyes):
    path = strongest(tmp_path / "m.h5", outputs=5)
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\nnone\nyellow\n")
    assert inspect(path, eyes, save=True).classes == ("red", "green", "blue", "none", "yellow")
    assert olhar.load(path).signature.classes == ("red", "green", "blue", "none", "yellow")
    (tmp_path / "m.olhar.json").unlink()
    (tmp_path / "labels.txt").write_text("red\ngreen\nnone\nblue\nyellow\n")  # the pictures know better
    assert inspect(path, eyes).classes == ("red", "green", "blue", "output_3", "yellow")


def test_what_pictures_cannot_show_is_not_claimed(tmp_path, eyes):
    trial = inspect(indifferent(tmp_path / "m.h5"), eyes).trial
    assert trial is not None
    assert trial.unsure == ("scaling", "colour", "fit")
    assert trial.accuracy.value == 1.0
    assert all(score.tied for score in trial.scores)
    assert (trial.chosen.colour, trial.chosen.fit) == ("rgb", "stretch")


def test_what_the_file_itself_says_wins_where_pictures_do_not_tell(tmp_path, eyes, capsys):
    path = indifferent(tmp_path / "m.h5", first=layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1.0))
    (tmp_path / "labels.txt").write_text("green\nred\nblue\n")
    assert main(["inspect", str(path), "--data", str(eyes), "--save"]) == 0
    out = capsys.readouterr().out
    assert "the file itself says it" in out
    assert "labels.txt: names the classes in another order" in out
    signature = olhar.load(path).signature
    assert signature.std == (1 / 255,) * 3
    assert signature.classes == ("red", "green", "blue")
    assert not any("could not tell" in str(notice) for notice in olhar.load(path).notices)


def test_what_was_only_assumed_is_told_when_it_is_used(tmp_path, eyes, capsys):
    path = indifferent(tmp_path / "m.h5")
    inspect(path, eyes, save=True)
    assert any("could not tell the scaling" in str(notice) for notice in olhar.load(path).notices)
    assert main(["inspect", str(path), "--data", str(eyes)]) == 0
    assert "assumed: the pictures cannot tell" in capsys.readouterr().out
    inspect(path, save=True)  # which adds no knowledge
    assert any("could not tell the scaling" in str(notice) for notice in olhar.load(path).notices)


def test_pictures_of_other_classes_settle_nothing(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("ants", "bees"):
        (tmp_path / "noise" / name).mkdir(parents=True)
        for i in range(12):
            pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            (tmp_path / "noise" / name / f"{i}.png").write_bytes(encoded(pixels))
    path = colours(tmp_path / "m.h5")
    found = inspect(path, tmp_path / "noise")
    assert found.trial is not None
    assert not found.trial.useful
    assert found.signature is None
    with pytest.raises(ModelError) as error:
        inspect(path, tmp_path / "noise", save=True)
    assert_says(error, "m.h5", "nothing was saved")
    assert not (tmp_path / "m.olhar.json").exists()


def test_crop_or_stretch_is_told_where_it_matters(tmp_path):
    """The middle of each picture is of its class, the sides of another one."""
    names = list(EYES)
    for number, name in enumerate(names):
        (tmp_path / "wide" / name).mkdir(parents=True)
        for i in range(60):
            pixels = np.concatenate([noisy(EYES[names[(number + k) % 3]], 1000 * number + 3 * i + k) for k in (1, 0, 1)], axis=1)
            (tmp_path / "wide" / name / f"{i}.png").write_bytes(encoded(pixels))
    trial = inspect(colours(tmp_path / "m.h5"), tmp_path / "wide").trial
    assert trial is not None
    assert (trial.chosen.scaling, trial.chosen.fit) == ("-1..1", "crop")
    assert "fit" not in trial.unsure


def test_one_sigmoid_has_its_two_classes_found(tmp_path):
    folder = write_eyes(tmp_path / "eyes", 30)
    shutil.rmtree(folder / "blue")
    trial = inspect(one_sigmoid(tmp_path / "m.h5"), folder).trial
    assert trial is not None
    assert trial.classes == ("green", "red")


def test_outputs_without_pictures_keep_their_numbers(tmp_path):
    folder = write_eyes(tmp_path / "eyes", 30)
    shutil.rmtree(folder / "blue")
    found = inspect(colours(tmp_path / "m.h5"), folder, save=True)
    assert found.classes == ("red", "class_1", "green")
    assert olhar.evaluate(tmp_path / "m.h5", folder).accuracy.value == 1.0


def test_copies_never_stand_on_both_sides(tmp_path):
    folder = write_eyes(tmp_path / "eyes", 2)
    for name in EYES:
        for i in range(10):
            shutil.copyfile(folder / name / "000.png", folder / name / f"copy-{i}.png")
    trial = inspect(colours(tmp_path / "m.h5"), folder).trial
    assert trial is not None
    assert {trial.accuracy.n, trial.scores[0].accuracy.n} <= {3, 13, 23, 33}


def test_test_pictures_are_not_looked_at(tmp_path):
    for part, start in (("train", 0), ("test", 500)):
        write_eyes(tmp_path / "all" / part, 10, start=start)
    trial = inspect(colours(tmp_path / "m.h5"), tmp_path / "all").trial
    assert trial is not None
    assert trial.accuracy.n + trial.scores[0].accuracy.n == 30


def test_unreadable_pictures_are_counted(tmp_path):
    folder = write_eyes(tmp_path / "eyes", 12)
    (folder / "red" / "bad.png").write_bytes(b"nothing")
    trial = inspect(colours(tmp_path / "m.h5"), folder).trial
    assert trial is not None
    assert trial.unreadable == 1


def test_too_few_or_too_many_classes_are_told(tmp_path):
    path = colours(tmp_path / "m.h5")
    few = write_eyes(tmp_path / "few", 1)
    with pytest.raises(DataError) as error:
        inspect(path, few)
    assert_says(error, "few", "at least two")
    many = write_eyes(tmp_path / "many", 2)
    shutil.copytree(many / "red", many / "other")
    with pytest.raises(DataError) as error:
        inspect(path, many)
    assert_says(error, "many", "4", "3")


def test_nothing_known_is_nothing_saved(tmp_path):
    with pytest.raises(ModelError) as error:
        inspect(colours(tmp_path / "m.h5"), save=True)
    assert_says(error, "m.h5", "--data")


def test_what_a_person_states_is_written_and_used(tmp_path, eyes, capsys):
    path = colours(tmp_path / "m.h5")
    (tmp_path / "names.csv").write_text("\n".join(ORDER), encoding="utf-8")
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert_says(error, "m.h5", "--data", "--scaling")
    stated = ["inspect", str(path), "--scaling", "-1..1", "--fit", "crop", "--classes", str(tmp_path / "names.csv")]
    assert main(stated) == 0
    out = capsys.readouterr().out
    assert "-1 to 1, RGB, the middle (as you say)" in out
    assert "with --save" in out
    assert not (tmp_path / "m.olhar.json").exists()
    assert main([*stated, "--save", "--lang", "pt"]) == 0
    assert "como você disse" in capsys.readouterr().out
    signature = olhar.load(path).signature
    assert (signature.classes, signature.fit, signature.mean) == (ORDER, "crop", (0.5, 0.5, 0.5))
    assert olhar.evaluate(path, eyes).accuracy.value == 1.0


def test_saving_reads_what_lies_beside_it_and_hashes_the_model_once(tmp_path, monkeypatch):
    path = colours(tmp_path / "m.h5")
    olhar.inspect(path, save=True, scaling="-1..1")
    hashed, parsed, built, opened = [], [], [], []
    sha256, from_json, open_file = hashlib.sha256, Signature.from_json, Path.open
    class_count = classifier.class_count
    monkeypatch.setattr(hashlib, "sha256", lambda *given: hashed.append(given) or sha256(*given))
    monkeypatch.setattr(Signature, "from_json", lambda *given: parsed.append(given) or from_json(*given))
    monkeypatch.setattr(classifier, "class_count", lambda *given: built.append(given) or class_count(*given))
    monkeypatch.setattr(Path, "open", lambda file, *given: opened.append(file.name) or open_file(file, *given))
    found = olhar.inspect(path, save=True, scaling="0..1")
    assert found.saved == tmp_path / "m.olhar.json"
    assert (len(hashed), len(parsed), len(built), opened.count("m.olhar.json")) == (1, 1, 1, 1)


def test_the_labels_beside_it_are_used_with_a_stated_scaling(tmp_path):
    path = colours(tmp_path / "m.h5", 0.0, 1.0)
    (tmp_path / "labels.txt").write_text("\n".join(ORDER), encoding="utf-8")
    olhar.inspect(path, scaling="0..1", save=True)
    assert olhar.load(path)(noisy(EYES["green"], 7)).label == "green"
    again = olhar.inspect(path, classes=["a", "b", "c"], save=True).signature
    assert again is not None
    assert (again.classes, again.std) == (("a", "b", "c"), (1.0, 1.0, 1.0))


def test_what_is_stated_of_a_file_that_was_guessed_is_no_longer_a_guess(tmp_path, eyes):
    path = indifferent(tmp_path / "m.h5")
    inspect(path, eyes, save=True)
    inspect(path, scaling="caffe", save=True)
    eye = olhar.load(path)
    assert eye.signature.bgr
    assert eye.classes == ("red", "green", "blue")
    assert not any("could not tell the scaling" in str(notice) for notice in eye.notices)


def test_a_statement_that_cannot_be_is_told(tmp_path, eyes, run):
    path = colours(tmp_path / "m.h5")

    def refused(kind, *args, **said):
        with pytest.raises(kind) as error:
            inspect(*args, **said)
        return error

    assert_says(refused(UsageError, path, scaling="z-score"), "z-score", "--data")
    assert_says(refused(UsageError, path, scaling="0.1"), "0.1", "0..1")
    assert_says(refused(UsageError, path, fit="cover"), "--fit cover", "stretch")
    assert_says(refused(UsageError, path, eyes, scaling="0..1"), "m.h5", "not both")
    assert_says(refused(UsageError, run.path, scaling="0..1"), run.path.name, "inside it")
    assert_says(refused(ModelError, path, classes=tmp_path / "none.txt"), "none.txt", "one class a line")
    (tmp_path / "twice.txt").write_text("cat\ndog\ncat\n", encoding="utf-8")
    assert_says(refused(ModelError, path, classes=tmp_path / "twice.txt"), "m.h5", "twice.txt", "cat")
    assert_says(refused(ModelError, path, classes=["a", "b"]), "3", "2")
    assert_says(refused(ModelError, path, classes=ORDER, save=True), "m.h5", "--scaling")
    gray = h5(
        tmp_path / "gray.h5",
        sequential((16, 16, 1), layer("Flatten", "flat"), dense("last", 2, "softmax")),
        {"flat": {}, "last": {"kernel": np.zeros((256, 2), np.float32), "bias": np.zeros(2, np.float32)}},
    )
    assert_says(refused(ModelError, gray, scaling="imagenet"), "gray.h5", "imagenet")


def test_a_run_and_a_bundle_can_be_looked_at(run, tmp_path, capsys):
    found = inspect(run.path)
    assert (found.kind, found.classes, found.source) == ("run", ("blue", "green", "red"), "inside")
    assert found.parameters > 0
    bundle = run.export(tmp_path / "m.onnx")
    assert inspect(bundle).kind == "bundle"
    assert main(["inspect", str(bundle)]) == 0
    assert "in 7 layers" in capsys.readouterr().out
    with pytest.raises(UsageError) as error:
        inspect(bundle, run.path)
    assert_says(error, "m.onnx", "olhar evaluate")
    (tmp_path / "empty").mkdir()
    for wrong, kind in ((tmp_path / "nowhere", ModelError), (tmp_path / "empty", RunError)):
        with pytest.raises(kind) as error:
            inspect(wrong)
        assert_says(error, wrong.name)


def test_a_run_shows_its_network_as_a_person_draws_it(run, capsys):
    drawn = inspect(run.path)
    first = [(layer.kind, layer.shape) for layer in drawn.layers[:4]]
    assert first == [("Conv2d", (4, 16, 16)), ("BatchNorm2d", (4, 16, 16)), ("ReLU", (4, 16, 16)), ("MaxPool2d", (4, 8, 8))]
    assert main(["inspect", str(run.path), "--lang", "pt"]) == 0
    assert f"{len(drawn.layers)} camadas" in capsys.readouterr().out
    assert main(["inspect", str(run.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["layers"][0] == {"name": "body.0.0", "kind": "Conv2d", "shape": [4, 16, 16], "parameters": 108}
    assert told["parameters"] == drawn.parameters


def test_a_run_from_before_there_was_a_table_of_layers_shows_its_operations(run, tmp_path):
    older = shutil.copytree(run.path, tmp_path / "older")
    (older / "network.json").unlink()
    assert {layer.kind for layer in inspect(older).layers} == {"Mul", "Add", "Conv", "Gemm"}
    (older / "network.json").write_text('{"olhar": 1, "layers": [{}]}')
    with pytest.raises(RunError) as error:
        inspect(older)
    assert_says(error, "network.json")


def test_it_is_printed_for_people_and_for_programs(tmp_path, eyes, capsys):
    path = colours(tmp_path / "m.h5")
    assert main(["inspect", str(path), "--data", str(eyes)]) == 0
    out = capsys.readouterr().out
    for words in (
        "Keras 2.4.0",
        "hidden",
        "66 parameters in 3 layers",
        "16 × 16",
        "-1 to 1",
        "<- taken",
        "100.0% right",
        "--save",
    ):
        assert words in out
    assert main(["inspect", str(path), "--data", str(eyes), "--save", "--lang", "pt"]) == 0
    assert "A ordem das classes é certa." in capsys.readouterr().out
    assert main(["inspect", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["olhar"], told["signature"]["std"], len(told["layers"])) == (1, [0.5] * 3, 3)
    assert main(["inspect", str(path), "--data", str(eyes), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["trial"]
    assert sum(one["chosen"] for one in told["candidates"]) == 1


def test_a_signature_from_before_is_still_read():
    text = json.dumps({"classes": ["a"], "names": ["a"], "height": 8, "width": 8})
    assert Signature.from_json(text, "x").bgr is False


def test_an_emotion_model_of_2017_is_found_out(real_data, tmp_path):
    """Its class order is not the alphabet's, and its pictures are scaled to -1..1; the test part is not touched here."""
    source = "trained_models__emotion_models__fer2013_mini_XCEPTION.102-0.66.hdf5"
    path = tmp_path / "emotions.102-0.66.hdf5"
    shutil.copyfile(real_data("keras-models/lukas__face_classification") / source, path)
    photos = olhar.read(real_data("fer2013.zip") / "validation")
    rows = np.concatenate([np.flatnonzero(photos.labels == label)[:56] for label in range(7)]).tolist()
    found = inspect(path, photos.only(rows), save=True)
    trial = found.trial
    assert trial is not None
    assert trial.chosen.scaling == "-1..1"
    assert trial.classes == ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    assert trial.accuracy.value > 0.5
    assert trial.as_it_comes is not None
    assert trial.as_it_comes.value < trial.accuracy.value - 0.1
    picture = Image.fromarray(np.zeros((48, 48), np.uint8))
    assert len(olhar.load(path)(picture).probabilities) == 7
