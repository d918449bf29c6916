"""What is done at VoiceTel: a port-in is ordered; one that was declined is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import (
    Absent,
    Change,
    Found,
    Look,
    Result,
    Taken,
    Unclear,
    Verdict,
    change,
    secret,
)
from apps.changes.kit.reference import as_html, find_reference
from apps.changes.states import State
from apps.copies import claims
from apps.porting.models import PORTS, Port
from apps.porting.rules import streets
from apps.porting.rules.numbering import FEE
from apps.porting.selectors import orders
from apps.porting.services import before_sending, noting, ordered
from apps.porting.thing import ORDER, PORT
from apps.ui.format import count, money
from apps.voicetel import clock
from apps.voicetel.client import Client, Feature, PortOrder, errors
from apps.voicetel.client.records.porting import Port as Told
from apps.voicetel.client.records.porting import Submitted

PATIENCE = timedelta(minutes=30)
EARLIER = timedelta(minutes=5)  # an order that VoiceTel made longer before ours was sent isn't ours
TEN = 10  # numbers, from which on a fresh sign-in is asked for


@dataclass(frozen=True, slots=True)
class Made:
    """The ports that an order became: one, as a rule. told: the answer itself, where it came."""

    ports: dict[str, tuple[str, ...]]  # pid to numbers
    told: Submitted | None = None


@change("portSubmit", needs=Right.MANAGE, patience=PATIENCE)
class SubmitPort(Change):
    """Order one group of numbers from one losing carrier.

    subject: our group's primary key. bill: as bill.BillForm keeps it. VoiceTel takes no key and
    charges each order, so it is never sent again: `portList` tells whether it happened.
    """

    thing = ORDER
    numbers: list[str]
    carrier: str
    toll_free: bool
    bill: dict[str, str]
    features: list[dict[str, Any]]
    pin: str = secret()

    def lane(self) -> str:
        """One order of an account at a time: then what is new at VoiceTel is its own."""
        return "port"

    def price(self) -> int:
        return FEE * len(self.numbers)

    def wants_fresh(self) -> bool:
        return len(self.numbers) >= TEN

    def fresh_because(self) -> str:
        return "VoiceTel charges the account right away, and an order can't be taken back."

    @property
    def _from(self) -> str:
        return f" from {self.carrier}" if self.carrier else ""

    def describe(self) -> str:
        many = count(len(self.numbers), "number")
        return f"port {many}{self._from} for {money(self.price())}"

    def now_true(self) -> str:
        return f"{count(len(self.numbers), 'number')}{self._from} ordered"

    def before(self) -> dict[str, Any]:
        """When it was pressed, or its turn came: ports that we saw before then are not its."""
        return {"at": clock.about_now().isoformat()}

    def send(self, client: Client, key: str) -> Made:
        before_sending.check(self.account, int(self.subject), self.numbers)
        before_sending.check_ports(self.account, client, self.numbers)
        told = client.ports.submit(self.order())
        return Made({told.pid: tuple(self.numbers)}, told)

    def order(self) -> PortOrder:
        """The order as the client takes it. Raises streets.NotAStreet."""
        street = streets.parse(self.bill["street"])
        return PortOrder(
            numbers=self.numbers,
            billing_number=self.bill["billing_number"],
            account_number=self.bill["account_number"],
            name=self.bill["name"],
            name_type=self.bill["name_type"],
            authorized_by=self.bill["authorized_by"],
            street_number=street.number,
            street_prefix=street.prefix,
            street=street.name,
            street_type=street.type,
            street_suffix=street.suffix,
            unit=self.bill.get("unit", ""),
            city=self.bill["city"],
            state=self.bill["state"],
            zip_code=self.bill["zip"],
            pin=self.pin,
            due=date.fromisoformat(self.bill["due"]) if self.bill.get("due") else None,
            features=[Feature(**each) for each in self.features],
        )

    def verdict(self, answer: Any) -> Verdict:
        """Several ports are several results, so that no other order takes one for its own."""
        if isinstance(answer, Made) and len(answer.ports) > 1:
            return Verdict(
                State.DONE, results=tuple(Result(pid, State.DONE) for pid in answer.ports)
            )
        return super().verdict(answer)

    def charged(self, answer: Made) -> int:
        """The answer names no amount: the document's price a number."""
        return self.price()

    def gives(self, answer: Made) -> dict[str, Any] | None:
        """The links and the ticket: no other answer tells them."""
        if answer.told is None:
            return None
        told = answer.told
        return {
            "pid": told.pid,
            "loa_url": told.loa_url,
            "port_url": told.port_url,
            "ticket": told.ticket,
        }

    def done(self, answer: Made) -> None:
        entry = orders.entries_of(self.account, [int(self.subject)]).get(int(self.subject))
        ordered.write(
            self.account,
            int(self.subject),
            entry,
            answer.ports,
            answer.told,
            ordered.Bill(
                self.carrier,
                self.toll_free,
                date.fromisoformat(self.bill["due"]) if self.bill.get("due") else None,
            ),
        )

    def read_again(self) -> None:
        claims.mark_due(self.account, PORTS)

    def binds(self, answer: Made) -> str:
        return next(iter(answer.ports))

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        since = datetime.fromisoformat(before["at"])
        listed = client.ports.list()
        seen = dict(
            Port.objects.of(self.account)
            .filter(pid__in=[each.pid for each in listed])
            .values_list("pid", "seen_at")
        )
        mine = Port.objects.of(self.account).exclude(entry=None).values_list("pid", flat=True)
        bound = set(mine)
        fits = [
            each
            for each in listed
            if each.pid not in bound
            and not (each.pid in seen and seen[each.pid] < since)
            and (each.created_at is None or each.created_at >= since - EARLIER)
            and not taken(each.pid)
        ]
        return self._judge([(each, set(client.ports.get(each.pid).numbers)) for each in fits])

    def _judge(self, candidates: Sequence[tuple[Told, set[str]]]) -> Look:
        """What ports that are new at VoiceTel, with their numbers, say of this order."""
        wanted = set(self.numbers)
        met = [(each.pid, numbers) for each, numbers in candidates if numbers & wanted]
        if not met:
            return Absent(shows="no new order with these numbers")
        whole = set[str]().union(*(numbers for _, numbers in met))
        apart = sum(len(numbers) for _, numbers in met) == len(whole)
        if whole == wanted and apart:
            return Found(Made({pid: tuple(sorted(numbers)) for pid, numbers in met}))
        if apart and whole < wanted:
            return Unclear("VoiceTel shows an order with some of these numbers.", shows="a part")
        return Unclear(
            "VoiceTel shows more than one order that could be this one.",
            ask=True,
            shows=count(len(met), "new order"),
        )

    def summary(self, answer: Made) -> dict[str, Any]:
        return {"ports": len(answer.ports)}


