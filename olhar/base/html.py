"""What objects show in a notebook: tables and small pictures as HTML, every text in them escaped."""

import io
from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from html import escape

from PIL import Image

from olhar.base.images import Pixels
from olhar.base.texts import visible


class Html(str):
    """Text that is HTML already: a table and a template take it as it is; any other text is escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def paragraph(text: str) -> str:
    """One line of text."""
    return f"<p>{_shown(text)}</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()) -> str:
    """A table: the columns ``numbers`` to the right, all others to the left, which Jupyter by itself does not do."""
    sides = ["right" if column in numbers else "left" for column in range(len(heads))]
    body = "".join(_row("td", row, sides) for row in rows)
    return f"<table><thead>{_row('th', heads, sides)}</thead><tbody>{body}</tbody></table>"


def meter(share: float) -> Html:
    """A bar as long as a share of 1."""
    return Html(f"<meter value='{share:.4f}'></meter>")


def picture(pixels: Pixels, name: str = "") -> Html:
    """A picture, uint8 (H, W, 1 or 3), called ``name``."""
    out = io.BytesIO()
    Image.fromarray(pixels.squeeze(2) if pixels.shape[2:] == (1,) else pixels).save(out, "PNG")
    shown = escape(visible(name), quote=True)
    return Html(f"<img title='{shown}' alt='{shown}' src='data:image/png;base64,{b64encode(out.getvalue()).decode()}'>")


def _row(tag: str, cells: Sequence[str], sides: Sequence[str]) -> str:
    filled = (f"<{tag} style='text-align:{side}'>{_shown(cell)}</{tag}>" for cell, side in zip(cells, sides, strict=True))
    return f"<tr>{''.join(filled)}</tr>"


def _shown(text: str) -> str:
    return text if isinstance(text, Html) else escape(visible(text))
