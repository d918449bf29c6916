"""What VoiceTel's document says of the numbers of an order."""

from apps.money import MICRO

FEE = 6 * MICRO  # micro-dollars a number: portSubmit "deducts $6 per TN"
# They go another way than all others, and are never in one order with them.
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")


def is_toll_free(number: str) -> bool:
    return number.startswith(TOLL_FREE)
