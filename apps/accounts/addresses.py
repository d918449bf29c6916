"""The networks that tries are counted by, and the paths a person may be sent on to."""

from ipaddress import ip_network

from django.utils.http import url_has_allowed_host_and_scheme

from apps.proxies import read_address


def network(address: str) -> str:
    """What one attacker holds: an IPv4 address, or the /64 of an IPv6 one."""
    found = read_address(address)
    if found is None:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def wide_network(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: what newcomers share tries
    and turns by.
    """
    found = read_address(address)
    if found is None:
        return "unknown"
    return str(ip_network(f"{found}/{48 if found.version == 6 else 24}", strict=False))


def own_path(url: str | None) -> str:
    """`url` when it is a path of this portal, else "": no redirect ever leaves for another host."""
    url = url or ""
    plain = (
        url.startswith("/")
        and not url.startswith(("//", "/\\"))
        and url.isprintable()
        and "\\" not in url
    )
    return url if plain and url_has_allowed_host_and_scheme(url, allowed_hosts=set()) else ""
