"""A trunk and its gateways, as changes and links know them."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.numbers.models import Gateway
from apps.things import Thing

PAGES = {
    "authentication": ("Authentication", "/trunking/authentication/"),
    "password": ("SIP password", "/trunking/authentication/"),
    "list": ("Access list", "/trunking/acl/"),
}


def names(account: Account, gateways: Sequence[str]) -> Mapping[str, str]:
    """The customer's own names, else the addresses, of those of the gateways that we know."""
    ids = [int(each) for each in gateways if each.isascii() and each.isdigit() and len(each) < 19]
    found = Gateway.objects.of(account).filter(gateway__in=ids)
    return {str(each.gateway): str(each) for each in found}


def gateway_page(subject: str) -> str:
    """A gateway's page; the list, for one that is only being added: its subject is the address."""
    return f"/trunking/gateways/{subject}/" if subject.isdigit() else "/trunking/gateways/"


def gateway_shown(subject: str) -> str:
    return f"Gateway {subject}" if subject.isdigit() else subject


def access_shown(subject: str) -> str:
    return PAGES[subject][0] if subject in PAGES else subject


def access_page(subject: str) -> str:
    return PAGES[subject][1] if subject in PAGES else "/trunking/"


ACCESS = Thing("access", "SIP trunk", access_shown, access_page)
GATEWAY = Thing("gateway", "Gateway", gateway_shown, gateway_page, names)
