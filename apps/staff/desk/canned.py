"""Answers to be used again. What stands in braces is filled in for the ticket; where nothing is
known, the braces stay and stop the sending.
"""

import re
from typing import Any

from apps.accounts.models import User
from apps.staff.models import InsideTicket, Template
from apps.voicetel import clock

NAMES = ("customer", "account", "ticket", "number", "me")
_NAME = re.compile(r"\{([a-z_]*)\}")


class Unknown(ValueError):
    """A name in braces that nothing is filled in for; the words are for people."""


def check(text: str) -> None:
    """Raises Unknown."""
    unknown = sorted({name for name in _NAME.findall(text) if name not in NAMES})
    if unknown:
        raise Unknown(
            f"Nothing is filled in for {', '.join(f'{{{name}}}' for name in unknown)}. Use"
            f" {', '.join(f'{{{name}}}' for name in NAMES)}."
        )


def save(name: str, text: str, by: User) -> None:
    """Keep a template under its name. Raises Unknown."""
    check(text)
    values = {"text": text, "by_name": str(by)[:254], "at": clock.about_now()}
    Template.objects.update_or_create(name=name, defaults=values)


def filled(text: str, row: InsideTicket, me: str) -> str:
    """A template for a ticket. A name without a value stays in its braces."""
    values: dict[str, Any] = {
        "customer": row.name or row.company,
        "account": str(row.account or ""),
        "ticket": row.number,
        "number": row.account.number if row.account else "",
        "me": me,
    }
    return _NAME.sub(lambda found: str(values.get(found[1]) or found[0]), text)


def unfilled(text: str) -> list[str]:
    """The names that a text still has in braces: "{customer}"."""
    return [f"{{{name}}}" for name in _NAME.findall(text) if name in NAMES]
