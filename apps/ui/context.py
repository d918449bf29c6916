"""What the frame of every page shows: navigation, account, balance, theme.

Adds no query: the middleware loaded all of it.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the side bar. It is shown once its address exists, to a person who can use it.

    needs: "account" for a person who has one, "staff" for the portal's own people, "customer" for
    all but staff without an account, "" for everyone.
    """

    label: str
    path: str
    icon: str
    group: str = ""
    needs: str = ""


@cache
def side_bar() -> tuple[Place, ...]:
    """The entries that settings name (UI_PLACES)."""
    found: tuple[Place, ...] = import_string(settings.UI_PLACES)
    return found


@lru_cache(maxsize=64)
def exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


# Nothing evaluated, no script from a fragment, no other host, no page kept after sign-out; errors
# are swapped in, for they are sentences.
HTMX = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "auto",
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "[45]..", "swap": True, "error": True},
        ],
    },
    separators=(",", ":"),
)


def theme_of(request: HttpRequest) -> str:
    """The remembered choice, or "" to follow the system."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


def places(request: HttpRequest) -> list[Place]:
    """The entries of the side bar that this person can use."""
    account = getattr(request, "account", None) is not None
    staff = bool(getattr(getattr(request, "user", None), "is_staff", False))
    has = {"": True, "account": account, "staff": staff, "customer": account or not staff}
    return [place for place in side_bar() if has[place.needs] and exists(place.path)]


def current(path: str, shown: list[Place]) -> str:
    """The address of the entry that stands for this page: the longest that it begins with; Home
    only for itself.
    """
    under = [
        place.path
        for place in shown
        if path == place.path or (place.path != "/" and path.startswith(place.path))
    ]
    return max(under, key=len, default="")


@lru_cache(maxsize=256)
def nav(shown: tuple[Place, ...], here: str, exact: bool) -> str:
    """The links of the side bar, which are the same on thousands of pages: rendered once (0.3 ms a
    page).
    """
    return loader.render_to_string("ui/_nav.html", {"places": shown, "here": here, "exact": exact})


@lru_cache(maxsize=16)
def choices(theme: str, dense: bool, keyless: bool) -> str:
    """The buttons for theme, height of rows and shortcuts: rendered once for each combination."""
    return loader.render_to_string(
        "ui/_choices.html", {"theme": theme, "dense": dense, "keyless": keyless}
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context.

    A request that has no account yet (sign-in, an error on the way in) gets the bare frame.
    """
    account = getattr(request, "account", None)
    membership = getattr(request, "membership", None)
    shown = places(request)
    here = current(request.path, shown)
    theme, dense = theme_of(request), request.COOKIES.get("rows") == "dense"
    keyless = request.COOKIES.get("keys") == "off"
    profile = getattr(account, "profile", None) if account is not None else None
    return {
        "zone": getattr(account, "zone", "") or "UTC",
        "theme": theme,
        "dense": dense,
        "keyless": keyless,
        "nav": nav(tuple(shown), here, here == request.path),
        "choices": choices(theme, dense, keyless),
        "account": account,
        "membership": membership,
        "others": [each for each in getattr(request, "memberships", ()) if each is not membership],
        "balance": getattr(profile, "about", None),
        "balance_at": getattr(profile, "read_at", None),
        "key_dead": getattr(account, "key_state", "") == "dead",
        "is_owner": getattr(membership, "role", "") == "owner",
        # notices, counted with the person
        "unread": getattr(getattr(request, "user", None), "unread", 0),
        "search_to": "/search/" if exists("/search/") else "",
        "htmx_config": HTMX,
        "can_switch": exists("/switch/"),
        "demo": settings.DEMO,
    }
