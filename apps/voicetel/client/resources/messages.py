"""Messages: sending one, and the history of a number."""

from collections.abc import Sequence
from datetime import datetime

from apps.voicetel.client import checks
from apps.voicetel.client.records.messaging import History, SentMessage
from apps.voicetel.client.resources.base import Resource

TYPES = ("sms", "mms", "dlr")


class MessagesResource(Resource):
    def history(
        self,
        number: str,
        kind: str = "sms",
        newest: datetime | None = None,
        oldest: datetime | None = None,
    ) -> History:
        """messageHistory of one number: sms, mms or dlr (receipts) between two aware moments, both
        included; default: the last day.
        """
        checks.refuse(number=checks.number(number), kind=checks.one_of(kind, "The kind", TYPES))
        query = {"number": number, "type": kind} | checks.span(newest, oldest, "from", "to")
        return self._call("messageHistory", History, query=query)

    def send(
        self,
        from_number: str,
        to_number: str,
        text: str,
        *,
        media: Sequence[str] = (),
        subject: str | None = None,
    ) -> SentMessage:
        """messageSend: an SMS, or with media (web addresses) an MMS. Charges; not idempotent: after
        a doubt compare the history.
        """
        checks.refuse(
            from_number=checks.number(from_number),
            to_number=checks.number(to_number),
            text=checks.text(text, "The text") if media else checks.some(text, "The text"),
            media=next(
                (
                    wrong
                    for wrong in (checks.web_address(one, ("https", "http")) for one in media)
                    if wrong
                ),
                "",
            ),
            subject="Only messages with media have a subject."
            if subject is not None and not media
            else "",
        )
        checks.each({"subject": (subject, checks.some(subject, "The subject", 200))})
        body = {"fromNumber": from_number, "toNumber": to_number, "text": text}
        return self._call(
            "messageSend",
            SentMessage,
            body=body | checks.given(mediaUrls=list(media) or None, subject=subject),
        )
