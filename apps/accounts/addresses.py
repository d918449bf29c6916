"""Where a request comes from, and where a person may be sent on to."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def client_address(request: HttpRequest) -> str:
    """The address of the browser. X-Forwarded-For counts only as far as TRUSTED_PROXIES wrote it:
    read from the right, the first address that is not one of them."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not _trusted(peer):
        return peer
    for hop in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        address = hop.strip()
        if _parsed(address) is None:
            return peer  # not an address: nobody may choose a name of their own
        if not _trusted(address):
            return address
        peer = address
    return peer


def network(address: str) -> str:
    """What one attacker holds: an IPv4 address, or the /64 of an IPv6 one."""
    found = _parsed(address)
    if found is None:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def wide_network(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: what newcomers share tries
    and turns by.
    """
    found = _parsed(address)
    if found is None:
        return "unknown"
    return str(ip_network(f"{found}/{48 if found.version == 6 else 24}", strict=False))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """None: it is none. ::ffff:192.0.2.1, as a socket for both kinds writes it, is 192.0.2.1; else
    all of IPv4 were one network.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _trusted(address: str) -> bool:
    found = _parsed(address)
    return found is not None and any(
        found in proxies for proxies in _proxies(tuple(settings.TRUSTED_PROXIES))
    )


@lru_cache(maxsize=4)
def _proxies(listed: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each, strict=False) for each in listed)


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
