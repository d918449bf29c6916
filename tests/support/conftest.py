"""A customer whose tickets are known here, and short hands for reading the provider's side."""

from typing import Any

import pytest

from apps.copies.services import look
from apps.support import sources
from apps.support.models import Ticket
from apps.voicetel import breaker

HARBOR = "1000000001"


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    settings.REDIS_URL = ""
    breaker.forget()


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Any:
    """Harbor Dental, with its tickets read once."""
    look(cast.harbor, sources.tickets)
    return cast.harbor


@pytest.fixture
def open_one(harbor: Any) -> Ticket:
    """The ticket of Harbor's that waits for VoiceTel."""
    return Ticket.objects.of(harbor).get(subject__startswith="One-way audio")
