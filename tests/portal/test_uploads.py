"""Files are taken by the views that say so, from people who are signed in, and nowhere else."""

from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path, reverse

from apps.ui.uploads import BODY_MOST, FILES_MOST, FORM_MOST, takes, takes_files
from portal.serving import worker
from portal.urls import urlpatterns as ours
from tests.cast import Cast, SignIn
from tests.matrix.row import nothing
from tests.matrix.rows import ROWS
from tests.pages import flat


@login_not_required
def form(request: HttpRequest) -> JsonResponse:
    files = {name: each.size for name, each in request.FILES.items()}
    return JsonResponse({"files": files, "typed": request.POST.get("typed", "")})


urlpatterns = [
    *ours,
    path("toy/form/", form),
    path("toy/file/", takes_files(login_not_required(lambda request: form(request)))),
]

pytestmark = pytest.mark.urls(__name__)


def send(browser: Client, address: str, size: int) -> Any:
    file = SimpleUploadedFile("numbers.csv", b"a" * size)
    return browser.post(address, {"typed": "words", "list": file})


@pytest.mark.parametrize("size", [10, 900_000])
def test_a_file_in_any_other_form_is_read_past_and_the_rest_is_taken(
    cast: Cast, sign_in: SignIn, size: int
):
    for browser in (sign_in(cast.owner), Client()):
        assert send(browser, "/toy/form/", size).json() == {"files": {}, "typed": "words"}
    assert send(Client(), "/toy/file/", size).json() == {"files": {}, "typed": "words"}


@pytest.mark.parametrize("size", [10, FILES_MOST])
def test_a_view_that_takes_files_gets_them_from_a_person(cast: Cast, sign_in: SignIn, size: int):
    answer = send(sign_in(cast.owner), "/toy/file/", size)
    assert answer.json() == {"files": {"list": size}, "typed": "words"}


def test_what_is_too_large_gets_a_page_that_says_so(cast: Cast, sign_in: SignIn):
    person = sign_in(cast.owner)
    for answer in (
        send(person, "/toy/form/", FORM_MOST),
        send(person, "/toy/file/", BODY_MOST),
        send(Client(), "/toy/file/", FORM_MOST),
        send(Client(), "/login/", FORM_MOST),
    ):
        assert answer.status_code == 413
        assert "Nothing changed." in flat(answer)


def test_the_web_server_reads_as_much_as_the_view_may_take():
    session = {"COOKIE": "theme=dark; sessionid=abc"}
    assert takes("/toy/file/")
    assert worker.most_of("/toy/file/", session) == BODY_MOST
    assert worker.most_of("/toy/file/", {}) == FORM_MOST
    assert worker.most_of("/toy/form/", session) == FORM_MOST
    assert worker.most_of("/toy/\xff/", session) == FORM_MOST


def test_no_address_of_the_portal_takes_files_unseen():
    """A view that takes files is named here, with what it does with them."""
    assert takes("/toy/file/")
    named = [name for name, row in ROWS.items() if row.own is nothing]
    taking = [name for name in named if takes(reverse(name))]
    assert taking == ["lookups:many"], "a list of numbers, as text or CSV, of which nothing is kept"
