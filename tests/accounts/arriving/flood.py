"""A test tool: so many hours in which strangers press /connect/ in a browser, owners reconnect, and
known people go on working.

All clocks go together: Python's by the traveller (and with it the provider's), the database's by
the demo's offset. Every sweep of people, mail and the line runs at its own rhythm
(portal/schedule.py).
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import time_machine
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils.module_loading import import_string

from apps.accounts import reconnect
from apps.accounts.arriving import connect
from apps.accounts.models import Account, KeyExchange, Membership, User
from apps.accounts.roles import Role
from apps.sandbox import control
from apps.voicetel.models import ClockOffset
from portal.schedule import SWEEPS
from tests.accounts.arriving.walking_in import form
from tests.cast import PASSWORD, connected, person

TICK, MINUTE, HOUR, DAY = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
START = datetime(2027, 3, 1, tzinfo=UTC)
FLOORS = ("accounts.", "notifications.", "voicetel.")  # whose sweeps run here
BEHIND, KNOWN = 15, 20  # accounts whose copies grow old all the time; people at work
OWNERS_AN_HOUR = 2
LINK = re.compile(r"http://\S+(/connect/\S+/)")


def sweeps() -> list[tuple[timedelta, Any]]:
    return [
        (timedelta(seconds=each.every), import_string(each.function))
        for each in SWEEPS
        if each.name.startswith(FLOORS)
    ]


class Flood:
    """`with Flood(hours=24, strangers=10_000, networks=1_000).clocks() as flood: flood.run()`.

    Then look at what it counted.
    """

    def __init__(self, *, hours: int, strangers: int, networks: int) -> None:
        self.hours, self.strangers, self.networks = hours, strangers, networks
        self.chance = Random(strangers)
        self.sweeps = sweeps()
        self.comes: defaultdict[int, list[Any]] = defaultdict(list)  # tick: what happens then
        self.mailed: dict[str, int] = {}  # address of a stranger whose link is on its way
        self.first: Counter[int] = Counter()  # statuses of the first step
        self.second: Counter[int] = Counter()  # and of the second
        # what people at work got: (what they did, status)
        self.known: Counter[tuple[str, int]] = Counter()
        self.mails = 0
        self.memory: list[float] = []  # MB of this process, every hour

    @contextmanager
    def clocks(self) -> Iterator["Flood"]:
        ClockOffset.objects.update_or_create(pk=1, defaults={"seconds": 0.0})
        with time_machine.travel(datetime.now(UTC), tick=True) as self.traveller:
            self.move(START)
            yield self

    def move(self, to: datetime) -> None:
        """Time goes on by itself while we work; this adds what is missing."""
        seconds = (to - datetime.now(UTC)).total_seconds()
        if seconds > 0:
            self.traveller.shift(seconds)
            ClockOffset.objects.filter(pk=1).update(seconds=F("seconds") + seconds)

    # The world

    def prepare(self) -> None:
        self.accounts = [
            self.account(f"30000000{n:02}") for n in range(BEHIND + OWNERS_AN_HOUR * self.hours)
        ]
        self.people = [
            User.objects.get(memberships__account=account) for account in self.accounts[:KNOWN]
        ]
        self.homes = [Client(REMOTE_ADDR=f"192.0.2.{n + 1}") for n in range(len(self.people))]
        self.sign_in()
        for n, account in enumerate(self.accounts[BEHIND:]):
            Account.objects.filter(pk=account.pk).update(
                key_state=Account.Key.DEAD, sealed_key=None
            )
            half_hour = HOUR / OWNERS_AN_HOUR
            self.at(n * half_hour + self.chance.random() * half_hour, self.reconnect, account)
        for n in range(self.strangers):
            self.at(self.chance.random() * self.hours * HOUR, self.press, n)
        for half in range(2 * self.hours):
            self.at(half * HOUR / 2 + 7 * MINUTE, self.work)
        for hour in range(self.hours):
            self.at(hour * HOUR + 40 * MINUTE, self.sign_in)
            self.at(hour * HOUR + 50 * MINUTE, self.sign_in_elsewhere)

    def account(self, number: str) -> Account:
        control.add_account(number)
        account = connected(number, f"Account {number}")
        Membership.objects.create(
            user=person(f"owner@{number}.test"), account=account, role=Role.OWNER
        )
        return account

    def at(self, span: timedelta, what: Any, *named: Any) -> None:
        self.comes[int(span / TICK)].append((what, named))

    def run(self) -> "Flood":
        self.prepare()
        for tick in range(int(self.hours * HOUR / TICK)):
            self.now = tick * TICK
            self.move(START + self.now)
            for what, named in self.comes.pop(tick, ()):
                what(*named)
            self.sweep(self.now)
            if self.now % HOUR == timedelta(0):
                self.memory.append(memory())
        self.memory.append(memory())
        return self

    def afterwards(self, span: timedelta, every: timedelta) -> None:
        """Nobody comes any more; the sweeps go on, all at once every so often, until no more mail
        is to be sent.
        """
        end = self.now + span
        while self.now < end:
            self.now += every
            self.move(START + self.now)
            before = -1
            while before != self.mails:
                before = self.mails
                for _, function in self.sweeps:
                    function()
                self.post()

    def sweep(self, now: timedelta) -> None:
        for every, function in self.sweeps:
            if now % every == timedelta(0):
                function()
        self.post()

    def post(self) -> None:
        """The mail that went out: whose link is in it goes on within half an hour."""
        self.mails += len(mail.outbox)
        for each in mail.outbox:
            found, n = LINK.search(str(each.body)), self.mailed.pop(each.to[0], None)
            if found and n is not None:
                self.at(self.now + TICK + self.chance.random() * HOUR / 2, self.go_on, n, found[1])
        mail.outbox.clear()

    # What strangers do

    def browser(self, n: int) -> Client:
        network, host = n % self.networks, n // self.networks
        return Client(REMOTE_ADDR=f"10.{network // 250}.{network % 250}.{host % 250 + 1}")

    def press(self, n: int) -> None:
        """One in twenty types the address of somebody known."""
        email = (
            self.people[n // 20 % len(self.people)].email
            if n % 20 == 0
            else f"stranger{n}@person.test"
        )
        self.mailed[email] = n
        self.first[self.browser(n).post("/connect/", {"email": email}).status_code] += 1

    def go_on(self, n: int, link: str) -> None:
        """A wrong password, one in ten a made-up key; one in seven for an account that is
        somebody's. One in ten looks at the place.
        """
        client = self.browser(n)
        number = self.chance.choice(self.accounts).number if n % 7 == 0 else f"1{n:09}"
        typed = form(number, f"{n:032x}", "key") if n % 10 == 3 else form(number, f"guess {n}")
        status = client.post(link, typed).status_code
        self.second[status] += 1
        if status == 302 and n % 10 == 1:
            assert "Cancel request" in client.get("/connect/").content.decode()

    # What known people do

    def reconnect(self, account: Account) -> None:
        owner = User.objects.get(memberships__account=account)
        reconnect.ask(account, owner, "password", control.password)

    def work(self) -> None:
        for home in self.homes:
            self.known["page", home.get("/settings/").status_code] += 1

    def sign_in(self) -> None:
        for home, user in zip(self.homes, self.people, strict=True):
            home.post("/logout/")
            self.known[
                "sign-in",
                home.post("/login/", {"login": user.email, "password": PASSWORD}).status_code,
            ] += 1

    def sign_in_elsewhere(self) -> None:
        """In a browser that nobody has seen before, from an address of a network that strangers
        press from.
        """
        user = self.chance.choice(self.people)
        client = self.browser(self.chance.randrange(self.networks))
        self.known[
            "sign-in",
            client.post("/login/", {"login": user.email, "password": PASSWORD}).status_code,
        ] += 1

    # What came of it

    def owners_waited(self) -> list[timedelta]:
        """How long each owner waited who asked, shortest first; until now if they still wait."""
        now = START + self.now
        rows = KeyExchange.objects.across_accounts().values_list("asked_at", "settled_at")
        return sorted((settled_at or now) - asked_at for asked_at, settled_at in rows)


def arrivals() -> list[float]:
    """When calls of the four reached the provider, refused ones too, in Unix seconds."""
    limited = {"accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"}
    return sorted(row.at.timestamp() for row in control.requests() if row.operation in limited)


def in_any_hour(times: list[float]) -> int:
    """The most within one hour."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 3600:
            first += 1
        most = max(most, last - first + 1)
    return most


def tries() -> dict[str, int]:
    """The most that any network, name, or person with one name got into the line, by what they
    typed.
    """
    rows = connect.Connection.objects.values_list("kind", "network", "number", "user")
    counts: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    for kind, network, number, user in rows:
        counts[f"{kind} of one network"][network] += 1
        counts[f"{kind} for one name"][number] += 1
        counts[f"{kind} of one person for one name"][user, number] += 1
    return {what: max(found.values()) for what, found in counts.items()}


def memory() -> float:
    """Resident memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
