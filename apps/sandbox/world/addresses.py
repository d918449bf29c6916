"""Which network addresses the provider takes: public IPv4, plus the documentation ranges that its
own examples use.
"""

import ipaddress
import re

# What the registries keep off the public internet, but for the documentation ranges.
RESERVED = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE | re.ASCII
)
NEVER_PUBLIC = (".local", ".localhost", ".internal", ".invalid", ".lan")


def routable(network: ipaddress.IPv4Network) -> bool:
    """Is every address of it on the public internet (as far as the registries say)?"""
    return not any(network.overlaps(reserved) for reserved in RESERVED)


def is_public_ip(text: str) -> bool:
    try:
        return routable(ipaddress.IPv4Network(f"{text}/32"))
    except ValueError:
        return False


def is_public_host(text: str) -> bool:
    """An address, or a name that could resolve to one.

    No name is looked up: the sandbox asks nobody.
    """
    if re.fullmatch(r"[\d.]+", text, re.ASCII):
        return is_public_ip(text)
    return HOST.fullmatch(text) is not None and not text.lower().endswith(NEVER_PUBLIC)


def is_gateway(text: str) -> bool:
    """host or host:port."""
    host, colon, port = text.partition(":")
    if colon and not (re.fullmatch(r"\d{1,5}", port, re.ASCII) and 0 < int(port) < 65_536):
        return False
    return is_public_host(host)
