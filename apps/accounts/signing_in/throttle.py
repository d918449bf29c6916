"""Wrong passwords are limited so that an attacker is locked out, and never the owner.

A browser in which a person signed in before carries a signed cookie and has an allowance of its
own, which nobody else can use up. It is known by the password and second step of that time: once
they are changed, whoever had them is a stranger. Browsers that are not known share two: one by
network, one by name, so that many addresses together cannot guess at one person all day. Rows in
the database: they outlive Redis, hold over processes, and a full cache cannot push them out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from apps.accounts.addresses import network
from apps.accounts.models import Attempt, User
from apps.accounts.signing_in.people import normal
from apps.proxies import client_address
from apps.ui.http import THROTTLED
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
# unknown browsers, for one name as it was typed, known or not
NAME = Limit("name", 45, timedelta(days=1))
# unknown browsers, for one person under all of their names
PERSON = Limit("person", 90, timedelta(days=1))
# codes of the second step: one known browser and one person
CODE_BROWSER = Limit("code_browser", 10, timedelta(hours=1))
# unknown browsers, for one person whose password they have
CODE = Limit("code", 20, timedelta(days=1))
# sign-ins with a passkey begun: a known browser, or one network
QUESTION = Limit("question", 120, timedelta(minutes=15))
PASSKEY = Limit("passkey", 20, timedelta(minutes=15))  # passkeys refused at a sign-in: likewise
# wrong passwords and codes of a signed-in person, in one session of one browser: then it ends
CONFIRM = Limit("confirm", 10, timedelta(days=1))
RECOVER = Limit("recover", 10, timedelta(hours=1))  # recovery emails asked for from one network
# VoiceTel's own recovery emails asked for from one network, and for one address
VOICETEL_RECOVER = Limit("voicetel_recover", 10, timedelta(days=1))
VOICETEL_ADDRESS = Limit("voicetel_address", 2, timedelta(days=1))
# recovery emails to one person; asked for in a browser that they signed in with, counted apart
LETTER = Limit("letter", 1, timedelta(minutes=5))
LETTERS = Limit("letters", 10, timedelta(days=1))
# beyond those, one whenever the link before has expired: nobody can use up the last way in
LETTER_LATE = Limit("letter_late", 1, timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))
# of one person, by themselves: owners are told of each
RENAMES = Limit("renames", 20, timedelta(days=1))
LIMITS = (
    BROWSER,
    NETWORK,
    NAME,
    PERSON,
    CODE_BROWSER,
    CODE,
    QUESTION,
    PASSKEY,
    CONFIRM,
    RECOVER,
    VOICETEL_RECOVER,
    VOICETEL_ADDRESS,
    LETTER,
    LETTERS,
    LETTER_LATE,
    RENAMES,
)


# of apps above this one
FURTHER: list[Limit] = []


class Throttled(Exception):
    """This one has to wait."""

    def __init__(self, limit: Limit, whom: str = "") -> None:
        super().__init__(limit.name)
        self.limit, self.whom = limit, whom


class SessionOver(Exception):
    """A session gave too many wrong answers and ends now. sessions.SessionLimits answers it."""


def take(limit: Limit, whom: str, *, now: datetime | None = None) -> Attempt:
    """Count one attempt, before it is made: of many at once, no more than `most` get through.
    Raises Throttled.

    A refused attempt does not count, so that waiting is enough. give_back() for one that was right.
    now: where another row must bear the same moment.
    """
    now, key = now or clock.about_now(), _key(limit, whom)
    attempt = Attempt.objects.create(key=key, at=now, until=now + limit.within)
    if Attempt.objects.filter(key=key, at__gt=now - limit.within).count() > limit.most:
        attempt.delete()
        raise Throttled(limit, whom)
    return attempt


@contextmanager
def throttled(form: BaseForm, words: Callable[[Throttled], str]) -> Iterator[None]:
    """A try made with a form: when it is held off, the form says so (apps.ui.http.status_of)."""
    try:
        yield
    except Throttled as held:
        form.add_error(None, ValidationError(words(held), code=THROTTLED))


def is_news(held: Throttled) -> bool:
    """Whether it is the first of that limit and whom within the hour: who is refused all the time
    leaves one event, not one a try.
    """
    try:
        take(Limit(f"{held.limit.name}_told", 1, timedelta(hours=1)), held.whom)
    except Throttled:
        return False
    return True


def _key(limit: Limit, whom: str) -> str:
    # no name or address is kept in clear
    return salted_hmac("throttle", f"{limit.name}:{whom}", algorithm="sha256").hexdigest()


def give_back(attempts: list[Attempt]) -> None:
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).delete()


def give_back_one(limit: Limit, whom: str, until: datetime) -> None:
    """One that would count until then: for what was counted by someone who kept no attempt."""
    found = Attempt.objects.filter(key=_key(limit, whom), until=until).first()
    give_back([found] if found else [])


def free_at(limit: Limit, whom: str) -> datetime:
    """When one that was held off may be made."""
    now = clock.about_now()
    oldest = Attempt.objects.filter(key=_key(limit, whom), until__gt=now).order_by("until").first()
    return oldest.until if oldest else now


def take_sign_in(request: HttpRequest, user: User | None, typed: str) -> list[Attempt]:
    """Count a sign-in before its password is looked at.

    Raises Throttled; what was counted on the way is given back.
    """
    browser = known_browser(request, user)
    if browser:
        return [take(BROWSER, f"{browser}:{user.pk}")]  # type: ignore[union-attr]
    taken = [take(NETWORK, network(client_address(request)))]
    try:
        # alike for known and unknown, and who types a person's id counts against nobody
        taken.append(take(NAME, normal(typed)))
        # the same work for nobody
        taken.append(take(PERSON, f"person:{user.pk}" if user else f"nobody:{normal(typed)}"))
    except Throttled:
        give_back(taken)
        raise
    return taken


def take_confirm(request: HttpRequest, user: User) -> Attempt:
    """Count a try of a signed-in person to prove who they are. Raises SessionOver.

    By session and known browser: what one stolen session guesses counts against nothing else.
    """
    whom = f"{user.pk}:{request.session.session_key}:{known_browser(request, user)}"
    try:
        return take(CONFIRM, whom)
    except Throttled:
        raise SessionOver from None


def take_letter(user: User, known: str) -> list[Attempt]:
    """Count a recovery email before it is sent. Raises Throttled. known: of known_people().

    Whoever asks from browsers that the person never used leaves the person's own browser its count.
    """
    own = next((each for each in known.split() if each.endswith(f":{user.pk}")), "")
    whom = own or str(user.pk)
    taken = [take(LETTER, whom)]
    try:
        taken.append(take(LETTERS, whom))
    except Throttled:
        try:
            taken.append(take(LETTER_LATE, whom))
        except Throttled:
            give_back(taken)
            raise
    return taken


def known_people(request: HttpRequest) -> str:
    """The browser's name with each person who signed in with it, like "name:1 name:7"."""
    name, people = _cookie(request)
    return " ".join(f"{name}:{pk}" for pk in people)


