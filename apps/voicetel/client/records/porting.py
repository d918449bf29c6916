"""Answers about numbers that come from another carrier."""

from datetime import UTC, date, datetime

from apps.voicetel.client.records.base import Moment, Record, Text


def day(text: str | None) -> date | None:
    """A date written YYYYMMDD; None for anything else, since these are typed by people."""
    try:
        return datetime.strptime(text or "", "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


class Port(Record, frozen=True):
    """A row of portList.

    `id`: 40 hex; `pid`: five characters, what portGet takes; `status`, `message`: free text; `foc`:
    YYYYMMDD.
    """

    pid: str
    status: str
    id: str = ""
    created_at: Moment | None = None
    foc: Text | None = None
    message: str | None = None
    support_url: str | None = None

    @property
    def foc_date(self) -> date | None:
        """The day the losing carrier committed to."""
        return day(self.foc)


class Ports(Record, frozen=True):
    """portList, newest first."""

    ports: list[Port]


class PortDetail(Record, frozen=True):
    """portGet: the list's row with the numbers, without the link to its ticket."""

    pid: str
    status: str
    numbers: tuple[str, ...] = ()
    id: str = ""
    created_at: Moment | None = None
    foc: Text | None = None
    message: str | None = None
    name: str | None = None
    email: str | None = None

    @property
    def foc_date(self) -> date | None:
        return day(self.foc)


class OnePort(Record, frozen=True):
    """portGet."""

    port: PortDetail


class Submitted(Record, frozen=True):
    """portSubmit: the links and the ticket come here and never again."""

    pid: str
    loa_url: str | None = None
    port_url: str | None = None
    ticket: int | None = None
    message: str | None = None


class Availability(Record, frozen=True):
    """portAvailability.

    A True `portable` allows portSubmit for an hour. `losing_carrier` may be None: a group of its
    own.
    """

    number: str
    portable: bool
    reason: str | None = None
    losing_carrier: str | None = None
    rate_center_tier: Text | None = None
    local_routing_number: Text | None = None
