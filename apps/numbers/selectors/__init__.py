"""What is read here: one page of the list, and one number.

Rows come ready to be shown.
"""

from apps.numbers.selectors.frame import Held, held, list_kinds, list_state
from apps.numbers.selectors.listing import Listing, list_all, list_numbers
from apps.numbers.selectors.one import (
    DetailAge,
    NoSuchNumber,
    asks,
    detail_age,
    find_route_name,
    forward_of,
    get_number,
    list_recent,
    list_routes,
    route_of,
    shown,
    ten_digits,
)

__all__ = [
    "DetailAge",
    "Held",
    "Listing",
    "NoSuchNumber",
    "asks",
    "detail_age",
    "find_route_name",
    "forward_of",
    "get_number",
    "held",
    "list_all",
    "list_kinds",
    "list_numbers",
    "list_recent",
    "list_routes",
    "list_state",
    "route_of",
    "shown",
    "ten_digits",
]