@change("supportTicketReplyCreate", needs=Right.MANAGE, patience=PATIENCE)
class CorrectPort(Change):
    """Write a correction into the ticket of a port that was declined. It costs nothing.

    subject: the pid. ticket: its number; told: the order's answer told it, else it is read off the
    link, and believed when the ticket names the port. lines: [field, before, now]; comment: free
    text; pin: a new transfer PIN. reference: the last line, by which a doubt is settled.
    """

    thing = PORT
    ticket: int
    told: bool
    lines: list[list[str]]
    comment: str
    reference: str
    pin: str = secret()

    def lane(self) -> str:
        """As support's own replies: what is written to one ticket goes one at a time."""
        return f"ticket:{self.ticket}"

    def describe(self) -> str:
        fields = ", ".join(name.lower() for name, _, _ in self.lines)
        return f"correct a declined port: {fields or 'a comment'}"

    def now_true(self) -> str:
        return "Correction sent"

    def text(self) -> str:
        """What VoiceTel reads."""
        changed = [f"{name}: {was or '(empty)'} -> {now}" for name, was, now in self.lines]
        changed += [f"Transfer PIN: {self.pin}"] if self.pin else []
        rest = ["", self.comment] if self.comment else []
        return "\n".join([f"Correction for port {self.subject}:", *changed, *rest])

    def send(self, client: Client, key: str) -> None:
        if not self.told and self.subject not in (client.tickets.get(self.ticket).subject or ""):
            raise errors.Malformed(
                {"ticket": "We couldn't tell which ticket belongs to this port. Write to support."}
            )
        client.tickets.reply(self.ticket, as_html(self.text(), self.reference))

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        for each in client.tickets.messages(self.ticket):
            if each.type == "customer" and find_reference(each.body or "") == self.reference:
                return Found(each)
        return Absent(shows="no such message in the ticket")

    def done(self, answer: Any) -> None:
        noting.corrected(self.account, self.subject, self.lines, self.comment)
