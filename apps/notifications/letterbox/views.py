"""The mail files of settings.MAIL_DIR, to read in the demo."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_binary_file, policy
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.ui.render import render_page

NEWEST = 100  # letters on the page
SEPARATOR = b"-" * 79 + b"\n"  # what Django's file backend writes after each letter
# the point or comma after an address belongs to the sentence
LINK = re.compile(r"https?://[^\s<>\"]{0,2000}[^\s<>\".,;:!?)]")


@dataclass(frozen=True)
class Mail:
    """One mail: text is cut into (words, is_own_link) pieces, so that the template escapes all and
    links only ours.
    """

    name: str
    to: str
    subject: str
    at: datetime
    pieces: list[tuple[str, bool]]


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render_page(
        request, "accounts/mail.html", {"letters": [_read(path) for path in _newest()]}
    )


@login_not_required
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    path = next((path for path in _newest() if path.name == name), None)
    if path is None:
        raise Http404("no such mail")
    return render_page(request, "accounts/mail_letter.html", {"letter": _read(path)})


def _newest() -> list[Path]:
    if not settings.MAIL_DIR.is_dir():
        return []
    return sorted(
        settings.MAIL_DIR.glob("*.log"),
        key=lambda path: (path.stat().st_mtime_ns, path.name),
        reverse=True,
    )[:NEWEST]


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Mail(
        path.name,
        str(message["to"] or ""),
        str(message["subject"] or ""),
        at,
        list(_pieces(text.replace(SEPARATOR.decode(), ""))),
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    own = urlsplit(settings.PORTAL_URL).netloc
    last = 0
    for match in LINK.finditer(text):
        yield text[last : match.start()], False
        yield match.group(), urlsplit(match.group()).netloc == own
        last = match.end()
    yield text[last:], False
