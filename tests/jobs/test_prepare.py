import pytest

from olhar import Recipe
from olhar.base.errors import RecipeError
from olhar.base.progress import Quiet
from olhar.jobs.prepare import prepare
from tests.conftest import assert_says, encoded, noisy, write_pictures


def some(root, names, per_class=6, side=16, gray=False):
    for number, name in enumerate(names):
        (root / name).mkdir(parents=True)
        for i in range(per_class):
            pixels = noisy((40 + 50 * number,) * 3, 50 * number + i, side)
            (root / name / f"{name}_{i}.png").write_bytes(encoded(pixels[:, :, 0] if gray else pixels))
    return root


@pytest.mark.parametrize(
    ("names", "flip"),
    [
        (("left", "right"), "off"),
        (("a", "b"), "off"),
        (("0", "1"), "off"),
        (("9", "10"), "off"),
        (("cat", "dog"), "on"),
        (("Mão Esquerda", "outra"), "off"),
    ],
)
def test_only_what_may_be_mirrored_is_mirrored(tmp_path, names, flip):
    assert prepare(some(tmp_path / "set", names), Recipe(), Quiet()).recipe.flip == flip


def test_gray_pictures_make_a_gray_network(tmp_path):
    signature = prepare(some(tmp_path / "set", ("dark", "light"), gray=True), Recipe(), Quiet()).signature
    assert (signature.channels, len(signature.mean)) == (1, 1)


@pytest.mark.parametrize(("side", "size"), [(8, 16), (16, 16), (28, 28), (64, 64), (65, 96), (300, 96)])
def test_the_size_is_the_data_s(tmp_path, side, size):
    assert prepare(some(tmp_path / "set", ("x1", "y1"), side=side), Recipe(), Quiet()).recipe.size == size


def test_classes_that_are_numbers_are_told_their_order(tmp_path):
    prepared = prepare(some(tmp_path / "set", ("1", "2", "10")), Recipe(), Quiet())
    assert prepared.signature.classes == ("1", "10", "2")
    assert any("1, 10, 2" in str(finding) for finding in prepared.findings())


def test_a_picture_in_two_classes_is_named(tmp_path):
    root = some(tmp_path / "set", ("cat", "dog"))
    (root / "dog" / "zz.png").write_bytes((root / "cat" / "cat_3.png").read_bytes())
    assert any(
        "cat/cat_3.png" in str(finding) and "dog/zz.png" in str(finding)
        for finding in prepare(root, Recipe(), Quiet()).findings()
    )


def test_unequal_classes_are_told(tmp_path):
    root = some(some(tmp_path / "set", ("many",), per_class=30), ("few",), per_class=9)
    assert any("30" in str(finding) and "9" in str(finding) for finding in prepare(root, Recipe(), Quiet()).findings())


def test_what_is_chosen_already_is_left_alone(tmp_path):
    chosen = {"size": 20, "colour": "gray", "batch": 7, "flip": "on", "model": "cnn", "rotate": 3.0, "fill": "black"}
    prepared = prepare(some(tmp_path / "set", ("a", "b")), Recipe().with_(chosen), Quiet())
    assert vars(prepared.recipe).items() >= chosen.items()
    assert not prepared.why
    assert prepare(tmp_path / "set", prepared.recipe, Quiet()).recipe == prepared.recipe


def test_auto_says_which_network_it_takes_and_why(tmp_path):
    data, larger = some(tmp_path / "set", ("a", "b")), Recipe().with_({"size": 32})
    tiny = prepare(data, Recipe(), Quiet())
    assert (tiny.recipe.model, tiny.recipe.width) == ("cnn", 16)
    prepared = prepare(data, larger, Quiet())
    assert prepared.recipe.model == "resnet"
    assert "12 pictures" in str(prepared.why[0])
    with pytest.raises(RecipeError) as error:
        prepare(data, larger.with_({"norm": "stage"}), Quiet())
    assert_says(error, "norm stage", "resnet", "cnn, vgg")


def test_the_scaling_is_of_training_pictures_alone(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", prefix="train"), prefix="test", start=70)
    alone = prepare(root, Recipe(), Quiet()).signature
    for path in (root / "test").rglob("*.png"):
        path.write_bytes(encoded(noisy((255, 255, 255), hash(path.name) % 1000)))
    assert prepare(root, Recipe(), Quiet()).signature.mean == alone.mean


@pytest.mark.parametrize(
    ("fields", "optimizer"),
    [
        ({}, "muon"),
        ({"model": "cnn", "momentum": 0.5}, "muon"),
        ({"optimizer": "sgd"}, "sgd"),
        ({"learning_rate": 0.001}, "adamw"),
        ({"weight_decay": 0.0}, "adamw"),
        ({"amsgrad": True}, "adamw"),
        ({"model": "own:net"}, "adamw"),
    ],
)
def test_muon_moves_olhar_s_own_networks_and_adamw_what_comes_with_numbers_or_code_of_one_s_own(tmp_path, fields, optimizer):
    assert prepare(some(tmp_path / "set", ("a", "b")), Recipe(**fields), Quiet()).recipe.optimizer == optimizer


def test_pictures_that_are_decoded_whole_say_so_in_the_signature(tmp_path):
    some(tmp_path, "ab")
    prepared = prepare(tmp_path, Recipe().with_({"whole": True, "model": "quick"}), Quiet())
    assert prepared.signature.whole
    assert prepared.recipe.whole
    assert not prepare(tmp_path, Recipe().with_({"model": "quick"}), Quiet()).signature.whole
