"""What is read here: one page of the list, one number, the age of the copy. Rows come ready to be shown."""

from apps.numbers.selectors.copies import Age, age_of, find_copy
from apps.numbers.selectors.listing import Listing, list_numbers, list_state
from apps.numbers.selectors.one import detail_panel, find_route_name, forward_of, get_number, list_routes, route_of

__all__ = [
    "Age",
    "Listing",
    "age_of",
    "detail_panel",
    "find_copy",
    "find_route_name",
    "forward_of",
    "get_number",
    "list_numbers",
    "list_routes",
    "list_state",
    "route_of",
]
