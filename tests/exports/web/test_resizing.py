"""The page's shrinking alone, in a browser: rows come from anywhere, late, turned, and the pixels are the rule's."""

import base64

import numpy as np
import pytest
from PIL import Image, ImageOps

from olhar.base.resizing import fitted
from olhar.exports.web.site import joined, kernels, own
from tests.exports.web.browsers import needs_chromium

MODULE = joined({name: own(name) for name in ("filters.js", "resizing.js")}) + "\nexport { Resizer };"
SHRUNK = """async ([module, kernels, pictures]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const { Resizer } = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
  const resizer = await Resizer.open(bytes(kernels));
  const later = (picture) => async (first, rows, out) => {
    await new Promise((done) => setTimeout(done, 1));
    out.set(picture.pixels.subarray(first * picture.width * 4, (first + rows) * picture.width * 4));
  };
  const asked = pictures.map(({ data, wanted, ...picture }) => [{ ...picture, pixels: bytes(data) }, wanted]);
  const answers = asked.map(([picture, wanted]) => resizer.fitted({ ...picture, read: later(picture) }, wanted));
  return (await Promise.all(answers)).map((pixels) => [...pixels]);
}"""


def stored(pixels, turn=1, fit="crop", size=(24, 18)):
    """A picture (H, W, 4) as it lies, and how the network wants it."""
    wanted = {"height": size[0], "width": size[1], "channels": 3, "fit": fit}
    picture = {"width": pixels.shape[1], "height": pixels.shape[0], "turn": turn, "red": 0, "clear": False}
    return picture | {"data": base64.b64encode(pixels.tobytes()).decode(), "wanted": wanted}


def by_rule(pixels, turn=1, fit="crop", size=(24, 18)):
    image = Image.fromarray(pixels[..., :3])
    image.getexif()[0x112] = turn
    return np.asarray(fitted(ImageOps.exif_transpose(image), size, fit))


@pytest.fixture(scope="module")
def shrunk(browser):
    page = browser.new_page()
    yield lambda pictures: page.evaluate(SHRUNK, [MODULE, base64.b64encode(kernels()).decode(), pictures])
    page.close()


def noise(height, width):
    return np.random.default_rng(height * width).integers(0, 256, (height, width, 4), dtype=np.uint8)


@needs_chromium
def test_pictures_asked_at_once_whose_rows_come_late_do_not_meet(shrunk):
    pictures = [noise(140 + 40 * n, 330 - 30 * n) for n in range(5)]
    for answer, pixels in zip(shrunk([stored(each) for each in pictures]), pictures, strict=True):
        assert bytes(answer) == by_rule(pixels).tobytes()


@needs_chromium
@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("shape", [(70, 90), (3, 400), (400, 3), (1, 1), (5, 7)])
def test_a_picture_that_lies_turned_is_shrunk_as_if_it_were_upright(shrunk, shape, fit):
    pixels = noise(*shape)
    answers = shrunk([stored(pixels, turn, fit) for turn in range(1, 9)])
    wrong = [turn for turn in range(1, 9) if bytes(answers[turn - 1]) != by_rule(pixels, turn, fit).tobytes()]
    assert wrong == []
