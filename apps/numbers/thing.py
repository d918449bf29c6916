"""A number, as changes and links know it."""

from apps.things import Thing
from apps.ui.format import phone

NUMBER = Thing("number", "Number", phone, "/numbers/{}/".format)
