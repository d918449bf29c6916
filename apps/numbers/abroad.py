"""Which ten digits cost like a call abroad: the numbering plan of the US is shared with the
Caribbean, and with premium lines.
"""

from functools import lru_cache

import phonenumbers

# the US with its territories, and Canada
HOME = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
DEAR = frozenset(
    {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
)


@lru_cache(maxsize=1024)
def is_abroad(number: str) -> bool:
    """Whether forwarding to it asks for a fresh sign-in: another region than HOME, unknown (976),
    or premium (900).
    """
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return True
    if phonenumbers.number_type(parsed) in DEAR:
        return True
    return phonenumbers.region_code_for_number(parsed) not in HOME
