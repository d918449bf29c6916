"""What is read here: one page of the list, and one number.

Rows come ready to be shown.
"""

from apps.numbers.selectors.collected import find, needs
from apps.numbers.selectors.frame import Held, held, labeled, list_kinds, list_state
from apps.numbers.selectors.listing import Listing, list_all, list_numbers
from apps.numbers.selectors.one import (
    DetailAge,
    NoSuchNumber,
    detail_age,
    find_route_name,
    get_number,
    list_routes,
    shown,
    ten_digits,
)

__all__ = [
    "DetailAge",
    "Held",
    "Listing",
    "NoSuchNumber",
    "detail_age",
    "find",
    "find_route_name",
    "get_number",
    "held",
    "labeled",
    "list_all",
    "list_kinds",
    "list_numbers",
    "list_routes",
    "list_state",
    "needs",
    "shown",
    "ten_digits",
]
