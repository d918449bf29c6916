"""One render for all views: HTMX gets the fragment, a plain browser the page that includes it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

Answer = TypeVar("Answer", bound=HttpResponseBase)
VARY = ("HX-Request", "HX-Target", "Cookie")


class SeeOther(HttpResponseRedirect):
    """303: look there with a GET. A reload of what follows cannot post again."""

    status_code = 303


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment (not for history, nor for a whole page by a
    boosted link).
    """
    htmx: Any = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def guarded(response: Answer) -> Answer:
    """Mark an answer as one person's: never stored, and different for a fragment and a page."""
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, VARY)
    return response


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, to whoever asks."""
    return guarded(render(request, template, dict(context), status=status))


def render_part(
    request: HttpRequest, part: str, context: Mapping[str, Any], *, page: str, status: int = 200
) -> HttpResponse:
    """The fragment to htmx, the page that includes it to a plain browser.

    `context` must do for both.
    """
    return render_page(request, part if wants_part(request) else page, context, status)


def answer_part(
    request: HttpRequest, part: str, context: Mapping[str, Any], *, back: str, status: int = 200
) -> HttpResponse:
    """After a change: the fragment to htmx, a 303 to `back` (an address of ours) to a plain
    browser.
    """
    if wants_part(request):
        return render_page(request, part, context, status)
    return guarded(SeeOther(back))