def whence(request: HttpRequest) -> str:
    """Whom to count where nobody is named yet: the browser, where anybody signed in with it before;
    else its network.
    """
    return _cookie(request)[0] or network(client_address(request))


def known_browser(request: HttpRequest, user: User | None, *, fully: bool = False) -> str:
    """The browser's own random name, if that person's present password was proven here before; else
    "".

    fully: they got in here since they have their present second step. A link by mail proves the
    password alone.
    """
    name, people = _cookie(request)
    if user is None or user.pk not in people:
        return ""
    password, full = people[user.pk]
    right = full == _full(user) if fully else password == _print(user.get_session_auth_hash())
    return name if right else ""


def signed_in_before(request: HttpRequest, user: User) -> bool:
    """Whether that person got in here with their present password, whatever second step
    they had.
    """
    return bool(known_browser(request, user) and _cookie(request)[1][user.pk][1])


def remember(
    request: HttpRequest, response: HttpResponse, user: User, *, fully: bool = True
) -> None:
    """Mark the browser as one that this person signed in with; not fully: where they only set a
    password, by a link.
    """
    name, people = _cookie(request)
    mark = (_print(user.get_session_auth_hash()), _full(user) if fully else "")
    people = {
        user.pk: mark,
        **{other: theirs for other, theirs in people.items() if other != user.pk},
    }
    value = signing.dumps(
        [name or get_random_string(22), [[pk, *each] for pk, each in people.items()][:PEOPLE]],
        salt=COOKIE,
    )
    response.set_cookie(
        COOKIE, value, max_age=KNOWN_FOR, httponly=True, secure=not settings.LOCAL, samesite="Lax"
    )


def _full(user: User) -> str:
    return _print(f"{user.get_session_auth_hash()}:{user.factor_at}")


def _print(of: str) -> str:
    return salted_hmac("known", of, algorithm="sha256").hexdigest()[:16]


def _cookie(request: HttpRequest) -> tuple[str, dict[int, tuple[str, str]]]:
    """The browser's name; by person: the print of the password, and of the second step
    too or "".
    """
    try:
        name, people = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KNOWN_FOR
        )
        return str(name), {int(pk): (str(password), str(full)) for pk, password, full in people}
    except (signing.BadSignature, ValueError, TypeError):
        return "", {}
