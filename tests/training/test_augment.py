import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar import Recipe
from olhar.training.augment import Augmentation
from olhar.training.augment_colour import Colours, recoloured
from olhar.training.augment_geometry import FILLS, flipped, matrices, shifted, warped
from olhar.training.augment_mixing import cut_out, cutmix, mixup, shares
from olhar.training.augment_presets import PRESETS, preset_fields

sizes = st.tuples(st.integers(1, 7), st.sampled_from([1, 3]), st.integers(1, 17), st.integers(1, 17))
RANGES = {
    "shift": 0.3,
    "rotate": 40.0,
    "zoom": 0.4,
    "shear": 20.0,
    "crop": 0.4,
    "brightness": 0.5,
    "contrast": 0.5,
    "saturation": 0.5,
    "hue": 90.0,
    "cutout": 0.4,
    "mixup": 0.4,
    "cutmix": 1.0,
}


def batch(n: int = 6, channels: int = 3, height: int = 9, width: int = 11) -> torch.Tensor:
    return torch.randint(0, 256, (n, channels, height, width), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def labels(n: int = 6) -> torch.Tensor:
    return torch.arange(n) % 3


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def turned(pictures: torch.Tensor, degrees: float = 0.0, scale: float = 1.0, offset: tuple[float, float] = (0, 0), **fill):
    n = len(pictures)
    places = matrices(torch.full((n,), math.radians(degrees)), torch.zeros(n), torch.full((n,), scale))
    return warped(pictures, places, torch.tensor([offset], dtype=torch.float32).expand(n, 2), **fill)


@pytest.mark.parametrize("axis", [2, 3])
def test_a_flip_twice_is_nothing(axis):
    pictures, all_of_them = batch(), torch.ones(6, dtype=torch.bool)
    once = flipped(pictures, all_of_them, axis)
    assert torch.equal(once.select(axis, 0), pictures.select(axis, -1))
    assert torch.equal(flipped(once, all_of_them, axis), pictures)


def test_only_chosen_pictures_are_flipped():
    pictures, chosen = batch(), torch.tensor([True, False] * 3)
    found = flipped(pictures, chosen)
    assert torch.equal(found[1::2], pictures[1::2])
    assert not torch.equal(found[0::2], pictures[0::2])


@settings(deadline=None)
@given(st.integers(-4, 4), st.integers(-4, 4), st.sampled_from(FILLS))
def test_a_shift_by_whole_pixels_is_exact_gathered_or_sampled(down, right, fill):
    pictures = batch()
    found = shifted(pictures, torch.full((6,), down), torch.full((6,), right), fill)
    mode = {"reflect": "reflect", "nearest": "replicate", "black": "constant"}[fill]
    padded = torch.nn.functional.pad(pictures.float(), (4, 4, 4, 4), mode=mode)
    expected = padded[:, :, 4 - down : 13 - down, 4 - right : 15 - right]
    assert torch.equal(found.float(), expected)
    assert torch.equal(turned(pictures, offset=(-right, -down), fill=fill), found)


@settings(deadline=None)
@given(st.integers(1, 33), st.integers(-4, 4))
def test_a_quarter_turn_is_exact(side, quarters):
    pictures = batch(height=side, width=side)
    assert torch.equal(turned(pictures, 90 * quarters), torch.rot90(pictures, quarters, (2, 3)))


@settings(deadline=None)
@given(sizes)
def test_no_turn_no_scale_is_nothing(size):
    pictures = batch(*size)
    assert torch.equal(turned(pictures), pictures)


def test_twice_as_large_shows_the_middle_half():
    ramp = torch.arange(0, 90, 10, dtype=torch.uint8).expand(1, 1, 9, 9)
    assert turned(ramp, scale=0.5)[0, 0, 4].tolist() == [20, 25, 30, 35, 40, 45, 50, 55, 60]


def test_a_slant_moves_rows_against_each_other():
    places = matrices(torch.zeros(1), torch.tensor([math.pi / 4]), torch.ones(1))
    column = torch.zeros(1, 1, 5, 5, dtype=torch.uint8)
    column[..., 2] = 200
    found = warped(column, places, torch.zeros(1, 2), "black")
    assert torch.equal(found[0, 0], 200 * torch.eye(5, dtype=torch.uint8).flip(1))


@settings(deadline=None)
@given(
    sizes, st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in RANGES.items()}), st.sampled_from(FILLS)
)
def test_shape_type_and_memory_stay_and_targets_add_up(size, ranges, fill):
    augment = Augmentation(flip=True, flip_vertical=True, fill=fill, classes=3, **ranges)
    for pictures in (batch(*size), batch(*size).contiguous(memory_format=torch.channels_last)):
        before = pictures.clone()
        found, targets = augment(pictures, labels(size[0]), drawn())
        assert torch.equal(pictures, before)
        assert (found.dtype, found.shape) == (torch.uint8, pictures.shape)
        for form in (torch.contiguous_format, torch.channels_last):
            assert found.is_contiguous(memory_format=form) == pictures.is_contiguous(memory_format=form)
        assert torch.equal(found, augment(before, labels(size[0]), drawn())[0])
        if ranges.keys() & {"mixup", "cutmix"}:
            assert targets.shape == (size[0], 3)
            assert torch.allclose(targets.sum(1), torch.ones(size[0]))
        else:
            assert torch.equal(targets, labels(size[0]))


