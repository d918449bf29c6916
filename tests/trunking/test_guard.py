"""The lock-out guard, as a table: each type, the list empty, covering or not, registered or not."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from apps.trunking.guard import Device, Routed, Setup, calls_out, compare, lets_in, rings
from apps.trunking.types import DOCUMENT, Kind, kind_of

AT = IPv4Address("203.0.113.10")
EMPTY, COVERS, MISSES = (), (IPv4Network("203.0.113.0/24"),), (IPv4Network("198.51.100.0/24"),)
PBX = Device("1000", "Office PBX", "203.0.113.10:5060", AT)
FOLLOWS = Routed("VoiceTel default", 2, 4, follows=True, system=True)
OWN = Routed("Office PBX", 14, 1000)
Y, N, U = True, False, None


def setup(kind, listed=EMPTY, registered=True, **more):
    devices = (replace(PBX, registered=bool(registered)),)
    return Setup(kind, listed, registered, devices, (OWN, FOLLOWS), **more)


# (type, list, whether the system can call out: with the password, without, not known)
CALLING = [
    (Kind.DIGEST, EMPTY, Y, U),
    (Kind.DIGEST, COVERS, Y, U),
    (Kind.DIGEST, MISSES, Y, U),
    (Kind.IP, EMPTY, N, N),
    (Kind.IP, COVERS, Y, Y),
    (Kind.IP, MISSES, N, N),
    (Kind.LAX, EMPTY, Y, U),
    (Kind.LAX, COVERS, Y, Y),
    (Kind.LAX, MISSES, Y, U),
    (Kind.STRICT, EMPTY, N, N),
    (Kind.STRICT, COVERS, Y, U),
    (Kind.STRICT, MISSES, N, N),
    (Kind.UNKNOWN, COVERS, U, U),
]


@pytest.mark.parametrize(("kind", "listed", "has", "not_known"), CALLING)
def test_who_can_call_out(kind, listed, has, not_known):
    assert calls_out(PBX, setup(kind, listed), True).yes is has
    assert calls_out(PBX, setup(kind, listed), None).yes is not_known


# (type, list, registered, whether numbers that follow the registration ring)
RINGING = [
    (Kind.DIGEST, EMPTY, True, Y),
    (Kind.DIGEST, EMPTY, False, N),
    (Kind.DIGEST, EMPTY, None, U),
    (Kind.IP, COVERS, True, N),
    (Kind.IP, COVERS, False, N),
    (Kind.LAX, EMPTY, True, Y),
    (Kind.LAX, COVERS, False, N),
    (Kind.STRICT, COVERS, True, Y),
    (Kind.STRICT, MISSES, True, N),
    (Kind.STRICT, EMPTY, True, N),
    (Kind.STRICT, COVERS, False, N),
    (Kind.UNKNOWN, COVERS, True, U),
]


@pytest.mark.parametrize(("kind", "listed", "registered", "follow"), RINGING)
def test_which_numbers_ring(kind, listed, registered, follow):
    here = setup(kind, listed, registered)
    assert rings(FOLLOWS, here).yes is follow
    assert rings(OWN, here).yes is True, "a gateway rings whatever authentication is"


# (type now, list, type after, list after, what stops, what may stop)
SWITCHES = [
    (Kind.DIGEST, COVERS, Kind.IP, COVERS, {"route:4"}, set()),
    (Kind.DIGEST, EMPTY, Kind.IP, EMPTY, {"route:4", "1000"}, set()),
    (Kind.DIGEST, MISSES, Kind.STRICT, MISSES, {"route:4", "1000"}, set()),
    (Kind.DIGEST, EMPTY, Kind.LAX, EMPTY, set(), set()),
    (Kind.LAX, COVERS, Kind.DIGEST, COVERS, set(), {"203.0.113.0/24"}),
    (Kind.LAX, COVERS, Kind.LAX, EMPTY, set(), {"203.0.113.0/24"}),
    (Kind.STRICT, COVERS, Kind.STRICT, EMPTY, {"route:4", "1000", "203.0.113.0/24"}, set()),
    (Kind.STRICT, COVERS, Kind.LAX, COVERS, set(), set()),
    (Kind.DIGEST, COVERS, Kind.DIGEST, EMPTY, set(), set()),
]


@pytest.mark.parametrize(("now", "listed", "after", "then", "stops", "may"), SWITCHES)
def test_what_a_change_stops(now, listed, after, then, stops, may):
    table = compare(setup(now, listed), setup(after, then))
    assert {row.key for row in table.stops} == stops
    assert {row.key for row in table.may_stop} == may
    many = len(stops) + len(may)
    assert table.word == (f"stop {many}" if many else "")


def test_a_system_let_in_by_its_address_may_not_have_the_password():
    now = setup(Kind.IP, COVERS, registered=False)
    table = compare(now, replace(now, kind=Kind.DIGEST))
    assert {row.key for row in table.may_stop} == {"1000", "203.0.113.0/24"}
    assert not table.stops


@pytest.mark.parametrize("kind", [Kind.DIGEST, Kind.LAX, Kind.STRICT])
def test_a_new_password_stops_what_uses_it_until_it_has_it(kind):
    now = setup(kind, COVERS)
    table = compare(now, replace(now, turned=True))
    assert "route:4" in {row.key for row in table.stops}
    assert ("1000" in {row.key for row in table.stops}) is (kind is not Kind.LAX)


def test_a_new_password_stops_nothing_with_ip_alone():
    now = setup(Kind.IP, COVERS)
    assert compare(now, replace(now, turned=True)).word == ""


def test_a_name_is_not_looked_up():
    named = replace(PBX, address=None)
    assert calls_out(named, setup(Kind.IP, COVERS), True).yes is None
    assert calls_out(named, setup(Kind.LAX, COVERS), True).yes is True


def test_forwarded_numbers_ring_whatever_happens():
    now = setup(Kind.DIGEST, EMPTY, forwarded=5)
    table = compare(now, setup(Kind.IP, EMPTY, forwarded=5))
    (row,) = [each for each in table.rows if each.key == "forwarded"]
    assert (row.now.yes, row.after.yes) == (True, True)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (DOCUMENT[0], Kind.DIGEST),
        (DOCUMENT[1], Kind.IP),
        (DOCUMENT[2], Kind.LAX),
        (DOCUMENT[3], Kind.STRICT),
        ("Digest or IP", Kind.LAX),
        ("IP", Kind.IP),
        ("Password and IP address", Kind.STRICT),
        ("Quantum handshake", Kind.UNKNOWN),
        ("", Kind.UNKNOWN),
    ],
)
def test_voicetels_words_say_which_type_it_is(words, kind):
    assert kind_of(words) is kind


def test_a_range_is_judged_by_the_list_that_covers_it():
    inside = IPv4Network("203.0.113.10/32")
    assert lets_in(inside, setup(Kind.IP, COVERS)).yes is True
    assert lets_in(inside, setup(Kind.IP, MISSES)).yes is False
    assert lets_in(inside, setup(Kind.LAX, MISSES)).yes is None
