"""When a person last proved who they are in this session, as submit() wants to know it."""

from datetime import UTC, datetime

from django.http import HttpRequest

from apps.accounts.signing_in.sessions import proved_at


def signed_in_at(request: HttpRequest) -> datetime | None:
    """The last sign-in or confirmation of this session, with the second factor where the person has
    one; None without one.
    """
    at = proved_at(request)
    return None if at is None else datetime.fromtimestamp(at, UTC)
