"""Routes have the customer's own names, and system routes a line of meaning."""

from typing import Any

from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Event
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.models import SYSTEM_ROUTES, Gateway, Number
from apps.numbers.services.gateways import name_route
from apps.voicetel import clock
from tests.numbers.looking import FIRST
from tests.pages import words

ROUTES = "/numbers/routes/"


def own_route(account: Account) -> Gateway:
    """The account's own gateway that its first number is routed to."""
    route = Number.objects.of(account).get(number=FIRST).route
    found = Gateway.objects.of(account).get(gateway=route)
    assert not found.system
    return found


def test_a_route_is_named_in_place_and_the_name_is_shown_wherever_the_route_is(
    harbor: Account, manager: Client
) -> None:
    route = own_route(harbor)
    held = Number.objects.of(harbor).filter(route=route.gateway).count()
    assert f"{route.address} {held} numbers Add name" in words(manager.get(ROUTES))
    opened = manager.get(f"{ROUTES}{route.gateway}/", HTTP_HX_REQUEST="true")
    assert b"<html" not in opened.content
    manager.post(f"{ROUTES}{route.gateway}/", {"name": "Office PBX", "account": harbor.number})
    assert f"Office PBX {route.address} {held} numbers Rename" in words(manager.get(ROUTES))
    for page in (f"/numbers/{FIRST}/", f"/numbers/{FIRST}/route/", "/numbers/?q=0110"):
        assert "Office PBX" in words(manager.get(page)), page
    event = Event.objects.of(harbor).get(action="route_named")
    assert event.facts == {"before": route.address, "after": "Office PBX"}


def test_a_name_outlives_looks_at_numbers_and_gateways_and_can_be_taken_away(
    harbor: Account, manager: Client
) -> None:
    route = own_route(harbor)
    assert name_route(harbor, route.gateway, "Office PBX", by=None)
    clock.advance(3600)
    Number.objects.of(harbor).filter(number=FIRST).delete()
    for source in (sources.gateways, sources.numbers):
        look(harbor, source)
    assert "Office PBX" in words(manager.get("/numbers/?q=0110"))
    manager.post(f"{ROUTES}{route.gateway}/", {"name": "", "account": harbor.number})
    assert "Office PBX" not in words(manager.get("/numbers/"))
    assert route.address in words(manager.get("/numbers/?q=0110"))


def test_each_system_route_has_words_and_a_line_of_meaning(harbor: Account, viewer: Client) -> None:
    said = words(viewer.get(ROUTES))
    for shown, about in SYSTEM_ROUTES.values():
        assert f"{shown} {about}" in said
    system = Gateway.objects.of(harbor).filter(system=True)
    assert set(system.values_list("address", flat=True)) == set(SYSTEM_ROUTES)


def test_an_undo_outlives_the_naming_of_its_route(
    harbor: Account, manager: Client, changes: Any
) -> None:
    route = own_route(harbor)
    form = manager.get(f"/numbers/{FIRST}/route/").context["panel"].form
    answer = manager.post(
        f"/numbers/{FIRST}/route/", {"route": "4", "token": form["token"].value()}
    )
    name_route(harbor, 4, "Anywhere", by=None)
    page = words(manager.get(answer["Location"].partition("#")[0]))
    assert f"Was: {route.address}." in page
    assert "Undo" in page
