"""A number that was looked up, as changes and links know it."""

from apps.things import Thing
from apps.ui.format import phone

LOOKUP = Thing("lookup", "Lookup", phone, "/lookups/?number={}".format)
