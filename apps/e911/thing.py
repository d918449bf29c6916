"""A number's 911 address, as changes and links know it."""

from apps.e911.models import E911
from apps.numbers.thing import NUMBER
from apps.things import Thing
from apps.ui.format import phone

ADDRESS = Thing(E911, "911 address", phone, "/e911/{}/".format, NUMBER.named)
