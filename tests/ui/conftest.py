"""Requests as a browser or htmx sends them, through the middleware that pages rely on and nothing
else.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

Ask = Callable[..., HttpRequest]


@pytest.fixture
def ask() -> Ask:
    """ask("/numbers/", htmx="numbers-table") is htmx asking for that part; without it, a plain
    browser.
    """

    def make(
        path: str = "/",
        *,
        method: str = "get",
        htmx: str = "",
        data: dict[str, str] | None = None,
        **headers: str,
    ) -> HttpRequest:
        given = {"HX-Request": "true", "HX-Target": htmx, **headers} if htmx else headers
        request: HttpRequest = getattr(RequestFactory(), method)(path, data, headers=given)
        request.user = AnonymousUser()
        request._messages = CookieStorage(request)
        HtmxMiddleware(lambda _: HttpResponse())(request)
        return request

    return make