@pytest.mark.parametrize("name", RANGES)
def test_each_range_changes_pictures_and_another_draw_gives_others(name):
    augment, pictures = Augmentation(classes=3, **{name: RANGES[name]}), batch(50)
    found, _ = augment(pictures, labels(50), drawn())
    assert not torch.equal(found, pictures)
    assert not torch.equal(found, augment(pictures, labels(50), drawn(1))[0])


def test_nothing_asked_for_is_nothing_done_and_nothing_drawn():
    generator, pictures = drawn(), batch()
    before = generator.get_state()
    found, targets = Augmentation()(pictures, labels(), generator)
    assert found is pictures
    assert torch.equal(targets, labels())
    assert torch.equal(generator.get_state(), before)


@settings(deadline=None)
@given(sizes)
def test_factors_of_one_change_no_colour(size):
    one, n = torch.ones(size[0]), size[0]
    assert torch.equal(recoloured(batch(*size), Colours(one, one)), batch(*size))
    if size[1] == 3:
        assert torch.equal(recoloured(batch(*size), Colours(one, one, one, torch.zeros(n), True)), batch(*size))


def test_brightness_and_contrast_are_what_they_say():
    gray = torch.tensor([[50, 100], [150, 200]], dtype=torch.uint8).expand(1, 3, 2, 2)
    one = torch.ones(1)
    assert recoloured(gray, Colours(1.2 * one, one))[0, 0].tolist() == [[60, 120], [180, 240]]
    assert recoloured(gray, Colours(one, 0.5 * one))[0, 0].tolist() == [[88, 112], [138, 162]]
    assert recoloured(gray, Colours(2 * one, one))[0, 0].tolist() == [[100, 200], [255, 255]]


def test_without_saturation_a_picture_is_gray_and_a_third_of_the_circle_turns_red_to_green():
    red = torch.tensor([200, 0, 0], dtype=torch.uint8).view(1, 3, 1, 1)
    one = torch.ones(1)
    assert recoloured(red, Colours(one, one, 0 * one, None, True)).flatten().tolist() == [60, 60, 60]
    assert recoloured(red, Colours(one, one, one, one * 2 * math.pi / 3, True)).flatten().tolist() == [0, 200, 0]


@settings(deadline=None)
@given(st.integers(1, 17), st.integers(1, 17), st.floats(0.01, 0.9))
def test_a_cut_out_square_has_its_area_and_the_mean_colour(height, width, share):
    pictures = batch(4, 3, height, width)
    mean = pictures.float().mean((2, 3), keepdim=True).round().to(torch.uint8)
    found = cut_out(pictures, share, drawn())
    side = max(1, round(share * min(height, width)))
    assert bool(((found == pictures) | (found == mean)).all())
    assert int((found != pictures).any(1).sum((1, 2)).max()) <= side * side
    assert int((found == mean).all(1).sum((1, 2)).min()) >= side * side


def test_mixed_pictures_and_their_targets_have_the_same_shares():
    pictures, order = torch.stack([torch.zeros(3, 4, 4), torch.full((3, 4, 4), 200.0)]).byte(), torch.tensor([1, 0])
    found, own = mixup(pictures, order, torch.tensor([0.25, 0.75]))
    assert (found[:, 0, 0, 0].tolist(), own.tolist()) == ([150, 150], [0.25, 0.75])
    _, targets = Augmentation(mixup=0.5, classes=2)(pictures, torch.tensor([0, 1]), drawn(3))
    mixed, _ = Augmentation(mixup=0.5, classes=2)(pictures, torch.tensor([0, 1]), drawn(3))
    assert torch.allclose(200 * targets[:, 1], mixed[:, 0, 0, 0].float(), atol=0.51)


@settings(deadline=None)
@given(st.integers(1, 17), st.integers(1, 17), st.integers(0, 100))
def test_the_box_of_another_has_the_area_that_the_target_says(height, width, seed):
    pictures = torch.stack([torch.full((1, height, width), value, dtype=torch.uint8) for value in (0, 200)])
    order = torch.tensor([1, 0])
    found, own = cutmix(pictures, order, shares(2, 1.0, drawn(seed)), drawn(seed))
    assert torch.allclose((found == pictures).float().mean((1, 2, 3)), own)
    _, targets = Augmentation(cutmix=1.0, classes=2)(pictures, torch.tensor([0, 1]), drawn(seed))
    mixed, _ = Augmentation(cutmix=1.0, classes=2)(pictures, torch.tensor([0, 1]), drawn(seed))
    assert torch.allclose((mixed == 200).float().mean((1, 2, 3)), targets[:, 1])


