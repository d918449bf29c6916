"""The reverse proxies in front of the portal, and what they say about a request: the visitor's
address and whether the visitor came by https. Only the addresses in TRUSTED_PROXIES are believed.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.http import HttpRequest

Address = IPv4Address | IPv6Address

log = structlog.get_logger("proxies")
NOTE = "proxies.note"  # cache key: why a proxy's own address was counted for a visitor
NOTED_FOR = 24 * 3600
_logged: set[str] = set()  # the reasons that this process has put in its log


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the nearest one that no trusted proxy has. It is read from the end of
    X-Forwarded-For, or of Forwarded where the proxy writes that. The proxy's own address is the
    answer, and is reported, where its header names nobody.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not trusted(peer):
        return peer
    hops = _hops(request)
    for hop in reversed(hops):
        found = read_hop(hop)
        if found is None:
            _note("the header names no address", peer)
            return peer
        if not trusted(str(found)):
            return str(found)
        peer = str(found)
    _note("the header names only proxies" if hops else "the header is missing", peer)
    return peer


def came_by_https(request: HttpRequest) -> bool:
    """Whether a trusted proxy says that the visitor used https. With several proxies, all of them
    must say so.
    """
    if not trusted(str(request.META.get("REMOTE_ADDR", ""))):
        return False
    said = request.headers.get("X-Forwarded-Proto")
    schemes = said.split(",") if said is not None else _forwarded(request, "proto")
    return bool(schemes) and all(each.strip().lower() == "https" for each in schemes)


def read_hop(written: str) -> Address | None:
    """The address in one entry of a proxy's header; None where it is none. Proxies write
    192.0.2.1, 192.0.2.1:443, 2001:db8::1, [2001:db8::1]:443, any of these in quotes, and words
    such as "unknown" or "_hidden".
    """
    word = written.strip().strip('"').strip()
    if word.startswith("["):
        word, closed, port = word[1:].partition("]")
        if not closed or (port and not (port[0] == ":" and _is_port(port[1:]))):
            return None
    elif word.count(":") == 1:
        word, _, port = word.partition(":")
        if not _is_port(port):
            return None
    return read_address(word.partition("%")[0])  # fe80::1%eth0 names the proxy's own interface


def read_address(word: str) -> Address | None:
    """The address, or None. A dual-stack socket writes ::ffff:192.0.2.1 for 192.0.2.1; without
    this all of IPv4 would be one IPv6 network.
    """
    try:
        found = ip_address(word)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def trusted(address: str) -> bool:
    """Whether it is one of TRUSTED_PROXIES."""
    if not settings.TRUSTED_PROXIES:
        return False
    found = read_address(address)
    return found is not None and any(
        found in each for each in _networks(tuple(settings.TRUSTED_PROXIES))
    )


def why_counted() -> str:
    """Why a proxy's own address was counted for a visitor within the last day, for /readyz; empty
    where that did not happen.
    """
    try:
        return str(cache.get(NOTE, ""))
    except Error:
        return ""


def _hops(request: HttpRequest) -> list[str]:
    """The addresses in the proxy's header, nearest last. A proxy writes one of the two headers and
    may pass the visitor's other one on: where their last entries differ, nothing is believed.
    """
    written = request.headers.get("X-Forwarded-For")
    forwarded = _forwarded(request, "for")
    if written is None:
        return forwarded
    hops = written.split(",")
    if forwarded and read_hop(forwarded[-1]) != read_hop(hops[-1]):
        return ["unknown"]
    return hops


def _forwarded(request: HttpRequest, name: str) -> list[str]:
    """The values of one parameter of the Forwarded header (RFC 7239), one for each hop that has
    written it; an empty one for a hop that has not.
    """
    header = request.headers.get("Forwarded")
    if header is None:
        return []
    return [_parameter(hop, name) for hop in header.split(",")]


def _parameter(hop: str, name: str) -> str:
    for pair in hop.split(";"):
        key, _, value = pair.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return ""


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 5


@lru_cache(maxsize=4)
def _networks(listed: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each, strict=False) for each in listed)


def _note(why: str, proxy: str) -> None:
    """Report once in this process's log, and for a day in /readyz, that a proxy is counted."""
    if why in _logged:
        return
    _logged.add(why)
    log.warning("a proxy's own address is counted for its visitors", why=why, proxy=proxy)
    try:
        cache.set(NOTE, why, NOTED_FOR)
    except Error:
        log.warning("could not note it for /readyz")
