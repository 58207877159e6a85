import pytest

from olhar.base.layer import Layer
from olhar.reporting.network_picture import MOST, boxes
from olhar.reporting.page import render
from tests.reporting.stories import make_story

TORCH = (
    Layer("a", "Conv2d", (16, 32, 32), 448),
    Layer("b", "ReLU", (16, 32, 32), 0),
    Layer("c", "MaxPool2d", (16, 16, 16), 0),
    Layer("d", "Flatten", (4096,), 0),
    Layer("e", "Linear", (10,), 40970),
)
KERAS = (Layer("a", "Conv2D", (32, 32, 16), 448), Layer("b", "Dense", (10,), 100), Layer("c", "Lambda", None, 0))


def test_layers_of_one_shape_are_one_box_from_the_picture_to_the_answer():
    found = boxes(TORCH)
    assert [box.sides for box in found] == ["32 × 32 × 16", "16 × 16 × 16", "4096", "10"]
    assert found[0].kinds == (("Conv2d", 1), ("ReLU", 1))
    assert [box.parameters for box in found] == [448, 0, 0, 40970]
    assert found[0].height > found[1].height


def test_keras_has_its_channels_last_and_a_shape_may_be_unknown():
    assert [box.sides for box in boxes(KERAS)] == ["32 × 32 × 16", "10", ""]


def test_poolings_of_a_head_start_stand_side_by_side():
    places = [Layer(f"block_{n}", "GlobalAveragePooling", (n,), 0) for n in (40, 80)]
    found = boxes([Layer("lite0", "Body", (224, 224, 3), 3), *places, Layer("head", "Dense", (6,), 9)])
    assert [box.sides for box in found] == ["224 × 224 × 3", "120", "6"]
    assert found[1].kinds == (("GlobalAveragePooling", 2),)


def test_of_very_many_layers_those_of_one_side_are_one_box():
    deep = [Layer(str(i), "Conv2d", (8 + i % 2, 64 >> (i // 100), 64 >> (i // 100)), 1) for i in range(300)]
    assert [box.sides for box in boxes(deep)] == ["64 × 64 × 9", "32 × 32 × 9", "16 × 16 × 9"]
    assert len(boxes(deep)) <= MOST


@pytest.mark.parametrize("layers", [(), TORCH])
def test_the_page_folds_it_away(layers):
    html = render(make_story(3, layers=layers))
    assert ('<details id="drawing">' in html) == bool(layers)
    assert ("40,970 parameters" in html) == bool(layers)