def test_presets_are_settled_field_by_field_and_what_is_chosen_wins():
    recipe = Recipe().with_({"augment": "cats-dogs", "rotate": 5, "fill": "black"})
    recipe = recipe.with_(preset_fields(recipe, mirrors=True))
    assert (recipe.rotate, recipe.shift, recipe.zoom, recipe.flip, recipe.fill) == (5.0, 0.2, 0.0, "on", "black")
    assert Augmentation.of(recipe, 2) == Augmentation(flip=True, shift=0.2, rotate=5.0, fill="black", classes=2)
    assert preset_fields(recipe, mirrors=True) == {}


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_mirrors_what_reads(name):
    recipe = Recipe().with_({"augment": name})
    assert recipe.with_(preset_fields(recipe, mirrors=False)).flip == "off"
    assert recipe.with_(preset_fields(recipe, mirrors=True)).flip == ("off" if name == "none" else "on")


SIDE, MIDDLE, MANY = 41, 20.0, 800


def with_dot(down: float, right: float) -> torch.Tensor:
    """A black picture (1, 1, 41, 41) with a soft white dot, so many pixels from its centre."""
    y, x = torch.meshgrid(torch.arange(SIDE) - MIDDLE - down, torch.arange(SIDE) - MIDDLE - right, indexing="ij")
    return (255 * torch.exp(-(x**2 + y**2) / 4)).round().to(torch.uint8)[None, None]


def dots(down: float, right: float, **ranges) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the dot is in many varied pictures, in pixels below and to the right of the centre."""
    pictures = with_dot(down, right).expand(MANY, 1, SIDE, SIDE)
    found = Augmentation(classes=2, fill="black", **ranges)(pictures, torch.zeros(MANY, dtype=torch.int64), drawn())[0].double()
    along = torch.arange(SIDE) - MIDDLE
    weight = found.sum((1, 2, 3))
    return (found.sum((1, 3)) @ along.double()) / weight, (found.sum((1, 2)) @ along.double()) / weight


def fills(values: torch.Tensor, low: float, high: float, slack: float) -> bool:
    """Whether numbers lie between two bounds and come near to both."""
    near = 0.1 * (high - low)
    inside = bool((values > low - slack).all() and (values < high + slack).all())
    return inside and bool(values.min() < low + near and values.max() > high - near)


def test_half_of_the_pictures_are_flipped():
    assert 0.45 < (dots(0, 8, flip=True)[1] < 0).double().mean() < 0.55
    assert 0.45 < (dots(8, 0, flip_vertical=True)[0] < 0).double().mean() < 0.55


@pytest.mark.parametrize("beside", [{}, {"zoom": 1e-6}])
def test_shifts_reach_as_far_as_they_say_whether_gathered_or_sampled(beside):
    down, right = dots(0, 0, shift=0.2, **beside)
    assert fills(down, -8.2, 8.2, 0.3)
    assert fills(right, -8.2, 8.2, 0.3)


def test_turns_reach_as_far_as_they_say():
    down, right = dots(0, 12, rotate=30.0)
    assert fills(torch.atan2(down, right).rad2deg(), -30, 30, 0.5)
    assert torch.allclose(torch.hypot(down, right), torch.tensor(12.0, dtype=torch.float64), atol=0.2)


def test_zooms_reach_as_far_as_they_say():
    down, right = dots(0, 10, zoom=0.3)
    assert fills(right, 7, 13, 0.2)
    assert down.abs().max() < 0.1


def test_slants_reach_as_far_as_they_say():
    down, right = dots(10, 0, shear=20.0)
    assert fills(right, -10 * math.tan(math.radians(20)), 10 * math.tan(math.radians(20)), 0.3)
    assert torch.allclose(down, torch.tensor(10.0, dtype=torch.float64), atol=0.2)


def test_a_cropped_window_lies_within_the_picture():
    full = torch.full((MANY, 1, SIDE, SIDE), 200, dtype=torch.uint8)
    found = Augmentation(classes=2, fill="black", crop=0.4)(full, torch.zeros(MANY, dtype=torch.int64), drawn())[0]
    assert found[:, :, 1:-1, 1:-1].min() >= 195
    places = Augmentation(classes=2, crop=0.4)._places(full, drawn())[0]
    assert fills(places[:, 0, 0], 0.6, 1.0, 1e-6)


def test_light_and_contrast_reach_as_far_as_they_say():
    pictures = torch.tensor([100, 60], dtype=torch.uint8).view(1, 1, 1, 2).expand(MANY, 1, 1, 2)

    def both(**ranges) -> torch.Tensor:
        none = torch.zeros(MANY, dtype=torch.int64)
        return Augmentation(classes=2, **ranges)(pictures, none, drawn())[0].double()[:, 0, 0].T

    bright, dark = both(brightness=0.4)
    assert fills(bright, 60, 140, 1)
    assert torch.allclose(dark, 0.6 * bright, atol=1.1)
    bright, dark = both(contrast=0.4)
    assert fills(bright - dark, 24, 56, 2)
    assert torch.allclose((bright + dark) / 2, torch.tensor(80.0, dtype=torch.float64), atol=1.1)
