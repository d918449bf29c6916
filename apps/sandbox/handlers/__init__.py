"""One module a resource; importing them fills the registry."""

from apps.sandbox.handlers import (
    account,
    books,
    emergency,
    gateways,
    holding,
    lookups,
    messaging,
    numbers,
    ordering,
    ports,
    registry10dlc,
    settings_of_numbers,
    tickets,
    trunking,
)
from apps.sandbox.handlers.registry import HANDLERS

__all__ = [
    "HANDLERS",
    "account",
    "books",
    "emergency",
    "gateways",
    "holding",
    "lookups",
    "messaging",
    "numbers",
    "ordering",
    "ports",
    "registry10dlc",
    "settings_of_numbers",
    "tickets",
    "trunking",
]
