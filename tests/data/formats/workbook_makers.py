"""Workbooks of Excel's as small as they can be, from rows of cells."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[object]]], *, shared: bool = True) -> Path:
    """A workbook: texts in one table of texts as Excel keeps them, or in the cells themselves; numbers as numbers."""
    texts: list[str] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for i, rows in enumerate(sheets.values(), 1):
            book.writestr(f"xl/worksheets/sheet{i}.xml", _sheet(rows, texts if shared else None))
        tabs = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1))
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{tabs}</sheets></workbook>')
        links = "".join(f'<Relationship Id="rId{i}" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1))
        book.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        if shared:
            runs = "".join(f"<si><r><t>{escape(text[:2])}</t></r><r><t>{escape(text[2:])}</t></r></si>" for text in texts)
            book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{runs}</sst>')
    return path


def _sheet(rows: Iterable[Sequence[object]], texts: list[str] | None) -> str:
    cells = ["".join(_cell(number, i, value, texts) for i, value in enumerate(row)) for number, row in enumerate(rows, 1)]
    lines = [f'<row r="{number}">{row}</row>' for number, row in enumerate(cells, 1)]
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(row: int, column: int, value: object, texts: list[str] | None) -> str:
    place = f"{chr(65 + column)}{row}"
    if value == "":
        return ""  # as Excel leaves an empty cell out
    if not isinstance(value, str):
        return f'<c r="{place}"><v>{value}</v></c>'
    if texts is None:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if value not in texts:
        texts.append(value)
    return f'<c r="{place}" t="s"><v>{texts.index(value)}</v></c>'
