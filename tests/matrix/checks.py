"""Asks one address in everybody's name and lists what is not as its row says."""

import time
from collections.abc import Callable, Iterator

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import Right, Role, allows
from apps.accounts.signing_in import sessions
from tests.cast import Cast
from tests.matrix.row import Row, Who
from tests.matrix.rows import minted

FINE = {200, 204, 286, 302, 303, 422}
OTHERS = ("PUT", "PATCH", "DELETE", "TRACE")


def actors(cast: Cast) -> dict[str, tuple[User | None, Role | None]]:
    """Everybody with their role on Harbor Dental; a stranger has one elsewhere, staff have none."""
    return {
        "anonymous": (None, None),
        "owner": (cast.owner, Role.OWNER),
        "manager": (cast.manager, Role.MANAGER),
        "billing": (cast.billing, Role.BILLING),
        "viewer": (cast.viewer, Role.VIEWER),
        "stranger": (cast.stranger, None),
        "support": (cast.support, None),
        "admin": (cast.admin, None),
    }


def problems(name: str, row: Row, cast: Cast, sign_in: Callable[[User], Client]) -> list[str]:
    """Every answer that the row does not mean, in words; empty when all is well."""
    found: list[str] = []
    for who, (user, role) in actors(cast).items():
        for method, may in (("GET", row.get), ("POST", row.post)):
            own = row.own(cast)
            response = ask(cast, sign_in, user, method, reverse(name, kwargs=own), row)
            wrong = judge(response, may, user, role, has_thing=bool(own), who=who, row=row)
            if wrong:
                found.append(f"{method} {name} as {who}: {response.status_code}, {wrong}")
        if user is not None:
            found += [
                f"{problem} as {who}" for problem in odd(name, row, cast, sign_in, user, role)
            ]
    return found


def reader(row: Row, cast: Cast) -> User:
    """Somebody who may open it."""
    return cast.admin if row.get is Who.STAFF else cast.owner


def judge(
    response: HttpResponse,
    may: Right | Who | None,
    user: User | None,
    role: Role | None,
    *,
    has_thing: bool,
    who: str,
    row: Row,
) -> str:
    """What is wrong with this answer; empty: nothing."""
    status, to_login = (
        response.status_code,
        response.status_code == 302 and "/login/" in response.headers.get("Location", ""),
    )
    if may is Who.ANYONE:
        return "" if status in (FINE | set(row.anonymous)) and not to_login else "anyone may"
    if user is None:
        wrong_method = may is None and refuses_method(response)
        return "" if to_login or wrong_method else "the anonymous go to sign in"
    if may is None:  # a stranger's form is of Harbor's page, which is said first
        first = (who, status) == ("stranger", 409)
        return "" if first or refuses_method(response) else "the method is not allowed"
    if may is Who.PERSON:
        return "" if status in FINE and not to_login else "everybody signed in may"
    if may is Who.OWN:
        mine = who == "owner"
        return (
            ""
            if (status in FINE and not to_login if mine else status == 404)
            else "it is the owner's own"
        )
    if may is Who.ADMIN and user.staff == User.Staff.SUPPORT:
        return "" if status == 403 else "support looks"
    if may in {Who.STAFF, Who.ADMIN}:
        if user.is_staff:
            return "" if status in FINE and not to_login else "staff may"
        return "" if status == 404 else "it does not exist for customers"
    if role is None:
        if row.foreign:
            return "" if status == row.foreign else "the form names a thing of Harbor's"
        if who == "stranger" and not has_thing:  # an own account elsewhere: sees its own
            if response.wsgi_request.method == "POST":  # type: ignore[attr-defined]
                return "" if status == 409 else "the form was Harbor's page's"
            return "" if status in FINE else "owner of another account"
        return "" if status == 404 else "nothing of Harbor exists for them"
    if allows(role, may):
        return "" if status in FINE else "the role has the right"
    return "" if status == 403 else "the role lacks the right"


def refuses_method(response: HttpResponse) -> bool:
    """Whether a GET is led to a page above, which has the form; any other method gets a 405."""
    request = response.wsgi_request  # type: ignore[attr-defined]
    if request.method not in {"GET", "HEAD"}:
        return response.status_code == 405
    there = response.headers.get("Location", "")
    return response.status_code == 302 and request.path != there and request.path.startswith(there)


def odd(
    name: str,
    row: Row,
    cast: Cast,
    sign_in: Callable[[User], Client],
    user: User,
    role: Role | None,
) -> Iterator[str]:
    """Methods that no view takes, and ids of nothing."""
    address = reverse(name, kwargs=row.own(cast))
    for method in OTHERS:
        status = ask(cast, sign_in, user, method, address, row).status_code
        if status not in {405, 404, 403}:
            yield f"{method} {name}: {status}, no view takes it"
    if role is Role.OWNER:
        for args in row.absent:
            for method, may in (("GET", row.get), ("POST", row.post)):
                if may is None:
                    continue
                status = ask(
                    cast, sign_in, user, method, reverse(name, kwargs=args), row
                ).status_code
                if status != 404:
                    yield f"{method} {name} of {args}: {status}, nothing is there"


def ask(
    cast: Cast,
    sign_in: Callable[[User], Client],
    user: User | None,
    method: str,
    address: str,
    row: Row,
) -> HttpResponse:
    browser = Client(raise_request_exception=False) if user is None else sign_in(user)
    browser.raise_request_exception = False
    if method == "POST":
        if user is not None:
            # else what asks for a fresh sign-in would never be reached
            just_signed_in(browser, user)
        return browser.post(address, minted(row, cast))
    if method == "GET":
        return browser.get(address)
    return browser.generic(method, address)


def just_signed_in(browser: Client, user: User) -> None:
    """A session that proved its person a moment ago, with all that they have."""
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[sessions.SECOND] = [user.pk, time.time()]
    session.save()
