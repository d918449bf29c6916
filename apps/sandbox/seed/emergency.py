"""Northwind's 911 records: nine of ten numbers, at six places in Illinois."""

from apps.sandbox.models import E911, Address, Number
from apps.sandbox.people import NORTHWIND

FIRST = 1_300_001  # VoiceTel's id of the first address
PLACES = (
    ("233 S WACKER DR", "FL 12", "CHICAGO", "60606"),
    ("1 E ERIE ST", "STE 400", "CHICAGO", "60611"),
    ("1901 N ROSELLE RD", "STE 800", "SCHAUMBURG", "60195"),
    ("120 W MADISON ST", "", "OAK PARK", "60302"),
    ("2 N RIVERSIDE PLZ", "FL 3", "AURORA", "60505"),
    ("401 E STATE ST", "RM 210", "ROCKFORD", "61104"),
)
# the one longer than VoiceTel's guide allows came in by another way
NAME, TOO_LONG = "NORTHWIND", "NORTHWIND CONTACT CENTER"


def seed() -> None:
    """Every tenth number has none; the very first has the name that is too long."""
    places = Address.objects.bulk_create(
        Address(
            pk=FIRST + place,
            address1=street,
            address2=second,
            city=city,
            state="IL",
            zip=code,
        )
        for place, (street, second, city, code) in enumerate(PLACES)
    )
    numbers = Number.objects.filter(account=NORTHWIND.username).order_by("number")
    E911.objects.bulk_create(
        E911(
            number=number,
            caller_name=NAME if place else TOO_LONG,
            address=places[place // 10 % len(places)],
        )
        for place, number in enumerate(numbers.values_list("number", flat=True))
        if place % 10 != 9
    )
