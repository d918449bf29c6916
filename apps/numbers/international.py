"""What costs more than a US call although it has ten digits: countries that share the US numbering
plan, premium lines, and codes without a place. Data of our own, from the North American Numbering
Plan Administrator's lists.
"""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from apps.ui.format import phone

ABROAD = {
    "242": "the Bahamas",
    "246": "Barbados",
    "264": "Anguilla",
    "268": "Antigua and Barbuda",
    "284": "the British Virgin Islands",
    "345": "the Cayman Islands",
    "441": "Bermuda",
    "473": "Grenada",
    "649": "the Turks and Caicos Islands",
    "658": "Jamaica",
    "664": "Montserrat",
    "721": "Sint Maarten",
    "758": "Saint Lucia",
    "767": "Dominica",
    "784": "Saint Vincent and the Grenadines",
    "809": "the Dominican Republic",
    "829": "the Dominican Republic",
    "849": "the Dominican Republic",
    "868": "Trinidad and Tobago",
    "869": "Saint Kitts and Nevis",
    "876": "Jamaica",
}
# US territories that carriers bill above the rate of the states.
PACIFIC = {"670": "the Northern Mariana Islands", "671": "Guam", "684": "American Samoa"}
FOLLOW_ME = frozenset(
    {"500", "521", "522", "523", "524", "525", "526", "527"}
    | {"528", "529", "532", "533", "544", "566", "577", "588"}
)
CANADIAN = frozenset({"600", "622", "633", "644", "655", "677", "688"})  # satellites among them
PREMIUM_AREA, PREMIUM_EXCHANGE = "900", "976"
CARRIERS = "700"
TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
DIRECTORY = "5551212"
AREAS = frozenset({*ABROAD, *PACIFIC, *FOLLOW_ME, *CANADIAN, PREMIUM_AREA, CARRIERS})
# the US with its territories, and Canada
HOME = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})


@dataclass(frozen=True, slots=True)
class Dear:
    """Where calls to a number go that cost more. place: after "to": "Jamaica". flag: in a word or
    two. why: a sentence for the person who asks for it. international: it is in another country.
    """

    place: str
    flag: str
    why: str
    international: bool = False


@lru_cache(maxsize=4096)
def dear(number: str) -> Dear | None:
    """Why calls to these ten digits cost more than a US call; None where they don't."""
    area, exchange = number[:3], number[3:6]
    if place := ABROAD.get(area):
        why = f"({area}) is {place}, so forwarded calls are billed at international rates."
        return Dear(place, place.removeprefix("the "), why, international=True)
    if place := PACIFIC.get(area):
        why = f"({area}) is {place}, so forwarded calls can be billed above your US rate."
        return Dear(place, place.removeprefix("the "), why)
    if area == PREMIUM_AREA or (exchange == PREMIUM_EXCHANGE and area not in TOLL_FREE):
        why = "This is a premium line that bills every minute, often several dollars."
        return Dear("a premium line", "Premium line", why)
    if area in FOLLOW_ME or area in CANADIAN or area == CARRIERS:
        why = f"({area}) belongs to no place, so forwarded calls can be billed at premium rates."
        return Dear(f"a {area} number", f"{area} number", why)
    if number[3:] == DIRECTORY and area not in TOLL_FREE:
        why = "This is directory assistance, which bills every call."
        return Dear("directory assistance", "Directory assistance", why)
    if not _is_home(number):
        why = f"We don't know the area code {area}, so forwarded calls can fail or cost more."
        return Dear(f"area code {area}", f"Area code {area}", why)
    return None


def shown(number: str) -> str:
    """The number as people read it, with its place where calls to it cost more."""
    found = dear(number)
    return f"{phone(number)} ({found.flag})" if found else phone(number)


def _is_home(number: str) -> bool:
    if number[:3] in TOLL_FREE:
        return True
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.region_code_for_number(parsed) in HOME
