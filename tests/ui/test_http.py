"""One address for GET and POST, and the status of a page with a form."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.ui.http import THROTTLED, get_or_post, posted, status_of


class Named(forms.Form):
    name = forms.CharField()


def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


def change(request: HttpRequest) -> HttpResponse:
    return HttpResponse("changed")


@pytest.mark.parametrize(("method", "said"), [("get", b"shown"), ("post", b"changed")])
def test_get_shows_and_post_changes(rf: RequestFactory, method: str, said: bytes) -> None:
    view = get_or_post(show, change)
    assert view(getattr(rf, method)("/")).content == said


@pytest.mark.parametrize("view", [get_or_post(show, change), get_or_post(show)])
def test_no_other_method_reaches_a_view(rf: RequestFactory, view: Any) -> None:
    answer = view(rf.delete("/"))
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert view(rf.head("/")).content == b"shown"


def test_it_tells_the_roles_by_method_and_keeps_what_a_single_view_is_marked_with() -> None:
    def viewers(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def owners(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    viewers.needs, owners.needs = "viewer", "owner"  # type: ignore[attr-defined]
    assert get_or_post(viewers, owners).needs == {"GET": "viewer", "POST": "owner"}
    assert get_or_post(owners).needs == "owner"


def test_a_form_is_bound_when_it_was_sent_even_empty(rf: RequestFactory) -> None:
    assert status_of(Named(posted(rf.get("/?name=x")))) == 200
    assert status_of(Named(posted(rf.post("/")))) == 422


def test_a_try_that_was_held_off_is_429(rf: RequestFactory) -> None:
    form = Named(posted(rf.post("/", {"name": "x"})))
    form.add_error(None, "Not right.")
    assert status_of(form) == 422
    form.add_error(None, ValidationError("Wait an hour.", code=THROTTLED))
    assert status_of(form) == 429
