"""When a person last proved who they are in this session."""

from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest


def signed_in_at(request: HttpRequest) -> datetime | None:
    """The last sign-in, second factor or re-authentication that allauth noted in the session; None without one."""
    moments = [record.get("at") for record in get_authentication_records(request)]
    known = [float(at) for at in moments if isinstance(at, int | float)]
    return datetime.fromtimestamp(max(known), UTC) if known else None
