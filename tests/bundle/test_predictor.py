import threading

import numpy as np
import pytest
from PIL import Image

from olhar.base.errors import ModelError, PictureError
from olhar.base.signature import Signature
from olhar.bundle.parity import agreement, golden
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import labels, with_signature
from tests.bundle.conftest import SIGNATURE, colour_model
from tests.conftest import COLOURS, assert_says, encoded, noisy

RED = noisy(COLOURS["red"], 0, 40)


def test_a_picture_in_any_form_gets_the_same_answer(eye, tmp_path):
    file = tmp_path / "João.png"
    file.write_bytes(encoded(RED))
    forms = [str(file), file, file.read_bytes(), Image.fromarray(RED), RED]
    answers = [eye(form).probabilities for form in forms]
    assert all(np.array_equal(answer, answers[0]) for answer in answers)
    assert np.array_equal(eye(RED[:, :, ::-1], bgr=True).probabilities, answers[0])
    assert eye(RED).label == "red"
    assert eye(RED[:, :, ::-1]).label == "blue"


def test_an_answer_reads_well(eye):
    answer = eye(RED)
    assert str(answer).startswith("Red 99.9%, ")
    assert [key for key, _, _ in answer.ranked()] == ["red", "green", "blue"]
    assert len(answer.ranked(2)) == 2
    assert answer.to_dict(1) == {
        "class": "red",
        "name": "Red",
        "confidence": answer.confidence,
        "answer": "red",
        "why": "",
        "predictions": [{"class": "red", "name": "Red", "probability": answer.confidence}],
    }
    assert ">Red</td>" in answer._repr_html_()
    assert "3 classes (Red, Green, Blue)" in repr(eye)
    assert answer.probabilities.sum() == pytest.approx(1)


def test_a_hostile_class_name_is_text_only():
    name = "<img onerror=x>\u202e"
    hostile = Signature(("a", "b", name), ("a", "b", name), 8, 8, 3)
    eye = Predictor.from_bytes(with_signature(colour_model(), hostile), "x")
    answer = eye(noisy(COLOURS["blue"], 0, 8))
    assert "<img" not in answer._repr_html_()
    assert "\u202e" not in str(answer)


def test_many_pictures_are_answered_in_order_like_one(eye):
    pictures = [noisy(colour, seed, 8) for seed in range(50) for colour in COLOURS.values()]
    answers = eye.many(pictures)
    assert [answer.label for answer in answers] == list(COLOURS) * 50
    assert np.allclose(answers[7].probabilities, eye(pictures[7]).probabilities, atol=1e-6)


def test_all_three_outputs_can_be_had(eye):
    pixels = np.stack([eye.prepare(RED)])
    shares, logits, features = eye.outputs(pixels, "probabilities", "logits", "features")
    assert np.allclose(features, pixels.mean(axis=(1, 2)), atol=1e-3)
    assert np.allclose(logits, 0.1 * features, atol=1e-4)
    assert np.allclose(np.exp(logits) / np.exp(logits).sum(), shares, atol=1e-5)


def test_threads_may_ask_at_once(eye):
    wrong = []

    def ask(name):
        wrong.extend(1 for seed in range(20) if eye(noisy(COLOURS[name], seed, 8)).label != name)

    threads = [threading.Thread(target=ask, args=(name,)) for name in COLOURS for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_bad_picture_is_named(eye, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    for picture, name in ((tmp_path / "bad.jpg", "bad.jpg"), (tmp_path / "gone.jpg", "gone.jpg")):
        with pytest.raises(PictureError) as error:
            eye(picture)
        assert_says(error, name)


@pytest.mark.parametrize("content", [b"", b"text", b"\x08\x07" * 50])
def test_what_is_no_model_is_told(tmp_path, content):
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError) as error:
        Predictor.open(tmp_path / "model.onnx")
    assert_says(error, "model.onnx")


def test_a_model_that_is_not_there_or_a_folder_is_told(tmp_path):
    for path in (tmp_path / "none.onnx", tmp_path):
        with pytest.raises(ModelError) as error:
            Predictor.open(path)
        assert_says(error, path.name)


def test_a_model_of_somebody_else_is_never_guessed_at(tmp_path):
    (tmp_path / "foreign.onnx").write_bytes(colour_model())
    with pytest.raises(ModelError) as error:
        Predictor.open(tmp_path / "foreign.onnx")
    assert_says(error, "foreign.onnx", "signature")


def test_an_answer_that_is_no_number_is_an_error():
    eye = Predictor.from_bytes(with_signature(colour_model(gain=float("nan")), SIGNATURE), "broken.onnx")
    with pytest.raises(ModelError) as error:
        eye(RED)
    assert_says(error, "broken.onnx")


def test_agreement_is_measured_and_a_disagreement_refused(eye):
    pixels = np.stack([noisy(colour, 3, 8) for colour in COLOURS.values()])
    truth = eye.probabilities(pixels)
    assert agreement(truth, eye, pixels) == 0
    assert agreement(truth + np.float32(5e-5), eye, pixels) == pytest.approx(5e-5, rel=0.01)
    with pytest.raises(ModelError) as error:
        agreement(truth + np.float32(2e-4), eye, pixels)
    assert_says(error, "0.0002")


def test_golden_pictures_check_the_file_they_came_from(eye):
    import base64

    pixels = np.stack([noisy(colour, 3, 8) for colour in COLOURS.values()])
    kept = golden(eye, pixels)
    again = np.stack([np.frombuffer(base64.b64decode(text), np.uint8).reshape(kept["shape"]) for text in kept["pictures"]])
    assert np.array_equal(again, pixels)
    assert np.allclose(eye.probabilities(again), kept["probabilities"])


def test_labels_are_one_a_line():
    assert labels(SIGNATURE) == "Red\nGreen\nBlue\n"
