"""What is read here: one page of the list, one number, the age of the copy.

Rows come ready to be shown.
"""

from apps.numbers.selectors.copies import Age, age_of, find_copy
from apps.numbers.selectors.frame import Held, list_kinds, list_state
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
    "Age",
    "DetailAge",
    "Held",
    "Listing",
    "NoSuchNumber",
    "age_of",
    "asks",
    "detail_age",
    "find_copy",
    "find_route_name",
    "forward_of",
    "get_number",
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
