"""One way to make a mail: text and HTML of the same sentences."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from apps import emails


def compose(
    to: str,
    subject: str,
    paragraphs: Sequence[str],
    path: str,
    label: str,
    *,
    why: str = "",
    choose: str = "",
    ident: str = "",
) -> EmailMultiAlternatives:
    """A mail with one link into the portal. why: a sentence under it on why it came; choose: the
    path where to switch it off.

    Raises NotAnAddress for one that mail would not reach as it is written.

    ident: names what it tells of, so that a mail sent again, after its process was killed, is the
    same mail to who receives it.
    """
    if not emails.is_mailed_as_kept(to):
        raise emails.NotAnAddress("an address that mail programs would translate is not mailed to")
    subject = " ".join(subject.split())  # a name from outside breaks no header
    context = {
        "subject": subject,
        "paragraphs": paragraphs,
        "link": settings.PORTAL_URL + path,
        "label": label,
        "why": why,
        "choose": settings.PORTAL_URL + choose if choose else "",
    }
    headers = {"Auto-Submitted": "auto-generated"} | (
        {"Message-ID": _message_id(ident)} if ident else {}
    )
    mail = EmailMultiAlternatives(
        subject, render_to_string("notifications/mail/mail.txt", context), to=[to], headers=headers
    )
    mail.attach_alternative(render_to_string("notifications/mail/mail.html", context), "text/html")
    return mail


def _message_id(ident: str) -> str:
    mark = salted_hmac("mail", ident, algorithm="sha256").hexdigest()[:24]
    return f"<{mark}@{urlsplit(settings.PORTAL_URL).hostname}>"
