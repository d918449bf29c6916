"""What holds for every request, once: its scheme, its log line, its headers, and the provider's
errors.
"""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.cache import patch_vary_headers

from apps.accounts.addresses import page_around
from apps.accounts.proving.gate import ProofNeeded, lead
from apps.audit.services import TooMany
from apps.changes.machine import BadForm, Declined, OtherBody
from apps.proxies import came_by_https
from apps.ui.errors import render_sentence
from apps.voicetel.client import errors
from portal import metrics

Next = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("request")


class BehindProxy:
    """A request counts as https where a trusted proxy says so. The web server believes nobody
    (portal/web.py).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if came_by_https(request):
            request.META["wsgi.url_scheme"] = "https"
        return self.get_response(request)


class RequestLog:
    """One line a request with its id, which every line written below carries too; and its time for
    /metrics.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid4().hex[:12])
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        page = match.view_name if match else "none"
        metrics.seen(page, request.method or "", response.status_code, seconds)
        # The path without its query: a search may hold a customer's number.
        log.info(
            "request",
            method=request.method,
            page=page,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response


class SafeHeaders:
    """What Django's SecurityMiddleware leaves out; and no unsafe request that another site sent
    (ASVS V3.5.8).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method not in {"GET", "HEAD", "OPTIONS"}
            and request.headers.get("Sec-Fetch-Site") == "cross-site"
        ):
            response: HttpResponse = HttpResponseForbidden(
                "Refused: this form was sent by another site.",
                content_type="text/plain; charset=utf-8",
            )
        else:
            response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ("HX-Request", "HX-Target", "Cookie"))
        return response


class ProviderErrors:
    """An error of the provider becomes a sentence: a page, or a fragment in its place.

    The database's becomes one in apps.ui.errors.server_error: most of them are met above here, in a
    middleware.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What happened, whether anything was changed, what to do now."""
        match error:
            case ProofNeeded():
                return lead(request, error)
            case BadForm() | OtherBody():
                page = page_around(request)
                return render_sentence(request, str(error), status=error.status, back=page)
            case Declined() | TooMany():
                return render_sentence(request, str(error), status=error.status)
            case errors.BudgetSpent():
                return render_sentence(
                    request,
                    "The provider's hourly allowance is used up. Nothing was sent; the figures"
                    " shown are our last ones.",
                    status=503,
                )
            case errors.NotSent():
                return render_sentence(
                    request,
                    "VoiceTel could not be reached, so nothing was sent or changed. Try again in a"
                    " minute.",
                    status=503,
                )
            case errors.OutcomeUnknown():
                return render_sentence(
                    request,
                    "VoiceTel's answer was lost. We are checking what happened; do not send it"
                    " again.",
                    status=503,
                )
            case errors.Refused():
                return render_sentence(
                    request,
                    "VoiceTel refused this. Nothing was changed.",
                    quote=str(error),
                    status=502,
                )
            case errors.VoiceTelError():
                return render_sentence(
                    request,
                    "VoiceTel did not answer properly. Nothing was changed. Try again in a minute.",
                    status=503,
                )
        return None
