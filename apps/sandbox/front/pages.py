"""The provider's own pages that a port's links lead to: its state, and the letter to sign."""

from html import escape

from apps.sandbox import clock
from apps.sandbox.database import writing
from apps.sandbox.models import Port
from apps.sandbox.wire import Reply, Request
from apps.sandbox.world import porting

PREFIXES = ("/a/port/", "/a/loa/")


def handles(path: str) -> bool:
    return path.startswith(PREFIXES)


def answer(request: Request) -> Reply:
    """GET shows; POST to the letter signs it. No sign-in: whoever has the link may (assumed)."""
    kind, pid = (
        request.path.strip("/").split("/")[1:3] if request.path.count("/") >= 3 else ("", "")
    )
    port = Port.objects.filter(pid=pid).first()
    if port is None:
        return _page(404, "Not found", "<p>There is no such port request.</p>")
    at = clock.now()
    if kind == "loa" and request.method == "POST":
        with writing():
            porting.sign(port, at)
        return _page(
            200, f"Letter of Authorization {pid}", "<p>Thank you. The letter is signed.</p>"
        )
    now = porting.standing(port, at)
    numbers = escape(", ".join(port.numbers))
    if kind == "port":
        return _page(
            200,
            f"Port request {pid}",
            f"<p>{numbers}</p><p><strong>{escape(now.status)}</strong>: {escape(now.message)}</p>",
        )
    if port.signed_at:
        return _page(200, f"Letter of Authorization {pid}", "<p>The letter is signed.</p>")
    letter = f"<p>I, {escape(port.name)}, authorize VoiceTel to move {numbers}.</p>"
    return _page(
        200,
        f"Letter of Authorization {pid}",
        letter + '<form method="post"><button>Sign</button></form>',
    )


def _page(status: int, title: str, body: str) -> Reply:
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    )
    return Reply(
        status,
        f"{head}<body><h1>{title}</h1>{body}</body></html>".encode(),
        {"Content-Type": "text/html; charset=utf-8"},
    )
