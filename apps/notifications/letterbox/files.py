"""The mail of a demo, a file each for /_mail/."""

from pathlib import Path
from uuid import uuid4

from django.core.mail.backends.filebased import EmailBackend as FileBackend


class EmailBackend(FileBackend):
    """Django names a file by the second and the address of an object in memory, which the next
    letter's may be too: two letters of one sweep then lie in one file, and the second is not
    seen."""

    file_path: str
    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            self._fname = str(Path(self.file_path) / f"{uuid4().hex}.log")
        return self._fname
