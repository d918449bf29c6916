"""What views share of HTTP: one address for GET and POST, a form's status, a part that waits."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, QueryDict

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)

STOP = 286  # htmx: swap this in, and look no more
# seconds between two looks of a part that waits: what is due within a minute, and what is not
SOON, LATER = 3, 20
THROTTLED = "throttled"  # code of the error in a form whose try was held off


def get_or_post(show: V, change: View | None = None) -> V:
    """One address: GET shows, POST changes, each behind its own gate; without `change`, one view
    does both. Its `needs` are the roles by method, for the matrix of rights.
    """
    by_method: dict[str, View] = {"GET": show, "HEAD": show, "POST": change or show}

    @wraps(change or show)
    def view(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = by_method.get(request.method or "")
        if chosen is None:
            return HttpResponseNotAllowed(list(by_method))
        return chosen(request, *args, **kwargs)

    if change is not None:
        needs = {name: getattr(by_method[name], "needs", None) for name in ("GET", "POST")}
        view.needs = needs  # type: ignore[attr-defined]
    return cast(V, view)


def status_of_part(request: HttpRequest, part: str, every: int) -> int:
    """The status of a part that looks again every so many seconds: STOP when the part itself asked
    and nothing moves in it any more (0).
    """
    htmx: Any = getattr(request, "htmx", None)
    return STOP if htmx and htmx.trigger == part and not every else 200


def posted(request: HttpRequest) -> QueryDict | None:
    """The data of a form that was sent, if it was: what its class is bound to."""
    return request.POST if request.method == "POST" else None


def status_of(form: BaseForm) -> int:
    """The status of a page with that form: 200 before it's sent, 422 when it's shown again, 429
    when the try was held off.
    """
    if form.has_error(NON_FIELD_ERRORS, THROTTLED):
        return 429
    return 422 if form.is_bound else 200
