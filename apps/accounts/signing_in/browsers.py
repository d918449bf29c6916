"""The signed-in browsers of a person: Django's database sessions with a few columns more
(settings.SESSION_ENGINE).

The columns are filled from the session's data whenever it is written, which happens once a minute
at most (sessions.py): the list costs a request nothing. Ending a browser deletes its row; its
cookie then opens nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.models import Session, User
from apps.prepared import Prepared

MINUTE = 60
MOST = 50  # sessions of one person
IDLE, IDLE_STAFF = 60 * MINUTE, 15 * MINUTE
LONGEST, LONGEST_STAFF = 14 * 24 * 60 * MINUTE, 8 * 60 * MINUTE
BEGAN, SEEN, DEVICE = "began", "seen", "device"  # session keys: Unix seconds, Unix seconds, words
WHERE = "where"  # session key: the address that the sign-in came from
# The first that fits: Edge and Opera also say Chrome, and Chrome says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrom|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
)


SESSIONS = Prepared(
    lambda: Session.objects.filter(pk="").values_list("session_data", "expire_date")
)


class SessionStore(DatabaseStore):
    """Sessions in our own table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is not there or has ended."""
        for data, ends in SESSIONS.rows(self.session_key):
            if ends > timezone.now():
                return self.decode(data)
        self._session_key = None
        return {}

    def cycle_key(self) -> None:
        """A new key, unless the session was ended elsewhere meanwhile: then it stays so, and this
        browser is nobody's.
        """
        self.keys()  # reads the session, which forgets a key that is not there
        key = self.session_key
        if key and not self.exists(key):
            self.flush()
        else:
            super().cycle_key()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        user = data.get(SESSION_KEY)
        row.user_id = int(user) if user else None
        row.device = str(data.get(DEVICE, ""))[:60]
        row.began, row.seen = _moment(data.get(BEGAN)), _moment(data.get(SEEN))
        return row


@dataclass(frozen=True)
class Browser:
    """One line of the list. name: what a form sends back; never the session key, which is the
    cookie itself. where: the address that the sign-in came from, which tells two of a kind apart.
    """

    name: str
    device: str
    began: datetime | None
    seen: datetime | None
    here: bool
    where: str = ""


def is_over(user: User, began: int, seen: int, now: int) -> bool:
    """Whether a session that began then and was last used then has ended.

    A clock set back ends nothing and prolongs nothing.
    """
    idle, longest = (IDLE_STAFF, LONGEST_STAFF) if user.is_staff else (IDLE, LONGEST)
    return now - seen > idle or now - began > longest


def signed_in(now: datetime, person: str = "") -> Q:
    """Those sessions that have not ended, for a query that counts a person's. person: the path to
    them, like "user__".
    """

    def within(idle: int, longest: int) -> Q:
        seen, began = now - timedelta(seconds=idle), now - timedelta(seconds=longest)
        path = f"{person}sessions__"
        return Q(
            (f"{path}expire_date__gt", now),
            (f"{path}seen__gte", seen),
            (f"{path}began__gte", began),
        )

    customer = Q((f"{person}staff", ""))
    return (customer & within(IDLE, LONGEST)) | (~customer & within(IDLE_STAFF, LONGEST_STAFF))


def device(request: HttpRequest) -> str:
    """The browser in words that its owner knows it by. Its own word, so nothing relies on it."""
    agent = str(request.headers.get("User-Agent", ""))[:400]
    browser = next((name for sign, name in BROWSERS if re.search(sign, agent)), "")
    system = next(
        (name for sign, name in SYSTEMS if sign in agent), "Linux" if "Linux" in agent else ""
    )
    return (
        f"{browser or 'A browser'} on {system}"
        if system
        else browser or "A browser of an unknown kind"
    )


def list_browsers(request: HttpRequest, user: User) -> list[Browser]:
    """Where that person is signed in: this browser first, then the last used."""
    here, now = request.session.session_key, timezone.now()
    rows = Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen")
    live = [
        row
        for row in rows
        if row.began
        and row.seen
        and not is_over(user, _unix(row.began), _unix(row.seen), _unix(now))
    ]
    found = [
        Browser(
            _name(row.session_key),
            row.device,
            row.began,
            row.seen,
            row.session_key == here,
            str(row.get_decoded().get(WHERE, "")),
        )
        for row in live
    ]
    return sorted(found, key=lambda browser: not browser.here)


def end(user: User, name: str) -> Browser | None:
    """End one of that person's. None: it is not there (any more)."""
    for row in Session.objects.filter(user=user):
        if _name(row.session_key) == name:
            row.delete()
            return Browser(name, row.device, row.began, row.seen, here=False)
    return None


def end_all(user: User, *, but: str | None = None) -> int:
    """End all of that person's, but for the one with that session key. How many."""
    found = Session.objects.filter(user=user)
    return (found.exclude(session_key=but) if but else found).delete()[0]


def end_oldest(user: User) -> None:
    """End the person's oldest sessions, as another begins and is saved with its answer: a program
    that signs in again and again leaves MOST of them, not one each time.
    """
    newest = Session.objects.filter(user=user).order_by(F("began").desc(nulls_last=True), "pk")
    too_many = list(newest.values_list("pk", flat=True)[MOST - 1 :])
    Session.objects.filter(pk__in=too_many).delete()


def _name(key: str) -> str:
    return salted_hmac("browser", key, algorithm="sha256").hexdigest()[:32]


def _unix(at: datetime) -> int:
    return int(at.timestamp())


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
