"""Messages: sending, history, receipts."""

import hashlib
import math
from typing import Any
from urllib.parse import urlsplit

from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Message, Number
from apps.sandbox.rules import TEN_DIGITS, Asked, Refusal
from apps.sandbox.wire import dollars
from apps.sandbox.world import campaigns, charges

SEGMENT = 160  # as the document says, whatever the alphabet
LONGEST = 1600
OPTED_OUT, NEVER_DELIVERED = "98", "97"  # endings of recipients (docs/provider.md, endings)
ANSWERS, STOPS = "5550195", "5550194"
DAY = 86_400.0


def may_send(number: Number, at: float) -> bool:
    """An inbound route and an accepted campaign."""
    if not number.route_in or not number.campaign:
        return False
    campaign = campaigns.of(number.account, number.campaign)
    return campaign is not None and campaigns.status(campaign, at) == campaigns.ACCEPTED


@plays("messageSend")
def send(asked: Asked) -> dict[str, Any]:
    source, target = asked.ten_digits("fromNumber"), asked.ten_digits("toNumber")
    text, subject, media = (
        asked.text("text", most=LONGEST),
        asked.maybe_text("subject", most=200),
        _media(asked),
    )
    kind = "mms" if media else "sms"
    number = Number.objects.filter(pk=source, account=asked.account.pk).first()
    if number is None:
        raise Refusal(403, "Source number is not on the authenticated account")
    if not asked.account.services.get(kind):
        raise Refusal(409, f"{kind.upper()} is not enabled on this account")
    if not may_send(number, asked.at):
        raise Refusal(409, "Messaging is not enabled on this number")
    if target.endswith(OPTED_OUT) or _has_stopped(source, target, asked.at):
        raise Refusal(409, "Recipient has opted out")
    parts = 1 if media else math.ceil(len(text) / SEGMENT)
    price = asked.account.rates[kind] * parts
    charges.afford(asked, price, "Insufficient funds to send")
    charges.take(asked, price, target)
    place = Message.objects.count()
    row_id = hashlib.sha1(
        f"{source} {target} {asked.at} {place}".encode(), usedforsecurity=False
    ).hexdigest()
    receipt = (
        0 if target.endswith(NEVER_DELIVERED) else int(asked.at) + 5 + int(row_id[:4], 16) % 200
    )
    row = Message(
        id=row_id,
        account=asked.account.pk,
        number=source,
        far=target,
        direction="out",
        type=kind,
        text=text,
        rate=price,
        at=int(asked.at),
        receipt_at=receipt,
    )
    row.save()
    if receipt:
        _arrive(row)
    _answer(row)
    return {
        "id": row_id,
        "fromNumber": source,
        "toNumber": target,
        "type": kind,
        "parts": parts,
        "subject": subject,
        "mediaUrls": media,
    }


def _has_stopped(source: str, target: str, at: float) -> bool:
    """Whether the target's last word to that number by then was STOP."""
    heard = Message.objects.filter(number=source, far=target, direction="in", at__lte=int(at))
    last = heard.filter(text__in=["STOP", "START"]).order_by("-at").first()
    return last is not None and last.text == "STOP"


def _answer(sent: Message) -> None:
    """Some far ends write back within two minutes (docs/provider.md, endings)."""
    said = {ANSWERS: "Thank you, got it.", STOPS: "STOP"}.get(sent.far[-7:])
    if said:
        Message.objects.create(
            id=identifier("answer", sent.pk),
            account=sent.account,
            number=sent.number,
            far=sent.far,
            direction="in",
            type="sms",
            text=said,
            rate=0,
            at=sent.at + 20 + int(sent.pk[:4], 16) % 90,
        )


def _media(asked: Asked) -> list[str]:
    media = asked.body.get("mediaUrls", [])
    media = [] if media is None else media
    if not isinstance(media, list) or not all(_is_address(url) for url in media) or len(media) > 10:
        raise Refusal(400, "Field Invalid: mediaUrls (publicly reachable URLs)")
    return media


def _is_address(url: Any) -> bool:
    try:
        return (
            isinstance(url, str)
            and urlsplit(url).scheme in {"http", "https"}
            and bool(urlsplit(url).hostname)
        )
    except ValueError:
        return False


def _arrive(sent: Message) -> None:
    """A number of this provider with an inbound route sees it come in."""
    there = Number.objects.filter(pk=sent.far).exclude(route_in=0).first()
    if there:
        Message.objects.create(
            id=hashlib.sha1(f"in {sent.pk}".encode(), usedforsecurity=False).hexdigest(),
            account=there.account,
            number=there.pk,
            far=sent.number,
            direction="in",
            type=sent.type,
            text=sent.text,
            rate=0,
            at=sent.at,
        )


@plays("messageHistory")
def history(asked: Asked) -> dict[str, Any]:
    """Newest first; both ends belong to the range. from is the newer end."""
    kind, number = asked.query.get("type", "sms"), asked.query.get("number", "")
    if kind not in {"sms", "mms", "dlr"}:
        raise Refusal(400, "Invalid type: sms, mms or dlr")
    if not TEN_DIGITS.fullmatch(number):
        raise Refusal(400, "Field Required: number (ten-digit telephone number)")
    newest, oldest = asked.unix("from", asked.at), asked.unix("to", asked.at - DAY)
    if not Number.objects.filter(pk=number, account=asked.account.pk).exists():
        raise Refusal(403, "Number is not on the authenticated account")
    rows = Message.objects.filter(account=asked.account.pk, number=number)
    if kind == "dlr":
        seen = rows.filter(
            direction="out",
            receipt_at__gt=0,
            receipt_at__lte=min(newest, int(asked.at)),
            receipt_at__gte=oldest,
        )
        messages = [_receipt(row) for row in seen.order_by("-receipt_at", "id")]
    else:
        messages = [
            _record(row)
            for row in rows.filter(type=kind, at__lte=newest, at__gte=oldest).order_by("-at", "id")
        ]
    return {"type": kind, "number": number, "fromTs": newest, "toTs": oldest, "messages": messages}


def _record(row: Message) -> dict[str, Any]:
    """As the document has it: the key's number is the destination. The id is the record's, another
    one than the sending's.
    """
    source, target = (row.number, row.far) if row.direction == "out" else (row.far, row.number)
    return {
        "id": identifier("record", row.pk),
        "key": [target, row.at],
        "value": {
            "direction": row.direction,
            "number": int(row.far),
            "message": row.text,
            "rate": str(dollars(row.rate)),
            "sourceNumber": source,
            "destinationNumber": target,
        },
    }


def _receipt(row: Message) -> dict[str, Any]:
    """A receipt has an id of its own, its two ends and no status: that it is there says that the
    message arrived.
    """
    return {
        "id": identifier("receipt", row.pk),
        "key": [row.account, f"1{row.number}", row.receipt_at],
        "value": {"sourceNumber": row.number, "destinationNumber": row.far},
    }


def identifier(kind: str, pk: str) -> str:
    """40 hex digits."""
    return hashlib.sha1(f"{kind} {pk}".encode(), usedforsecurity=False).hexdigest()
