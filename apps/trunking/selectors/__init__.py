"""What the pages of a trunk show, from our own rows."""

from apps.trunking.selectors.collected import find, needs
from apps.trunking.selectors.judging import headline, judge
from apps.trunking.selectors.standing import (
    POLLS,
    Standing,
    count_routes,
    find_reading,
    find_standing,
    reading_is_old,
    registration_is_old,
    routes_of,
    setup_of,
)

__all__ = [
    "POLLS",
    "Standing",
    "count_routes",
    "find",
    "find_reading",
    "find_standing",
    "headline",
    "judge",
    "needs",
    "reading_is_old",
    "registration_is_old",
    "routes_of",
    "setup_of",
]
