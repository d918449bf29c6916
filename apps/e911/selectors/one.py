"""One number's 911 address, in words and beside what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import OPEN, State
from apps.e911 import lines
from apps.e911.models import Address, Record
from apps.e911.thing import ADDRESS
from apps.numbers.models import Number
from apps.ui.format import clock as clock_of
from apps.voicetel import clock

Standing = Record.Standing
BOOK = 8  # addresses that a number's page offers
Part = tuple[str, bool]  # letters, and whether they differ
Letters = list[tuple[list[Part], list[Part]]]  # line by line: VoiceTel's, and the typed ones
NO_CALLS = (
    "If someone calls 911 from this number, the center can't see where to send help. The caller has"
    " to say it."
)


@dataclass(frozen=True, slots=True)
class Headline:
    """What is true of a number, as the largest words of its page."""

    tone: str
    title: str
    said: str = ""


def get_record(account: Account, number: str) -> Record:
    """Our row; one that says that nothing is known where there is none yet, not saved."""
    found = Record.objects.of(account).filter(number=number).first()
    return found or Record(account=account, number=number, told_at=clock.about_now())


def headline(record: Record, zone: str) -> Headline:
    """Never green before VoiceTel's list or the record itself showed the address."""
    at = clock_of(record.told_at, zone)
    match record.standing:
        case Standing.PROTECTED if record.wished:
            return Headline(
                "warn",
                "Protected, but not as you asked",
                "VoiceTel shows another address or caller name than the last change here asked for."
                " Compare the two, and set it again if VoiceTel's is wrong.",
            )
        case Standing.PROTECTED:
            how = "listed by" if record.told == Record.Told.LISTED else "read back from"
            return Headline("good", "Protected", f"As {how} VoiceTel, {at}.")
        case Standing.SAID:
            return Headline(
                "warn",
                "Sent, not confirmed yet",
                f"VoiceTel took this address at {at}, and hasn't shown it to us yet. We keep"
                " checking. Until then, don't rely on it.",
            )
        case Standing.NONE:
            return Headline("bad", "Not protected: no 911 address", NO_CALLS)
    return Headline(
        "neutral",
        "Not known whether this number has a 911 address",
        "VoiceTel's list hasn't said yet. If it has none, a 911 center can't see where the caller"
        " is.",
    )


def waits(record: Record) -> bool:
    """Whether the record is being read back at this moment."""
    return record.read_due_at is not None


def find_strip(account: Account, number: str, wanted: int) -> Entry | None:
    """The change that the page shows: the one that it was led to, else the one under way, else the
    one that asks.
    """
    mine = Entry.objects.of(account).filter(thing=ADDRESS.name, subject=number)
    mine = mine.select_related("account", "follows").order_by("-pk")
    if wanted and (found := mine.filter(pk=wanted).first()):
        return found
    return mine.filter(state__in=[*OPEN, State.ASK, State.ABSENT]).order_by("pk").first()


def find_address(account: Account, pk: int) -> Address | None:
    """An address of the account's book."""
    return Address.objects.of(account).filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Entered:
    """An address of the book, ready to be shown. held: how many numbers have it."""

    pk: int
    label: str
    shown: str
    held: int


def list_book(account: Account, most: int = BOOK) -> list[Entered]:
    """The account's addresses, last checked first, each with how many numbers. Two queries."""
    book = list(Address.objects.of(account).order_by("-checked_at", "pk")[:most])
    held = numbers_at(account, book)
    return [
        Entered(each.pk, each.label, lines.on_one_line(lines.of_row(each)), held[each.pk])
        for each in book
    ]


def numbers_at(account: Account, book: list[Address]) -> dict[int, int]:
    """How many numbers VoiceTel shows at each of these addresses, by primary key. One query."""
    places = Record.objects.of(account).filter(address1__in={each.address1 for each in book})
    many: dict[tuple[str, ...], int] = {}
    for values in places.values_list(*lines.PLACE):
        many[values] = many.get(values, 0) + 1
    return {each.pk: many.get(tuple(lines.of_row(each).values()), 0) for each in book}


def any_name(account: Account) -> str:
    """The caller name of some record of the account; "" where there is none."""
    others: QuerySet[Record] = Record.objects.of(account).exclude(caller_name="")
    return others.order_by("pk").values_list("caller_name", flat=True).first() or ""


def how_many_new(account: Account, numbers: Sequence[str]) -> int:
    """How many of these numbers have no record that we know of: each would get one, and a fee."""
    with_one = Record.objects.of(account).filter(number__in=numbers, address1__gt="").count()
    return len(numbers) - with_one


def default_name(account: Account, record: Record) -> str:
    """The caller name that a form begins with: the number's own, else that of another record."""
    return record.caller_name or any_name(account)


def compared(typed: Mapping[str, Any], now: Mapping[str, Any]) -> Letters:
    """Line by line: (VoiceTel's letters, the typed ones), each in parts that say whether they
    differ. Capitals don't.
    """
    pairs = [(now.get(name, ""), typed.get(name, "")) for name in ("address1", "address2")]
    pairs.append((lines.town(now), lines.town(typed)))
    return [_letters(theirs, ours) for theirs, ours in pairs if theirs or ours]


def _letters(theirs: str, ours: str) -> tuple[list[Part], list[Part]]:
    found: tuple[list[Part], list[Part]] = ([], [])
    matcher = SequenceMatcher(None, theirs.lower(), ours.lower(), autojunk=False)
    for tag, *at in matcher.get_opcodes():
        for parts, text in ((found[0], theirs[at[0] : at[1]]), (found[1], ours[at[2] : at[3]])):
            if text:
                parts.append((text, tag != "equal"))
    return found


def marked(pairs: Letters, side: int, tag: str) -> SafeString:
    """One side of compared() as HTML, a line each, with the letters that differ in that element."""
    made = [
        format_html_join(
            "", "{}", ((_part(text, tag) if odd else text,) for text, odd in pair[side])
        )
        for pair in pairs
    ]
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in made))


def _part(text: str, tag: str) -> SafeString:
    return format_html("<{}>{}</{}>", mark_safe(tag), text, mark_safe(tag))  # noqa: S308  ours


def corrections(pairs: Letters) -> int:
    """How many places of what was typed were corrected."""
    return sum(max(sum(odd for _, odd in side) for side in pair) for pair in pairs)


def default_caller_id(account: Account) -> str:
    """The ten digits that calls without a number of their own show; "" where that isn't known."""
    profile = getattr(account, "profile", None)
    digits = "".join(filter(str.isdigit, profile.caller_id)) if profile else ""
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 else ""


def is_service_off(account: Account) -> bool:
    """Whether VoiceTel said that the account has no 911 service."""
    profile = getattr(account, "profile", None)
    return profile is not None and profile.services.get("e911") is False


@dataclass(frozen=True, slots=True)
class Exposed:
    """The default caller ID without an address. own: it's a number of this account."""

    number: str
    own: bool
    known: bool


def exposed_caller_id(account: Account) -> Exposed | None:
    """The default caller ID, when no record of it is shown. Two queries at most."""
    if not (number := default_caller_id(account)):
        return None
    record = Record.objects.of(account).filter(number=number).first()
    if record and record.standing in (Standing.PROTECTED, Standing.SAID):
        return None
    own = record is not None or Number.objects.of(account).filter(number=number).exists()
    return Exposed(number, own, known=record is not None and record.standing == Standing.NONE)
