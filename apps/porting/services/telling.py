"""Who is told what of a port: the members who can act on it, each thing once."""

from collections.abc import Iterable
from datetime import date

from apps.accounts.models import Account, Membership
from apps.accounts.roles import RIGHTS, Right
from apps.notifications.services import tell_all
from apps.porting import pace
from apps.porting.models import Port, PortEvent
from apps.porting.rules.stages import Stage
from apps.porting.selectors.desk import WAITING, capital, carrier_of, day_words
from apps.text import shortened
from apps.ui.format import count
from apps.voicetel import clock

Kind = PortEvent.Kind
BY_STAGE: dict[str, str] = {
    Stage.LETTER: "port_letter",
    Stage.REJECTED: "port_rejected",
    Stage.COMPLETE: "port_complete",
}


def kind_of(event: PortEvent) -> str:
    """Which notice an event is worth; "" for none."""
    if event.kind == Kind.DATE and event.now:
        return "port_moved" if event.was else "port_date"
    if event.kind == Kind.DATE:
        return "port_undated"
    if event.stage in BY_STAGE and event.kind == Kind.STATUS:
        return BY_STAGE[event.stage]
    return "port_words" if event.unknown else ""


def tell(account: Account, events: Iterable[PortEvent]) -> None:
    """Tell of these events, which are saved. Within their commit."""
    for event in events:
        if kind := kind_of(event):
            say(account, event.port, kind, f"port-event-{event.pk}", event)


def say(account: Account, port: Port, kind: str, once: str, event: PortEvent | None = None) -> None:
    """One notice to everybody who may act. No word of it holds VoiceTel's id of the port."""
    roles = [role for role, rights in RIGHTS.items() if Right.MANAGE in rights]
    people = Membership.objects.filter(account=account, role__in=roles, user__is_active=True)
    many = port.own_numbers().count()
    tell_all(
        people.values_list("user", flat=True),
        kind,
        account=account,
        once=once,
        port=port.pk,
        carrier=carrier_of(port),
        capital=capital(carrier_of(port)),
        numbers=count(many, "number") if many else "your numbers",
        was=_date(event.was) if event and event.kind == Kind.DATE else "",
        date=_date(event.now) if event and event.kind == Kind.DATE else _on(port.foc_on),
        words=shortened((event.now if event else "") or port.message or port.status, 200),
    )


def _date(text: str) -> str:
    return _on(date.fromisoformat(text)) if text else ""


def _on(on: date | None) -> str:
    return day_words(on, clock.about_now().year) if on else ""


def remind() -> int:
    """The sweep: letters that are waited for since two and five days, and firm dates that passed.
    How many ports.
    """
    now = clock.now()
    open_ones = Port.objects.across_accounts().filter(closed_at=None).select_related("account")
    waiting = open_ones.filter(WAITING, stage=Stage.LETTER, changed_at__lte=now - pace.REMIND[0])
    many = 0
    for port in waiting.order_by("pk").iterator(500):
        since = now - port.changed_at
        if since < pace.REMIND[-1] + (pace.REMIND[-1] - pace.REMIND[0]):
            which = sum(since >= each for each in pace.REMIND)
            mark = f"port-letter-{port.pk}-{port.changed_at:%Y%m%d%H%M}-{which}"
            say(port.account, port, "port_reminder", mark)
            many += 1
    passed = open_ones.filter(stage=Stage.DATE, foc_on__lt=now.date() - pace.DAY)
    for port in passed.order_by("pk").iterator(500):
        say(port.account, port, "port_passed", f"port-passed-{port.pk}-{port.foc_on}")
        many += 1
    return many
