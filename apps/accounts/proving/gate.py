"""The gate before what could do harm in other hands: it asks for a sign-in of the last minutes, and
carries the press on once the person has proved who they are.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django_htmx.middleware import HtmxDetails

from apps.accounts.addresses import page_around
from apps.accounts.proving import press
from apps.accounts.signing_in.second_views import to_set_up
from apps.accounts.signing_in.sessions import is_fresh
from apps.ui.render import SeeOther, guarded, wants_part

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
TOO_LARGE = "That was too much to keep while you confirmed. Nothing has changed; send it again."


class ProofNeeded(Exception):
    """The request needs a fresh sign-in. The middleware leads there and keeps the press.

    because: a sentence for the person. then: the page to come back to if nothing can be carried on;
    "" is the page that the form was on. carry: False for what only a script may send.
    """

    def __init__(self, because: str = "", *, then: str = "", carry: bool = True) -> None:
        super().__init__(because or "This needs a fresh sign-in. Nothing was sent.")
        self.because, self.then, self.carry = because, then, carry


def must_be_fresh(
    request: HttpRequest, because: str = "", *, then: str = "", carry: bool = True
) -> None:
    """Raise ProofNeeded unless this session proved its person within the last ten minutes."""
    if not is_fresh(request):
        raise ProofNeeded(because, then=then, carry=carry)


def fresh_required(
    then: str = "", because: str = "", *, methods: tuple[str, ...] = ("POST",)
) -> Callable[
    [Callable[Concatenate[R, P], HttpResponseBase]], Callable[Concatenate[R, P], HttpResponseBase]
]:
    """The view runs only after a fresh sign-in. then: the name of the page to come back to; "" is
    the view's own address. methods: those that ask.
    """

    def gate(
        view: Callable[Concatenate[R, P], HttpResponseBase],
    ) -> Callable[Concatenate[R, P], HttpResponseBase]:
        @wraps(view)
        def asked(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods:
                must_be_fresh(request, because, then=reverse(then) if then else request.path)
            return view(request, *args, **kwargs)

        return asked

    return gate


def lead(request: HttpRequest, needed: ProofNeeded) -> HttpResponse:
    """The way to /reauthenticate/ for a request that needs a fresh sign-in; its POST is kept."""
    query = {"next": needed.then or page_around(request)}
    if request.method == "POST" and needed.carry:
        if name := press.keep(request, needed.because):
            query["press"] = name
        else:
            messages.info(request, TOO_LARGE)
    there = f"{reverse('account_reauthenticate')}?{urlencode(query)}"
    if wants_part(request):
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
        answer.headers["HX-Redirect"] = there
        return guarded(answer)
    return guarded(SeeOther(there))


def carry_on(request: HttpRequest, kept: press.Press) -> HttpResponseBase:
    """The answer of the view that was pressed, as to a plain browser.

    Its own gates are asked again. The request becomes the pressed one in place: what comes before
    a view, CSRF included, was asked of the POST that proved the person. Raises Gone.
    """
    path, _, query = kept.path.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        raise press.Gone(press.OVER) from None
    for name in [name for name in request.META if name.startswith("HTTP_HX_")]:
        del request.META[name]
    request.META.update(PATH_INFO=path, QUERY_STRING=query)
    own: Any = request
    own.__dict__.pop("headers", None)
    own.path_info, own.path = path, get_script_prefix().rstrip("/") + path
    own.GET, own.POST = QueryDict(query), QueryDict(kept.data)
    own.resolver_match, own.htmx = match, HtmxDetails(request)
    return to_set_up(request) or cast(
        HttpResponseBase, match.func(request, *match.args, **match.kwargs)
    )
