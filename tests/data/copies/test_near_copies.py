import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from olhar.data.cache.store import content_hash
from olhar.data.checks.measurements import measure
from olhar.data.copies.groups import connected_groups, exact_copies
from olhar.data.copies.hamming import Signs, close_pairs
from olhar.data.copies.near_copies import near_copies
from olhar.data.sources import read


def scene(seed: int, side: int = 160) -> Image.Image:
    """A picture with much in it: soft patches of colour, edges and texture; no two seeds look alike."""
    rng = np.random.default_rng(seed)
    patches = [rng.integers(0, 256, (n, n, 3)).astype(np.uint8) for n in (4, 9, 20)]
    layers = [np.asarray(Image.fromarray(p).resize((side, side), Image.Resampling.BICUBIC), np.float32) for p in patches]
    return Image.fromarray(np.clip(sum(layers) / 2 - 64, 0, 255).astype(np.uint8))


def saved(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def near(images: list[Image.Image]):
    seen = measure(np.stack([np.asarray(one.resize((64, 64), Image.Resampling.BILINEAR)) for one in images]))
    return near_copies(seen.gray, seen.colour, np.ones(len(images), bool))


EDITS = {
    "saved again": lambda image: saved(image, 40),
    "half the size": lambda image: image.resize((80, 80)),
    "another shape": lambda image: image.resize((200, 120)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.8),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.2),
    "gray": lambda image: image.convert("L").convert("RGB"),
    "softened": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
    "mirrored": lambda image: saved(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 80),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_copy_that_was_changed_a_little_is_found_and_nothing_else(edit):
    own = [scene(seed) for seed in range(40)]
    found = near(own + [EDITS[edit](image) for image in own])
    assert found.pairs.tolist() == [[i, i + 40] for i in range(40)]
    assert found.mirrored.tolist() == [edit == "mirrored"] * 40
    assert found.compared >= 40


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(35, 95), st.floats(0.85, 1.15), st.integers(70, 300))
def test_a_copy_is_found_however_it_was_saved(seed, quality, light, side):
    own = scene(seed)
    other = saved(ImageEnhance.Brightness(own.resize((side, side))).enhance(light), quality)
    assert near([own, scene(seed + 10_001), other]).pairs.tolist() == [[0, 2]]


def test_pictures_with_little_on_them_are_not_taken_for_copies():
    rng = np.random.default_rng(0)
    dark = [Image.fromarray(rng.integers(0, 6, (64, 64, 3)).astype(np.uint8)) for _ in range(20)]
    plain = [Image.new("RGB", (64, 64), (i, 2 * i, 100)) for i in range(20)]
    strokes = [stroke(rng) for _ in range(60)]
    assert len(near(dark + plain + strokes).pairs) == 0


def stroke(rng: np.random.Generator) -> Image.Image:
    from PIL import ImageDraw

    image = Image.new("RGB", (64, 64))
    ends = [tuple(rng.integers(12, 52, 2).tolist()) for _ in range(3)]
    ImageDraw.Draw(image).line(ends, fill="white", width=int(rng.integers(3, 8)))
    return image.filter(ImageFilter.GaussianBlur(1))


def test_other_colours_are_another_picture():
    red = scene(1)
    blue = Image.merge("RGB", red.split()[::-1])
    assert len(near([red, blue]).pairs) == 0


def test_a_crowd_of_the_same_picture_is_one_group():
    """More copies than a string looks at on either side hang together all the same."""
    own = scene(3)
    crowd = [saved(own, 40 + i % 50).resize((150 + i, 150 + i)) for i in range(120)]
    found = near([*crowd, scene(4)])
    group = connected_groups(121, found.pairs)
    assert group[:120].tolist() == [0] * 120
    assert group[120] == 120


def test_no_pictures_have_no_copies():
    empty = np.zeros((0, 32, 32), np.uint8)
    assert near_copies(empty, np.zeros((0, 4, 4, 3), np.uint8), np.zeros(0, bool)).pairs.shape == (0, 2)


@settings(max_examples=60)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_groups_are_what_hangs_together(n, links):
    pairs = np.array([(a % n, b % n) for a, b in links], dtype=np.int64).reshape(-1, 2)
    expected = list(range(n))
    for _ in range(n):
        for a, b in pairs.tolist():
            expected[a] = expected[b] = min(expected[a], expected[b])
    assert connected_groups(n, pairs).tolist() == expected


@given(st.lists(st.integers(0, 3), max_size=30))
def test_the_same_content_is_found(contents):
    hashes = np.array([[c] * 16 for c in contents], np.uint8).reshape(-1, 16)
    assert exact_copies(hashes).tolist() == [contents.index(c) for c in contents]


@settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 5))
def test_close_strings_find_each_other_among_many(seed, turned):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(500, 63)).astype(np.float16)
    weak = np.argsort(np.abs(values[0]))[:turned]
    copy = values[0].copy()
    copy[weak] *= -1
    signs = Signs.of(np.concatenate([values, copy[None]]))
    assert [0, 500] in close_pairs(signs, signs, bool).tolist()


def contents(name):
    data = read(name)
    return exact_copies(np.stack([np.frombuffer(content_hash(data.read(row)), np.uint8) for row in range(len(data))]))


def test_all_1516_groups_of_identical_pictures_in_fer2013_are_found(real_data):
    assert (np.unique(contents(real_data("fer2013.zip")), return_counts=True)[1] > 1).sum() == 1516


def test_the_15_pairs_of_identical_cats_and_dogs_are_found(real_data):
    assert np.unique(contents(real_data("cats-dogs.zip")), return_counts=True)[1].tolist().count(2) == 15
