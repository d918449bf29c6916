"""A whole list as a file, streamed as it is read: CSV, and XLSX for spreadsheets."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from django.http import StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header

from apps.ui.lists.cells import shown
from apps.ui.lists.spec import ListSpec, cells_of
from apps.ui.lists.xlsx import workbook
from apps.ui.render import guarded

R = TypeVar("R")
Cells = list[str | int]
PART = 2000  # rows that are sent at a time
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileOf(Protocol):
    """csv_of or xlsx_of, as an address names it."""

    def __call__(
        self, name: str, spec: ListSpec[R], rows: Iterable[R], zone: str
    ) -> StreamingHttpResponse: ...


def csv_of(name: str, spec: ListSpec[R], rows: Iterable[R], zone: str) -> StreamingHttpResponse:
    """The rows as CSV (RFC 4180, UTF-8 with a mark by which Excel knows it), times in that zone."""
    return _file(f"{name}.csv", "text/csv; charset=utf-8", _lines(_parts(spec, rows, zone)))


def xlsx_of(name: str, spec: ListSpec[R], rows: Iterable[R], zone: str) -> StreamingHttpResponse:
    """The same as a workbook."""
    response = _file(f"{name}.xlsx", XLSX, workbook(_parts(spec, rows, zone)))
    response.headers["Content-Encoding"] = "identity"  # it is a zip: no use in packing it again
    return response


def export_paths(under: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """The addresses of a list's files, beside its own: the view gets `made`, csv_of or xlsx_of."""
    return [
        path(f"{under}export.csv", view, {"made": csv_of}, name=f"{name}_csv"),
        path(f"{under}export.xlsx", view, {"made": xlsx_of}, name=f"{name}_xlsx"),
    ]


def _file(name: str, kind: str, content: Iterator[bytes]) -> StreamingHttpResponse:
    response = guarded(StreamingHttpResponse(content, content_type=kind))
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _parts(spec: ListSpec[R], rows: Iterable[R], zone: str) -> Iterator[list[Cells]]:
    """The header, then the rows in parts of 2,000."""
    yield [[column.label for column in spec.exported]]
    left = iter(rows)
    while part := list(islice(left, PART)):
        yield [[shown(cell, zone) for cell in cells_of(spec, row)] for row in part]


def _lines(parts: Iterable[list[Cells]]) -> Iterator[bytes]:
    buffer = io.StringIO("\ufeff", newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for part in parts:
        writer.writerows(part)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
