"""Where people choose what to do with things that they selected, by the kind of thing."""

from apps.registry import Registry

# Thing.name: the address, with {} for the draft's primary key; the domain's words.py adds its own
CHOOSERS = Registry[str]("chooser")
