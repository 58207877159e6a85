"""Many pictures on one sheet, each with its answer beneath: what ``olhar predict --grid`` writes. Pillow alone, no Matplotlib."""

import io
import math
from collections.abc import Sequence
from typing import Any, Literal

from PIL import Image, ImageDraw

from olhar.base.images import Pixels
from olhar.base.texts import percent, say
from olhar.reporting.captions import SIZE, Captions, captions, shown_class, truth, width
from olhar.reporting.display_names import DisplayName
from olhar.reporting.pictures import to_image
from olhar.reporting.theme import BLUE, LIGHT, VERMILLION
from olhar.reporting.typeface import fitting
from olhar.runs.samples import Sample

LIMIT = 400
"""So many pictures at most are drawn; how many there are is said beneath."""

_SIDE, _GAP, _MARGIN, _MARK = 176, 20, 28, 24
_LINE = 22

Verdict = Literal["right", "wrong", "unknown"]
_COLOUR = {"right": BLUE, "wrong": VERMILLION, "unknown": LIGHT.ink}


def grid(samples: Sequence[Sample], names: Sequence[str], columns: int = 0) -> bytes:
    """Pictures on a white sheet as PNG, with class and probability beneath each, in the language in use.

    A right answer stands beside a blue tick; a wrong one beside a red cross, in a red frame, with the truth under it. Where
    nothing was asked (``predicted`` is -1) the true class stands alone.

    Args:
        samples: pictures of any size, uint8 (H, W, 1) or (H, W, 3); the first 400 are drawn.
        names: the names to show, in the order of the classes.
        columns: pictures a row; 0: as many as make a sheet a little wider than high.

    Raises:
        ValueError: there are no pictures.
    """
    if not samples:
        raise ValueError("no pictures")
    drawn = samples[:LIMIT]
    columns = columns or _columns(len(drawn))
    rows = -(-len(drawn) // columns)
    verdicts = {*map(_verdict, drawn)}
    words = captions(drawn, [DisplayName(name) for name in names], _SIDE - (0 if verdicts == {"unknown"} else _MARK))
    tall = _SIDE + _GAP + _LINE * (1 + words.below + ("wrong" in verdicts)) + 8
    more = _LINE + _GAP if len(samples) > len(drawn) else 0
    sheet = Image.new(
        "RGB", (2 * _MARGIN + columns * (_SIDE + _GAP) - _GAP, 2 * _MARGIN + rows * tall - _GAP + more), LIGHT.paper
    )
    pen = ImageDraw.Draw(sheet)
    for i, sample in enumerate(drawn):
        _cell(sheet, pen, sample, words, (_MARGIN + i % columns * (_SIDE + _GAP), _MARGIN + i // columns * tall))
    if more:
        _write(
            pen,
            (_MARGIN, sheet.height - _MARGIN - _LINE),
            say("report.grid.more", shown=len(drawn), n=len(samples)),
            LIGHT.quiet,
            2000,
        )
    file = io.BytesIO()
    sheet.save(file, "PNG", compress_level=1)  # of photographs, more takes 20 times as long for a sixth of the size
    return file.getvalue()


def _columns(n: int) -> int:
    """Pictures a row for ``n`` pictures: twelve at most."""
    return min(n, 12, max(4, round(math.sqrt(1.6 * n))))


def _verdict(sample: Sample) -> Verdict:
    if sample.predicted < 0 or sample.label < 0:
        return "unknown"
    return "right" if sample.predicted == sample.label else "wrong"


def _cell(sheet: Image.Image, pen: ImageDraw.ImageDraw, sample: Sample, words: Captions, at: tuple[int, int]) -> None:
    x, y = at
    verdict = _verdict(sample)
    picture = _scaled(sample.pixels)
    sheet.paste(picture, (x + (_SIDE - picture.width) // 2, y + (_SIDE - picture.height) // 2))
    if verdict == "wrong":
        pen.rectangle((x - 4, y - 4, x + _SIDE + 3, y + _SIDE + 3), outline=VERMILLION, width=4)
    below = y + _SIDE + 8
    indent = 0 if verdict == "unknown" else _MARK
    _mark(pen, verdict, (x, below))
    _answer(pen, sample, words, (x + indent, below), _SIDE - indent)
    if verdict == "wrong":
        _truth(pen, words.names[sample.label], words.below, (x + indent, below + _LINE), _SIDE - indent)


def _answer(pen: ImageDraw.ImageDraw, sample: Sample, words: Captions, at: tuple[int, int], room: int) -> None:
    """The class on the left, its probability on the right or beneath."""
    (x, y), left = at, room
    if sample.predicted >= 0:
        share = percent(sample.confidence)
        wide = width(share)
        _write(pen, (x, y + _LINE) if words.below else (x + room - wide, y), share, LIGHT.quiet, room)
        left = room if words.below else room - wide
    _write(pen, at, words.names[shown_class(sample)], _COLOUR[_verdict(sample)], left)


def _truth(pen: ImageDraw.ImageDraw, name: str, below: bool, at: tuple[int, int], room: int) -> None:
    """The true class with the word for it; where names have lines of their own, that word stands in the line above."""
    (x, y), wide = at, width(truth())
    if below:
        _write(pen, (x + room - wide, y), truth(), LIGHT.quiet, wide)
    _write(pen, (x, y + _LINE * below), name if below else truth(name), LIGHT.quiet, room)


def _mark(pen: ImageDraw.ImageDraw, verdict: Verdict, at: tuple[int, int]) -> None:
    """A tick or a cross, drawn as lines, so that no font is asked for it."""
    x, y = at[0] + 2, at[1] + 4
    if verdict == "right":
        pen.line([(x, y + 7), (x + 5, y + 12), (x + 14, y + 1)], fill=BLUE, width=3, joint="curve")
    elif verdict == "wrong":
        pen.line([(x + 1, y), (x + 13, y + 12)], fill=VERMILLION, width=3)
        pen.line([(x + 13, y), (x + 1, y + 12)], fill=VERMILLION, width=3)


def _scaled(pixels: Pixels) -> Image.Image:
    """The picture in its square: small ones by whole pixels, large ones with anti-aliasing."""
    image = to_image(pixels)
    scale = min(_SIDE / image.width, _SIDE / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.NEAREST if scale >= 2 else Image.Resampling.LANCZOS).convert("RGB")


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, colour: str, room: int) -> None:
    """One line of text, shortened until it fits into ``room`` pixels."""
    font, writable = fitting(text, SIZE)
    length: Any = pen.textlength
    while len(writable) > 2 and length(writable, font=font) > room:
        writable = f"{writable.rstrip('…')[:-1]}…"
    pen.text(at, writable, font=font, fill=colour)
