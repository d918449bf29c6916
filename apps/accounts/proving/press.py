"""The press that waits while its person proves who they are: a form's path and data, sealed in the
session for ten minutes, one at a time, and taken out before it is carried on.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from apps.accounts import sealed
from apps.accounts.signing_in.sessions import PRESS, PRESS_LIVES

MOST = 20_000  # characters of a form's data; a session is read with every request
NOT_FORM = ("csrfmiddlewaretoken",)
OVER = (
    "Your change waited longer than ten minutes, or you've made another one since, so it wasn't"
    " made. Nothing has changed. Go back and try again."
)


class Gone(Exception):
    """The press can't be carried on. Its words are for the person."""


class Elsewhere(Exception):
    """The press waits for another account than the current one, and stays.

    account: that one's id. press: its name.
    """

    def __init__(self, account: int | None, press: str) -> None:
        super().__init__("You switched to another account before you confirmed.")
        self.account, self.press = account, press


@dataclass(frozen=True, slots=True)
class Press:
    """path: with its query. data: as a form is encoded. account: the current one's id at the press.
    because: why the person is asked.
    """

    name: str
    path: str
    data: str
    account: int | None
    because: str


def keep(request: HttpRequest, because: str, account: int | None = None) -> str:
    """Keep this POST in place of any other. Its name; "" for one too large, or with files.

    account: the id of the one that it is for; None is the current one.
    """
    form = request.POST.copy()
    for name in NOT_FORM:
        form.pop(name, None)
    data = form.urlencode()
    request.session.pop(PRESS, None)
    if len(data) > MOST or request.FILES:
        return ""
    name = secrets.token_urlsafe(9)
    value = [name, request.get_full_path_info(), data, account or _account(request), because]
    box = sealed.seal(_owner(request), value).decode()
    request.session[PRESS] = [int(time.time()), box]
    return name


def look(request: HttpRequest, name: str) -> Press | None:
    """The press of that name, if this session still keeps it for this person."""
    kept: Any = request.session.get(PRESS)
    if not kept or not 0 <= time.time() - kept[0] < PRESS_LIVES:
        return None
    try:
        press = Press(*sealed.unseal(_owner(request), kept[1].encode()))
    except sealed.Unsealable:
        return None
    return press if constant_time_compare(press.name, name) else None


def take(request: HttpRequest, name: str) -> Press:
    """The press of that name, once. Raises Gone, and Elsewhere."""
    press = look(request, name)
    if press is None:
        raise Gone(OVER)
    if press.account != _account(request):
        raise Elsewhere(press.account, press.name)
    del request.session[PRESS]
    return press


def _owner(request: HttpRequest) -> str:
    return f"person:{request.user.pk}"


def _account(request: HttpRequest) -> int | None:
    account = getattr(request, "account", None)
    return account.pk if account else None
