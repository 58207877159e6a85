import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.training.augment import Augmentation, flipped, shifted


def batch(n: int = 6, channels: int = 3, height: int = 9, width: int = 11) -> torch.Tensor:
    return torch.randint(0, 256, (n, channels, height, width), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_flip_twice_is_nothing():
    pictures, all_of_them = batch(), torch.ones(6, dtype=torch.bool)
    once = flipped(pictures, all_of_them)
    assert torch.equal(once[:, :, :, 0], pictures[:, :, :, -1])
    assert torch.equal(flipped(once, all_of_them), pictures)


def test_only_chosen_pictures_are_flipped():
    pictures, chosen = batch(), torch.tensor([True, False] * 3)
    found = flipped(pictures, chosen)
    assert torch.equal(found[1::2], pictures[1::2])
    assert not torch.equal(found[0::2], pictures[0::2])


@settings(deadline=None)
@given(st.integers(-4, 4), st.integers(-4, 4))
def test_a_shift_moves_every_pixel_and_fills_by_reflection(down, right):
    pictures = batch()
    found = shifted(pictures, torch.full((6,), down), torch.full((6,), right))
    rows = slice(max(0, down), 9 + min(0, down)), slice(max(0, -down), 9 - max(0, down))
    columns = slice(max(0, right), 11 + min(0, right)), slice(max(0, -right), 11 - max(0, right))
    assert torch.equal(found[:, :, rows[0], columns[0]], pictures[:, :, rows[1], columns[1]])
    padded = torch.nn.functional.pad(pictures.float(), (4, 4, 4, 4), mode="reflect")
    expected = padded[:, :, 4 - down : 13 - down, 4 - right : 15 - right]
    assert torch.equal(found.float(), expected)


def test_the_same_draw_gives_the_same_pictures_and_another_others():
    augment, pictures = Augmentation(flip=True, shift=0.2), batch(50)
    assert torch.equal(augment(pictures, drawn()), augment(pictures, drawn()))
    assert not torch.equal(augment(pictures, drawn()), augment(pictures, drawn(1)))


def test_nothing_asked_for_is_nothing_done():
    pictures = batch()
    assert torch.equal(Augmentation(flip=False, shift=0.0)(pictures, drawn()), pictures)


def test_dtype_and_shape_stay():
    found = Augmentation(flip=True, shift=0.5)(batch(height=2, width=1), drawn())
    assert (found.dtype, found.shape) == (torch.uint8, (6, 3, 2, 1))
