"""The least workbook that spreadsheets open: a zip of a few XML parts, written as the rows come.

A text is a string in its cell (no shared table, so nothing is kept), a whole number a number.
"""

import io
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

LONGEST = 32_767  # characters of a cell
TALLEST = 1_048_576  # rows of a sheet; the rest goes on in another
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Sheets are what every other XML part is, as nobody knows yet how many there will be.
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/></Types>'
)
ROOT = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
# The header stays in sight; columns are as wide as a telephone number and a little more.
SHEET = (
    f'{HEAD}<worksheet xmlns="{SPREADSHEET}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    '</sheetViews><sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/><sheetData>'
)
END = "</sheetData></worksheet>"
XML = {"\r": "&#13;"}  # a reader of XML takes a bare one for a line feed


class Outlet(io.RawIOBase):
    """Where the zip is written to: forward only, and emptied after each part."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        taken = bytes(data)  # type: ignore[call-overload]
        self.waiting.append(taken)
        return len(taken)

    def take(self) -> bytes:
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def workbook(parts: Iterable[list[list[str | int]]], tallest: int = TALLEST) -> Iterator[bytes]:
    """A workbook of these rows, as bytes; the first part is its header, once more on each sheet."""
    outlet, sheets, left = Outlet(), 0, iter(parts)
    header = next(left)
    pending: list[list[str | int]] = []
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        while sheets == 0 or pending:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write((SHEET + _rows(header)).encode())
                room = tallest - len(header)
                while room and (pending := pending or next(left, [])):
                    now, pending = pending[:room], pending[room:]
                    room -= len(now)
                    sheet.write(_rows(now).encode())
                    if ready := outlet.take():
                        yield ready
                sheet.write(END.encode())
            pending = pending or next(left, [])
        archive.writestr("xl/workbook.xml", _book(sheets))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(sheets))
    yield outlet.take()


def _rows(rows: Iterable[Iterable[str | int]]) -> str:
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(value[:LONGEST], XML)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _book(sheets: int) -> str:
    named = "".join(
        f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId{number}"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{named}</sheets>'
        "</workbook>"
    )


def _relations(sheets: int) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'
