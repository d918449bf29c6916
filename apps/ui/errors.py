"""Error pages and their fragments: what happened, whether anything was changed, what to do now."""

import sys
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.cache import patch_vary_headers

from apps.ui import render


@dataclass(frozen=True, slots=True)
class Saying:
    """What happened (title), whether anything was changed and what to do now (text), and one way
    on.
    """

    title: str
    text: str
    action: str = "Go to Home"
    href: str = "/"


TITLES = {
    402: "Your balance is too low",
    403: "You don't have access to this",
    409: "This can't be done right now",
    429: "Too many attempts",
    502: "VoiceTel declined this",
    503: "Not available right now",
}


SAYINGS = {
    400: Saying(
        "We couldn't read that request", "Nothing changed. Go back and send the form again."
    ),
    403: Saying(
        "You don't have access to this",
        "Nothing changed. An owner of the account can do it, or give you a role that can.",
    ),
    404: Saying(
        "Page not found",
        "It may have been removed, or it belongs to an account you aren't looking at now.",
    ),
    405: Saying(
        "This page can't be opened that way",
        "Nothing changed. Go to the page it belongs to and use the form there.",
    ),
    413: Saying(
        "That's too large to send",
        "Nothing changed. A form holds up to 1 MB, and a file up to 5 MB where a page asks for"
        " one.",
    ),
    500: Saying(
        "Something went wrong on our end",
        "We've recorded it. Check whether your change was saved before trying again.",
    ),
    503: Saying("The portal isn't available right now", "Nothing changed. Try again in a minute."),
}
UNSURE = Saying(
    SAYINGS[503].title,
    "Try again in a minute. Check whether your change was saved before you send it again.",
)
EXPIRED = Saying(
    "This form has expired",
    "Nothing changed. You may have signed in or out in another tab since you opened it.",
    "Open the page again",
)


def render_sentence(
    request: HttpRequest,
    sentence: str,
    *,
    status: int = 200,
    quote: str = "",
    title: str = "",
    back: str = "",
) -> HttpResponse:
    """A refusal as a page of its own, or as a fragment in place of its target.

    `quote`: the provider's own words, escaped.
    """
    way = {"action": "Go back", "href": back} if back else {}
    return render_saying(
        request,
        Saying(title or TITLES.get(status, "This wasn't done"), sentence, **way),
        status,
        quote=quote,
    )


def render_saying(
    request: HttpRequest, said: Saying, status: int, *, quote: str = ""
) -> HttpResponse:
    again = request.get_full_path() if request.method == "GET" else ""
    context = {
        "status": status,
        "said": said,
        "quote": quote,
        "target": target(request),
        "again": again,
    }
    return render.render_part(request, "ui/_error.html", context, page="error.html", status=status)


def target(request: HttpRequest) -> str:
    """The id of the part that the answer takes the place of; "" for a page."""
    return (
        (getattr(getattr(request, "htmx", None), "target", None) or "")
        if render.wants_part(request)
        else ""
    )


def bare(request: HttpRequest, status: int, said: Saying | None = None) -> HttpResponse:
    """An error that must not need a session or a database: no context processors, no account."""
    part = render.wants_part(request)
    context = {
        "status": status,
        "said": said or SAYINGS[status],
        "target": target(request),
        "again": request.path if request.method == "GET" else "",
    }
    response = HttpResponse(
        loader.render_to_string("ui/_error.html" if part else "bare.html", context), status=status
    )
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, render.VARY)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception or "")
    return (
        render_sentence(request, said, status=403)
        if said
        else render_saying(request, SAYINGS[403], 403)
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render_saying(request, SAYINGS[404], 404)


def not_allowed(request: HttpRequest) -> HttpResponse:
    return render_saying(request, SAYINGS[405], 405)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django asks for it while the error is being handled, wherever it was raised: in a view, a
    middleware, another error's page.
    """
    return (
        unavailable(request)
        if isinstance(sys.exception(), OperationalError | InterfaceError)
        else bare(request, 500)
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away. A form whose view was reached may have saved something before."""
    reached = getattr(request, "resolver_match", None) is not None
    return bare(
        request,
        503,
        UNSURE if reached and request.method not in {"GET", "HEAD", "OPTIONS"} else None,
    )
