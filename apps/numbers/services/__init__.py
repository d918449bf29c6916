"""What is done here: keep the copy of the provider's list, write what a change told,
save a label.
"""

from apps.numbers.services.copies import mark_due
from apps.numbers.services.refresh import (
    Outcome,
    refresh_account,
    refresh_gateways,
    refresh_numbers,
    refresh_one,
)
from apps.numbers.services.rows import label_number, write_detail, write_forward, write_route

__all__ = [
    "Outcome",
    "label_number",
    "mark_due",
    "refresh_account",
    "refresh_gateways",
    "refresh_numbers",
    "refresh_one",
    "write_detail",
    "write_forward",
    "write_route",
]
