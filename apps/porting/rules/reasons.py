"""Why losing carriers decline an order, as far as it is known: what it means, who can tell, which
fields to correct. Advice beside VoiceTel's own words, which are always quoted; it moves no port.
"""

import re
from dataclasses import dataclass

from apps.text import folded


@dataclass(frozen=True, slots=True)
class Reason:
    """words: a message that holds all words of one of these. fields: of the bill, to look at."""

    name: str
    words: tuple[str, ...]
    meaning: str
    call: str
    fields: tuple[str, ...] = ()


ADDRESS = ("street", "unit", "city", "state", "zip")
SERVICE = "Call the old carrier, at the number on your bill. Ask for"
REASONS = (
    Reason("Account number", ("account number", "acct number", "account mismatch", "ban mismatch"),
        "The account number isn't the one that the carrier has for these numbers.",
        f"{SERVICE} the account number on the service record (CSR).", ("account_number",)),
    Reason("Transfer PIN", ("pin", "passcode", "password mismatch"),
        "The transfer PIN is missing, wrong, or too old.",
        f"{SERVICE} a new transfer PIN.", ("pin",)),
    Reason("Service address", ("service address", "address mismatch", "invalid address"),
        "The carrier compares every letter with the place where the lines are, not with your"
        " mailing address. Most often the suite or floor is missing.",
        f"{SERVICE} the service address on the service record (CSR).", ADDRESS),
    Reason("ZIP code", ("zip mismatch", "zip code", "postal code"),
        "The ZIP code isn't the one of the service address.",
        f"{SERVICE} the ZIP code of the service address.", ("zip",)),
    Reason("Name", ("name mismatch", "end user name", "customer name", "business name"),
        "The name isn't written as the carrier has it.",
        f"{SERVICE} the exact name on the account.", ("name",)),
    Reason("Billing number", ("btn", "billing telephone", "billing number"),
        "The billing number isn't the account's main number.",
        f"{SERVICE} the billing telephone number (BTN).", ("billing_number",)),
    Reason("Authorized person", ("not authorized", "unauthorized", "authorized signer"),
        "The person who signed may not act for the account.",
        f"{SERVICE} who is authorized, or have yourself added.", ("authorized_by",)),
    Reason("Pending order", ("pending order", "open order", "order pending", "pending service"),
        "The carrier has another order open for these numbers.",
        f"{SERVICE} the open order to be completed or canceled."),
    Reason("Freeze", ("port freeze", "frozen", "port protection", "number lock", "locked"),
        "The numbers are protected against being moved.",
        f"{SERVICE} the port protection to be lifted."),
    Reason("Not on this account", ("not on account", "different account", "not found", "tn not"),
        "Some numbers belong to another account, or aren't this carrier's.",
        f"{SERVICE} the account that each number is on.", ("account_number",)),
    Reason("Disconnected", ("disconnected", "inactive", "not active", "not in service"),
        "A number isn't in service anymore. Only active numbers can be moved.",
        f"{SERVICE} the number to be put back in service."),
    Reason("Partial port", ("partial port", "remaining numbers", "partial migration"),
        "Only some numbers of the account move, and the carrier wants to know what happens to the"
        " rest.",
        "Say in the comment which number the account keeps as its billing number."),
    Reason("Balance owed", ("balance owed", "outstanding balance", "past due", "unpaid"),
        "The old account has an unpaid balance.",
        f"{SERVICE} what is owed, and pay it."),
    Reason("Suspended", ("suspended",),
        "The numbers are suspended, and must be active to be moved.",
        f"{SERVICE} the numbers to be put back in service."),
    Reason("Letter or bill", ("loa", "letter of authorization", "invoice", "bill copy"),
        "The letter or the bill isn't complete, signed, or recent enough.",
        "Upload a signed letter with a bill of the last 30 days again."),
)  # fmt: skip
PUNCTUATION = re.compile(r"[^\w\s]")


def find_reason(words: str) -> Reason | None:
    """What is known of a rejection with those words; None where nothing is."""
    said = f" {' '.join(PUNCTUATION.sub(' ', folded(words)).split())} "
    return next(
        (each for each in REASONS if any(f" {phrase} " in said for phrase in each.words)), None
    )
