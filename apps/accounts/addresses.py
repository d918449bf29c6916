"""The networks that tries are counted by, and the paths a person may be sent on to."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from django.http import HttpRequest
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


def page_around(request: HttpRequest) -> str:
    """The page with its query that a form or a fragment is part of, by the browser's word; else the
    request's own address.
    """
    said = request.headers.get("HX-Current-URL")
    if said is None and request.method != "GET":
        said = request.headers.get("Referer")
    if said is None:
        return request.get_full_path()
    try:
        parts = urlsplit(said)
    except ValueError:
        return request.path
    return own_path(parts._replace(scheme="", netloc="", fragment="").geturl()) or request.path
