"""Wrong passwords are limited so that an attacker is locked out, and never the owner.

A browser in which a person signed in before carries a signed cookie and has an allowance of its own, which nobody else can
use up. Browsers that are not known share two: one by network, one by name, so that many addresses together cannot guess at
one person all day. Rows in the database: they outlive Redis, hold over processes, and a full cache cannot push them out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from apps.accounts.addresses import client_address, network
from apps.accounts.models import Attempt
from apps.accounts.people import normal
from apps.voicetel import clock

COOKIE = "known" if settings.LOCAL else "__Host-known"
KNOWN_FOR = 180 * 24 * 3600  # seconds
PEOPLE = 5  # a browser remembers its last few people


@dataclass(frozen=True)
class Limit:
    """`most` attempts in `within`; a further one has to wait."""

    name: str
    most: int
    within: timedelta


BROWSER = Limit("browser", 30, timedelta(hours=1))  # one known browser and one person
NETWORK = Limit("network", 20, timedelta(minutes=15))  # unknown browsers of one address
NAME = Limit("name", 45, timedelta(days=1))  # unknown browsers, for one name as it was typed, known or not
PERSON = Limit("person", 90, timedelta(days=1))  # unknown browsers, for one person under all of their names
CODE_BROWSER = Limit("code_browser", 10, timedelta(hours=1))  # codes of the second step: one known browser and one person
CODE = Limit("code", 20, timedelta(days=1))  # unknown browsers, for one person whose password they have
QUESTION = Limit("question", 120, timedelta(minutes=15))  # sign-ins with a passkey begun: a known browser, or one network
PASSKEY = Limit("passkey", 20, timedelta(minutes=15))  # passkeys refused at a sign-in: likewise
CONFIRM = Limit("confirm", 10, timedelta(minutes=15))  # a signed-in person asked for their password
RECOVER = Limit("recover", 10, timedelta(hours=1))  # recovery mails asked for from one network
LETTER = Limit("letter", 1, timedelta(minutes=5))  # recovery mails to one person
LIMITS = (BROWSER, NETWORK, NAME, PERSON, CODE_BROWSER, CODE, QUESTION, PASSKEY, CONFIRM, RECOVER, LETTER)


class Throttled(Exception):
    """This one has to wait."""

    def __init__(self, limit: Limit, whom: str = "") -> None:
        super().__init__(limit.name)
        self.limit, self.whom = limit, whom


def take(limit: Limit, whom: str, *, now: datetime | None = None) -> Attempt:
    """Count one attempt, before it is made: of many at once, no more than `most` get through. Raises Throttled.

    A refused attempt does not count, so that waiting is enough. give_back() for one that was right. now: where another row must
    bear the same moment.
    """
    now, key = now or clock.about_now(), _key(limit, whom)
    attempt = Attempt.objects.create(key=key, at=now, until=now + limit.within)
    if Attempt.objects.filter(key=key, at__gt=now - limit.within).count() > limit.most:
        attempt.delete()
        raise Throttled(limit, whom)
    return attempt


def is_news(held: Throttled) -> bool:
    """Whether it is the first of that limit and whom within the hour: who is refused all the time leaves one event, not one a try."""
    try:
        take(Limit(f"{held.limit.name}_told", 1, timedelta(hours=1)), held.whom)
    except Throttled:
        return False
    return True


def _key(limit: Limit, whom: str) -> str:
    return salted_hmac("throttle", f"{limit.name}:{whom}", algorithm="sha256").hexdigest()  # no name or address is kept in clear


def give_back(attempts: list[Attempt]) -> None:
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).delete()


def give_back_one(limit: Limit, whom: str, until: datetime) -> None:
    """One that would count until then: for what was counted by somebody who kept no attempt."""
    found = Attempt.objects.filter(key=_key(limit, whom), until=until).first()
    give_back([found] if found else [])


def free_at(limit: Limit, whom: str) -> datetime:
    """When one that was held off may be made."""
    now = clock.about_now()
    oldest = Attempt.objects.filter(key=_key(limit, whom), until__gt=now).order_by("until").first()
    return oldest.until if oldest else now


def take_sign_in(request: HttpRequest, person_id: int | None, typed: str) -> list[Attempt]:
    """Count a sign-in before its password is looked at. Raises Throttled; what was counted on the way is given back."""
    browser = known_browser(request, person_id)
    if browser:
        return [take(BROWSER, f"{browser}:{person_id}")]
    taken = [take(NETWORK, network(client_address(request)))]
    try:
        taken.append(take(NAME, normal(typed)))  # alike for known and unknown, and who types a person's id counts against nobody
        taken.append(take(PERSON, f"person:{person_id}" if person_id else f"nobody:{normal(typed)}"))  # the same work for nobody
    except Throttled:
        give_back(taken)
        raise
    return taken


def whence(request: HttpRequest) -> str:
    """Whom to count where nobody is named yet: the browser, where anybody signed in with it before; else its network."""
    return _cookie(request)[0] or network(client_address(request))


def known_browser(request: HttpRequest, person_id: int | None) -> str:
    """The browser's own random name, if that person signed in here before; else ""."""
    name, people = _cookie(request)
    return name if person_id in people else ""


def remember(request: HttpRequest, response: HttpResponse, person_id: int) -> None:
    """Mark the browser as one that this person signed in with."""
    name, people = _cookie(request)
    people = [person_id, *(other for other in people if other != person_id)][:PEOPLE]
    value = signing.dumps([name or get_random_string(22), people], salt=COOKIE)
    response.set_cookie(COOKIE, value, max_age=KNOWN_FOR, httponly=True, secure=not settings.LOCAL, samesite="Lax")


def _cookie(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        name, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(name), [int(each) for each in people]
