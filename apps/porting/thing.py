"""A port, and an order for one, as changes and links know them."""

from apps.things import Thing

PORT = Thing("port", "Port", "Port {}".format, "/porting/{}/".format)
# Its subject is our own group's primary key: there is no port yet.
ORDER = Thing("port_order", "Port order", "Port order {}".format, "/porting/orders/{}/".format)
