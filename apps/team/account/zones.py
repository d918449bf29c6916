"""Time zones as people choose them: those of North America by their everyday names, then all."""

from functools import cache
from zoneinfo import available_timezones

HERE = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico",
    "America/Halifax": "Atlantic Time",
    "America/St_Johns": "Newfoundland",
}
# the kinds of names that are places; the others repeat them
AREAS = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def words_of(zone: str) -> str:
    """A zone in words: "Eastern Time (New York)"; one that we have no name for: "Paris, Europe"."""
    area, _, city = zone.rpartition("/")
    city = city.replace("_", " ")
    if zone in HERE:
        return HERE[zone] if HERE[zone] == city else f"{HERE[zone]} ({city})"
    return f"{city}, {area.replace('_', ' ')}" if area else zone


@cache
def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, [(IANA name, words)]) for a select."""
    rest = sorted(
        zone for zone in available_timezones() if zone.startswith(AREAS) and zone not in HERE
    )
    return [
        ("United States and Canada", [(zone, words_of(zone)) for zone in HERE]),
        ("Elsewhere", [(zone, words_of(zone)) for zone in ["UTC", *rest]]),
    ]
