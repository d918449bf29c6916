"""Answers of the two lookups that charge."""

from apps.voicetel.client.records.base import Record, Text


class CallerId(Record, frozen=True):
    """cnamLookup. `cnam`: the registered name."""

    number: str = ""
    cnam: str | None = None


class Lrn(Record, frozen=True):
    """`rc`: rate center; `lec`: carrier; `jurisdiction`: between caller and called."""

    lrn: Text | None = None
    lec: str | None = None
    lec_type: str | None = None
    ocn: Text | None = None
    lata: Text | None = None
    rc: str | None = None
    city: str | None = None
    state: str | None = None
    jurisdiction: str | None = None
    local: Text | None = None


class Routing(Record, frozen=True):
    """lrnLookup."""

    lrn: Lrn
    destination: str = ""
    ani: str = ""
