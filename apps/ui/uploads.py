"""Where files are taken: by the few views that say so, from people who are signed in. Everywhere
else a file in a form is read past, and a body too large for a form is refused.
"""

from typing import Any, TypeVar

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

V = TypeVar("V")

FORM_MOST = 1_000_000  # bytes of a form without files
FILES_MOST = 5_000_000  # bytes of the files in one form
BODY_MOST = FILES_MOST + 100_000  # with the fields and the marks between them


def takes_files(view: V) -> V:
    """Mark a view whose form has a file."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes(path: str) -> bool:
    """Whether the view at that path takes files."""
    try:
        return bool(getattr(resolve(path).func, "takes_files", False))
    except Resolver404:
        return False


class NoFiles(FileUploadHandler):
    """The handler of every other view: it keeps nothing of a file."""

    def new_file(self, *args: Any, **named: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
