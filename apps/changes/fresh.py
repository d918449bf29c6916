"""When a person last proved who they are in this session."""

from datetime import UTC, datetime

from django.http import HttpRequest

from apps.accounts import sessions


def signed_in_at(request: HttpRequest) -> datetime | None:
    """The last sign-in, or re-authentication, with the second factor where one is set; None without one."""
    at = sessions.proved_at(request)
    return datetime.fromtimestamp(at, UTC) if at else None
