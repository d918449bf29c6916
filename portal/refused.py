"""Requests that no view answers: one that is too large or can't be read, one of the wrong method,
and one from a page whose sign-in is over. Each is led to the page where the person can go on.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve

from apps.accounts.addresses import page_around
from apps.accounts.signing_in.views import next_path
from apps.ui import errors, uploads
from apps.ui.lists.state import digits
from apps.ui.render import SeeOther, guarded, wants_part
from portal.serving.connections import TOO_LARGE

Next = Callable[[HttpRequest], HttpResponse]


class TooLarge:
    """A body that is too large for its view is refused: by the web server before it is read
    (portal/serving), and here by its declared length. Where a view takes files from people who are
    signed in, they are kept in memory. Before CSRF's own middleware, which reads the form.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None where the body may be read."""
        declared = digits(request.META.get("CONTENT_LENGTH"))
        most = uploads.FORM_MOST
        if getattr(view, "takes_files", False) and request.user.is_authenticated:
            most = uploads.BODY_MOST
            request.upload_handlers = [MemoryFileUploadHandler(request)]
        if request.META.get(TOO_LARGE) or declared > most:
            return errors.render_saying(request, errors.SAYINGS[413], 413)
        return None


class Unreadable:
    """A request with a NUL character is refused: nobody types one, and PostgreSQL can't store it.
    After CSRF's own middleware, which has read the form by then.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None where it can be read. Raises Http404 for an address with a NUL."""
        if "\0" in request.path_info:
            raise Http404("no address has a NUL")
        if "\0" in unquote_plus(request.META.get("QUERY_STRING", "")) or _has_nul(request.POST):
            return errors.render_saying(request, errors.SAYINGS[400], 400)
        return None


def _has_nul(form: QueryDict) -> bool:
    return any("\0" in name or any("\0" in each for each in form.getlist(name)) for name in form)


class SignInAgain:
    """A form or a fragment whose session ended leads to sign-in, and from there back to the page
    that it is part of. XHR would follow a redirect and put the sign-in page into a panel.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.FOUND:
            return response
        if urlsplit(response.headers["Location"]).path != resolve_url(settings.LOGIN_URL):
            return response
        if wants_part(request) or (request.method == "POST" and _needs_sign_in(request)):
            return to_sign_in(request)
        return response


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to sign-in for a form or a fragment, and then to the page that it is part of."""
    page = urlencode({"next": page_around(request)}, safe="/")
    there = f"{resolve_url(settings.LOGIN_URL)}?{page}"
    if not wants_part(request):
        return guarded(HttpResponseRedirect(there))
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer.headers["HX-Redirect"] = there
    return guarded(answer)


class WrongMethod:
    """A GET of an address that only takes forms leads to the page that has the form: after signing
    in, with Back, or typed. Any other wrong method gets a page that says so.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        if request.method in {"GET", "HEAD"}:
            return guarded(HttpResponseRedirect(page_of_form(request.path)))
        page = errors.not_allowed(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def page_of_form(path: str) -> str:
    """The nearest address above `path` that the portal has. Forms are sent to addresses below
    their page's; one that takes forms only leads further up.
    """
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return path


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose token is not this session's: it was opened before someone signed
    in or out in this browser. Without a session it leads to sign-in, a stale sign-in form leads on,
    and any other form links to its own page, which has a new token. reason: for Django's log.
    """
    signed_in = request.user.is_authenticated
    if not signed_in and _needs_sign_in(request):
        return to_sign_in(request)
    if signed_in and request.path == resolve_url(settings.LOGIN_URL):
        return guarded(SeeOther(next_path(request) or resolve_url(settings.LOGIN_REDIRECT_URL)))
    said = replace(errors.EXPIRED, href=page_around(request))
    return errors.render_saying(request, said, 403)


def _needs_sign_in(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or getattr(match.func, "login_required", True)
