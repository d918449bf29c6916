"""Questions to VoiceTel's inventory. Answers are kept for ten minutes, as VoiceTel keeps them.

A worker asks; the page waits a second at most and then looks again. One question is asked once,
however many pages want it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import structlog

from apps.accounts import access
from apps.accounts.models import Account
from apps.numbers.models import Asked
from apps.running import broker
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.errors import VoiceTelError

log = structlog.get_logger("numbers")
KEPT: Final = timedelta(minutes=10)  # VoiceTel's own cache keeps an answer as long
HELD: Final = timedelta(seconds=40)  # a try that has not ended by then never will
FORGOTTEN: Final = timedelta(days=1)
PATIENCE: Final = 1.0  # seconds that a page waits for an answer
BEHIND: Final = 10.0  # seconds that a part of a page waits, which nobody sees waiting
AT_ONCE: Final = 4  # questions of one page under way
STEP: Final = 0.05  # seconds between two looks at the row
SEARCH, COVERAGE = "inventorySearch", "inventoryCoverage"
MOST = 1000  # numbers an answer, at most


@dataclass(frozen=True, slots=True)
class Question:
    """An operation with its arguments by the document's names, without the empty ones."""

    operation: str
    arguments: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, operation: str, **arguments: str) -> "Question":
        given = {name: value for name, value in arguments.items() if value}
        return cls(operation, tuple(sorted(given.items())))

    @property
    def text(self) -> str:
        return urlencode(self.arguments)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a question. rows: of the last answer, as VoiceTel told them. read_at: when
    that came; None: never. waits: one is under way or about to be. failed: why the last try told
    nothing, in words.
    """

    question: Question
    rows: list[dict[str, Any]] = field(default_factory=list)
    read_at: datetime | None = None
    waits: bool = False
    failed: str = ""


def ask(
    account: Account,
    questions: Sequence[Question],
    *,
    seconds: float = PATIENCE,
    again: bool = False,
) -> list[Answer]:
    """The answers, in the order of the questions, with at most that many seconds of waiting.

    What is older than ten minutes is asked for, four at a time; so is everything where a person
    wants it read again.
    """
    until = time.monotonic() + seconds
    rows = _rows(account, questions)
    now = clock.about_now()
    wanted = [row for row in rows if _is_due(row, now, again=again)]
    under_way = sum(_is_held(row, now) for row in rows)
    sent = [row.pk for row in wanted[: max(0, AT_ONCE - under_way)] if _begin(row, now)]
    for pk in sent:
        if not broker.send("numbers.ask", pk, queue="now"):
            read(pk, until - time.monotonic())  # nobody else will: the sweep of a day is too late
    waiting = bool(under_way or sent)
    rows = _rows(account, questions)
    while waiting and time.monotonic() < until:
        if not any(_is_held(row, clock.about_now()) for row in rows):
            break
        time.sleep(STEP)
        rows = _rows(account, questions)
    left = {row.pk for row in wanted[max(0, AT_ONCE - under_way) :]}
    return [
        _answer(question, row, row.pk in left)
        for question, row in zip(questions, rows, strict=True)
    ]


def read(pk: int, seconds: float = 30.0) -> None:
    """Ask VoiceTel one question and keep the answer, or why there is none."""
    row = Asked.objects.across_accounts().select_related("account").get(pk=pk)
    try:
        client = access.client_for(row.account)
        client.transport.seconds = max(0.05, min(seconds, 30.0))
        told = _call(client, row.operation, dict(parse_qsl(row.question)))
    except VoiceTelError as error:
        log.warning("the inventory was not read", asked=row.pk, why=type(error).__name__)
        _keep(row, failed=str(error)[:300])
        return
    _keep(row, answer=told, read_at=clock.now(), failed="")


def find(account: Account, questions: Sequence[Question]) -> list[Answer]:
    """What is kept of these questions; nothing is asked. One query."""
    texts = [each.text for each in questions]
    found = {
        (row.operation, row.question): row
        for row in Asked.objects.of(account).filter(question__in=texts)
    }
    return [
        _answer(each, row, False)
        if (row := found.get((each.operation, each.text)))
        else Answer(each)
        for each in questions
    ]


def forget() -> None:
    """Take away what nobody asked for during a day."""
    Asked.objects.across_accounts().filter(asked_at__lt=clock.about_now() - FORGOTTEN).delete()


def _rows(account: Account, questions: Sequence[Question]) -> list[Asked]:
    """The rows of the questions, in their order; those that were never asked are made."""
    texts = [each.text for each in questions]

    def known() -> dict[tuple[str, str], Asked]:
        rows = Asked.objects.of(account).filter(question__in=texts)
        return {(row.operation, row.question): row for row in rows}

    found = known()
    missing = [each for each in questions if (each.operation, each.text) not in found]
    if missing:
        never = clock.about_now() - FORGOTTEN / 2
        Asked.objects.of(account).bulk_create(
            [
                Asked(
                    account=account,
                    operation=each.operation,
                    question=each.text,
                    asked_at=never,
                )
                for each in missing
            ],
            ignore_conflicts=True,
        )
        found = known()
    return [found[each.operation, each.text] for each in questions]


def _is_held(row: Asked, now: datetime) -> bool:
    """Whether a try is under way."""
    ended = bool(row.failed) or (row.read_at is not None and row.read_at >= row.asked_at)
    return not ended and now - row.asked_at < HELD


def _is_due(row: Asked, now: datetime, *, again: bool) -> bool:
    if _is_held(row, now):
        return False
    if again or row.failed:
        return True
    return row.read_at is None or now - row.read_at >= KEPT


def _begin(row: Asked, now: datetime) -> bool:
    """Take the question; of several pages one does."""
    mine = Asked.objects.across_accounts().filter(pk=row.pk, asked_at=row.asked_at)
    return mine.update(asked_at=now, failed="") == 1


def _keep(row: Asked, **values: Any) -> None:
    Asked.objects.across_accounts().filter(pk=row.pk).update(**values)


def _answer(question: Question, row: Asked, left: bool) -> Answer:
    waits = left or _is_held(row, clock.about_now())
    return Answer(question, row.answer, row.read_at, waits, row.failed)


def _call(client: Client, operation: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of one answer, as JSON values. Raises what the client raises."""
    lata = int(asked["lata"]) if "lata" in asked else None
    if operation == SEARCH:
        offers = client.inventory.search(
            asked["tnMask"],
            quantity=int(asked["quantity"]),
            province=asked.get("province"),
            rate_center=asked.get("rateCenter"),
            lata=lata,
        )
        return [
            {
                "number": each.number,
                "city": each.city[:80],
                "state": each.province[:4],
                "rate_center": each.rate_center[:40],
                "lata": str(each.lata or "")[:8],
            }
            for each in offers
            if len(each.number) == 10 and each.number.isascii() and each.number.isdigit()
        ]
    buckets = client.inventory.coverage(
        asked["countBy"],
        state=asked.get("locState"),
        city=asked.get("city"),
        rate_center=asked.get("rcAbbre"),
        npa=asked.get("npa"),
        lata=lata,
    )
    return [
        {
            "count": each.count,
            "state": (each.loc_state or "")[:4],
            "city": (each.city or "")[:80],
            "rate_center": (each.rc_abbre or "")[:40],
            "npa": str(each.npa or "")[:3],
            "nxx": str(each.nxx or "")[:3],
            "block": str(each.block or "")[:7],
        }
        for each in buckets
    ]
