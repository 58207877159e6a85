import re
import sys
import tarfile
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.base.errors import DataError, RunError
from olhar.base.texts import speaking
from olhar.reporting.answer_files import Copies, _folders, sort_into, write_grid
from tests.conftest import COLOURS, assert_says, encoded, noisy, write_pictures

BLUE = noisy(COLOURS["blue"], 77, 50)


@pytest.fixture
def mixed(tmp_path):
    """Pictures without class folders, one of them damaged."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, colour in COLOURS.items():
        (folder / f"{name}.png").write_bytes(encoded(noisy(colour, 900, 40)))
    (folder / "bad.jpg").write_bytes(b"nothing")
    return folder


def test_a_model_is_asked_for_one_picture(run):
    eye = olhar.load(run.path)
    assert eye(BLUE).label == "blue"
    assert olhar.load(run.path / "model.onnx")(BLUE).confidence == eye(BLUE).confidence
    assert run.predictor()(BLUE).label == "blue"


def test_large_jpegs_are_decoded_whole_where_that_is_asked_and_the_model_stays_as_it_was(run, tmp_path):
    fine = np.random.default_rng(3).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    (tmp_path / "fine.jpg").write_bytes(encoded(fine, "JPEG"))
    predictor = run.predictor()
    plain, whole = (olhar.predict(predictor, tmp_path / "fine.jpg", whole=way) for way in (False, True))
    assert not np.array_equal(plain.probabilities, whole.probabilities)
    assert not predictor.signature.whole
    exported = olhar.load(olhar.export(run.path, tmp_path / "m.onnx", whole=True))
    assert exported.signature.whole
    assert np.array_equal(exported(tmp_path / "fine.jpg").probabilities, whole.probabilities[0])


def test_a_folder_is_answered_and_what_is_bad_is_named(run, mixed):
    answers = olhar.predict(run.path, mixed)
    found = answers.predictions
    assert dict(zip(found.pictures, [found.classes[i] for i in found.predicted], strict=True)) == {f"{c}.png": c for c in COLOURS}
    assert [one.where for one in answers.bad] == ["bad.jpg"]
    assert (found.labels == -1).all()


def test_answers_are_counted_indexed_and_handed_on(run, tmp_path, monkeypatch):
    answers = olhar.predict(run.path, write_pictures(tmp_path / "set", per_class=3, start=300))
    assert len(answers) == len(answers.pictures) == len(list(answers)) == 9
    assert answers.classes == run.signature.classes
    assert (answers.probabilities.shape, answers.probabilities.dtype) == ((9, 3), np.float32)
    assert (answers[0].picture, answers[0].truth) == (answers.pictures[0], answers.classes[answers.predictions.labels[0]])
    assert answers[-1].label == answers.classes[answers.predictions.predicted[-1]]
    assert answers[2:4].pictures == answers.pictures[2:4]
    assert [one.picture for one in answers[2:4]] == list(answers.pictures[2:4])
    with pytest.raises(IndexError):
        answers[9]
    frame = answers.to_polars()
    columns = ["picture", "label", "predicted", "confidence", *(f"p:{key}" for key in answers.classes), "answer", "why"]
    assert frame.columns == columns
    assert frame.height == 9
    assert frame["p:red"].to_list() == answers.probabilities[:, answers.classes.index("red")].tolist()
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    assert answers.to_pandas()["label"] == frame["label"].to_list()


def test_answers_without_truth_have_an_empty_column(run, mixed):
    assert olhar.predict(run.path, mixed).to_polars()["label"].to_list() == [None] * 3


def test_answers_show_themselves(run, mixed, tmp_path):
    answers = olhar.predict(run.path, mixed)
    assert repr(answers) == f"3 pictures answered by {answers.predictor.name}: blue 1, green 1, red 1"
    shown = answers._repr_html_()
    assert shown.count("<img ") == 3
    assert "green.png" in shown
    assert "bad.jpg" in shown
    assert "truth" not in shown
    with speaking("pt-BR"):
        assert "3 imagens respondidas" in repr(answers)
        assert re.search(r">\d+,\d%<", answers._repr_html_())
    many = olhar.predict(run.path, write_pictures(tmp_path / "set", per_class=8, start=300))
    assert many._repr_html_().count("<img ") == 20
    assert "... and 4 more" in many._repr_html_()
    assert "truth" in many._repr_html_()
    assert "No picture" in repr(answers[3:])
    assert "bad.jpg" in answers[3:]._repr_html_()


def test_a_hostile_name_of_a_picture_is_text_only(run, tmp_path):
    (tmp_path / "<b onclick=x>.png").write_bytes(encoded(BLUE))
    assert "<b onclick" not in olhar.predict(run.path, tmp_path)._repr_html_()


def test_files_folders_and_zips_may_be_mixed(run, mixed, tmp_path):
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("red/1.png", encoded(noisy(COLOURS["red"], 5)))
        archive.writestr("green/1.png", encoded(noisy(COLOURS["green"], 5)))
    found = olhar.predict(run.path, [mixed / "blue.png", mixed, tmp_path / "more.zip"]).predictions
    assert len(found) == 6
    assert found.pictures[0] == str(mixed / "blue.png")
    assert found.pictures[-1].endswith("more.zip/red/1.png")
    assert found.labels.tolist()[-2:] == [1, 2]


def test_class_folders_are_taken_for_the_truth(run, tmp_path):
    found = olhar.predict(run.path, write_pictures(tmp_path / "set", per_class=3, start=300)).predictions
    assert (found.labels == found.predicted).all()


def test_nothing_to_look_at_is_told(run):
    with pytest.raises(DataError) as error:
        olhar.predict(run.path, [])
    assert_says(error, "olhar predict")
    with pytest.raises(DataError) as error:
        olhar.predict(run.path, "nowhere.jpg")
    assert_says(error, "nowhere.jpg")


def test_an_unfinished_run_has_no_model(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "request.json").write_text("{}")
    with pytest.raises(RunError) as error:
        olhar.load(tmp_path / "run")
    assert_says(error, "model.onnx", "--resume")


def test_copies_are_sorted_and_nothing_is_moved_or_overwritten(run, mixed, tmp_path):
    before = {path: path.read_bytes() for path in mixed.iterdir()}
    target = tmp_path / "sorted"
    assert sort_into(olhar.predict(run.path, mixed), target) == Copies(3, 0, 0)
    assert sort_into(olhar.predict(run.path, mixed), target).n == 3
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*.png"))
    assert found == sorted(f"{c}/{c}{again}.png" for c in COLOURS for again in ("", "-2"))
    assert (target / "red" / "red.png").read_bytes() == before[mixed / "red.png"]
    assert before == {path: path.read_bytes() for path in mixed.iterdir()}


@pytest.mark.parametrize(
    ("shown", "folders"),
    [
        (("Azul do céu", "Verde/Mar", "Vermelho"), ("Azul do céu", "Verde_Mar", "Vermelho")),
        (("unknown", "Verde", "🔴"), ("unknown", "Verde", "red")),
    ],
)
def test_sorted_copies_lie_under_the_names_that_the_model_shows(run, mixed, tmp_path, shown, folders):
    predictor = olhar.load(run.path)
    predictor.signature = replace(predictor.signature, names=shown)
    sort_into(olhar.predict(predictor, mixed), tmp_path / "sorted")
    found = {path.relative_to(tmp_path / "sorted").as_posix() for path in (tmp_path / "sorted").rglob("*.png")}
    assert found == {f"{folder}/{key}.png" for folder, key in zip(folders, ("blue", "green", "red"), strict=True)}


def test_what_is_sorted_into_shown_names_is_known_again(run, mixed, tmp_path):
    predictor = olhar.load(run.path)
    predictor.signature = replace(predictor.signature, names=("Azul do céu", "Verde", "Vermelho"))
    sort_into(olhar.predict(predictor, mixed), tmp_path / "sorted")
    assert sorted(olhar.predict(predictor, tmp_path / "sorted").predictions.labels.tolist()) == [0, 1, 2]


def test_hostile_class_names_become_safe_folders_and_stay_apart():
    names = _folders(("../up", "a/b", "a_b", "CON", "", "x" * 300, "x-8", "x", "x!", "x."))
    assert len({name.casefold() for name in names}) == 10
    assert not any("/" in name or name.startswith(".") for name in names)


def test_a_grid_is_a_picture(run, mixed, tmp_path):
    path = write_grid(olhar.predict(run.path, mixed), tmp_path / "new" / "grid.png")
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.width > 300
    with pytest.raises(RunError) as error:
        write_grid(olhar.predict(run.path, mixed), mixed / "red.png" / "grid.png")
    assert_says(error, "grid.png")


def test_memory_stays_bounded_because_pictures_are_streamed(run):
    eye = olhar.load(run.path)
    alive, most = 0, 0

    def pictures():
        nonlocal alive, most
        for seed in range(300):
            alive += 1
            most = max(most, alive)
            yield eye.prepare(noisy(COLOURS["red"], seed))

    for _ in eye.stream(pictures()):
        alive -= 1
    assert most <= 64


def test_answers_do_not_depend_on_the_company(run, coloured):
    eye = olhar.load(run.path)
    answers = olhar.predict(eye, coloured / "test")
    alone = [eye(coloured / "test" / name).probabilities for name in answers.predictions.pictures]
    assert np.allclose(np.stack(alone), answers.predictions.probabilities, atol=1e-6)


def test_many_large_pictures_are_answered_by_several_threads_as_by_one(run, tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.bundle.answers._LARGE", 1)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for seed in range(260):
            archive.writestr(f"{seed:03}.png", encoded(noisy(COLOURS[["red", "green", "blue"][seed % 3]], seed)))
        archive.writestr("100b.jpg", b"nothing")
    whole, alone = (olhar.predict(olhar.load(run.path, threads=threads), tmp_path / "many.zip") for threads in (None, 1))
    assert whole.predictions.to_csv() == alone.predictions.to_csv()
    assert whole.rows == alone.rows
    assert [one.where for one in whole.bad] == [one.where for one in alone.bad] == ["100b.jpg"]


def test_a_tar_and_a_table_are_asked_too(run, coloured, tmp_path):
    with tarfile.open(tmp_path / "more.tar.gz", "w:gz") as archive:
        archive.add(coloured / "test", "test")
    answers = olhar.predict(run.path, tmp_path / "more.tar.gz")
    assert len(answers.predictions) == 36
    (coloured / "table.csv").write_text("path,label\ntest/red/000.png,red\ntest/blue/000.png,blue\n")
    try:
        table = olhar.predict(run.path, coloured / "table.csv")
    finally:
        (coloured / "table.csv").unlink()
    assert table.predictions.labels.tolist() == [2, 0]
    (tmp_path / "picture-without-an-ending").write_bytes((coloured / "test/red/000.png").read_bytes())
    assert len(olhar.predict(run.path, tmp_path / "picture-without-an-ending").predictions) == 1


def test_pictures_are_answered_whatever_their_folders_mean(run, tmp_path):
    for start, top in enumerate(("color", "grayscale")):
        write_pictures(tmp_path / "set" / top, per_class=2, start=100 * start)
    answers = olhar.predict(run.path, tmp_path / "set")
    assert len(answers) == 4 * len(COLOURS)
    with pytest.raises(DataError):
        olhar.evaluate(run.path, tmp_path / "set")
    assert olhar.evaluate(run.path, tmp_path / "set", layout="*/class").accuracy.n == 4 * len(COLOURS)


def test_pictures_are_answered_whatever_the_table_beside_them_is(run, tmp_path):
    names = [f"{name}.png" for name in COLOURS]
    (tmp_path / "set" / "pictures").mkdir(parents=True)
    for name, colour in COLOURS.items():
        (tmp_path / "set" / "pictures" / f"{name}.png").write_bytes(encoded(noisy(colour, 900, 40)))
    rows = "\n".join(f"{name},a|b" for name in names)
    (tmp_path / "set" / "labels.csv").write_text(f"file,label\n{rows}\n")
    assert len(olhar.predict(run.path, tmp_path / "set").predictions) == len(names)
    with pytest.raises(DataError) as error:
        olhar.evaluate(run.path, tmp_path / "set")
    assert_says(error, "labels.csv")
