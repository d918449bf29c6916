"""Exports, read back as a program would."""

import csv
import io
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def csv_rows(response: Any) -> list[list[str]]:
    """The header and the rows of an export."""
    assert response.status_code == 200
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def xlsx_sheets(data: bytes) -> list[list[list[str | int]]]:
    """The rows of each sheet that the workbook names: texts and numbers as they are typed."""
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        part = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    targets = {each.get("Id"): each.get("Target") for each in part["xl/_rels/workbook.xml.rels"]}
    keys = [each.get(f"{RELATIONS}id") for each in part["xl/workbook.xml"].iter(f"{SHEETS}sheet")]
    return [
        [[_value(cell) for cell in row] for row in part[f"xl/{targets[key]}"].iter(f"{SHEETS}row")]
        for key in keys
    ]


def _value(cell: ElementTree.Element) -> str | int:
    if cell.get("t") == "inlineStr":
        text = cell.find(f"{SHEETS}is/{SHEETS}t")
        assert text is not None
        return text.text or ""
    return int(cell.findtext(f"{SHEETS}v", ""))
