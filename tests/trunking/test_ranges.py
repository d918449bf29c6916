"""Reading addresses as people paste them: any mess is read or refused with its reason, and nothing
leaves that VoiceTel would not take.
"""

import time
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.trunking.ranges import A_CALL, LONGEST, MASKS, read
from apps.voicetel.client import checks


def ranges(typed, listed=(), **picked):
    return [str(each) for each in read(typed, listed, picked).ranges]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("198.51.100.24", ["198.51.100.24/32"]),
        ("198.51.100.24:5060", ["198.51.100.24/32"]),
        ("198.51.100.0/24", ["198.51.100.0/24"]),
        ("198.51.100.0/255.255.255.0", ["198.51.100.0/24"]),
        ("permit=198.51.100.24/255.255.255.255", ["198.51.100.24/32"]),
        ("198.51.100.1, 198.51.100.2;198.51.100.3", [f"198.51.100.{i}/32" for i in (1, 2, 3)]),
        ("  198.51.100.1\t198.51.100.2\r\n", [f"198.51.100.{i}/32" for i in (1, 2)]),
        ("198.51.100.1 # the office", ["198.51.100.1/32"]),
        ("198.51.100.1 - 198.51.100.3", [f"198.51.100.{i}/32" for i in (1, 2, 3)]),
        ("198.51.100.0-198.51.100.255", ["198.51.100.0/24"]),
        ("198.51.100.010", ["198.51.100.10/32"]),
        ("(198.51.100.1).", ["198.51.100.1/32"]),
        ("45.0.0.0/8", ["45.0.0.0/8"]),
    ],
)
def test_many_forms_are_read(typed, found):
    reading = read(typed, (), {})
    if reading.asks:  # a span that is no single block may also be widened
        (ask,) = reading.asks
        reading = read(typed, (), {ask.name: "split"})
    assert [str(each) for each in reading.ranges] == found
    assert not reading.refused


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2001:db8::1", "IPv6"),
        ("[2001:db8::1]:5060", "IPv6"),
        ("2001:db8::/32", "IPv6"),
        ("pbx.example.com", "name"),
        ("pbx.example.com/24", "name"),
        ("1.2.3", "four parts"),
        ("1.2.3.4.5", "can't read"),
        ("256.1.1.1", "255 at most"),
        ("198.51.100.0/33", "8 to 32"),
        ("198.51.100.0/x", "8 to 32"),
        ("198.51.100.0/255.0.255.0", "isn't a netmask"),
        ("198.51.100.9-198.51.100.1", "ends before it begins"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("172.16.0.0/16", "172.16.0.0/12"),
        ("100.64.0.1", "100.64.0.0/10"),
        ("224.0.0.0/8", "224.0.0.0/4"),
        ("172.0.0.0/8", "172.16.0.0/12"),
        ("192.0.0.0/8", "192.0.0.0/24"),
        ("hello", "can't read"),
    ],
)
def test_the_rest_is_refused_with_its_reason(typed, why):
    reading = read(typed, (), {})
    assert not reading.ranges
    (refused,) = reading.refused
    assert why in refused.why
    assert refused.typed


def test_duplicates_and_what_is_covered_are_named():
    listed = (IPv4Network("198.51.100.0/24"),)
    assert "on the list already" in read("198.51.100.0/24", listed, {}).refused[0].why
    assert "covers" in read("198.51.100.7", listed, {}).refused[0].why
    assert "twice" in read("45.1.1.1 45.1.1.1/32", (), {}).refused[0].why
    for typed in ("45.1.1.0/24 45.1.1.1", "45.1.1.1 45.1.1.0/24"):
        assert "you're adding too" in read(typed, (), {}).refused[0].why
        assert ranges(typed) == ["45.1.1.0/24"]


def test_another_mask_is_split_or_widened_with_counts():
    reading = read("198.51.100.64/29", (), {})
    (ask,) = reading.asks
    assert [choice.value for choice in ask.choices] == ["split", "wide"]
    assert "8 addresses, as 8 ranges" in ask.choices[0].says
    assert "198.51.100.0/24: 256 addresses" in ask.choices[1].says
    assert len(ranges("198.51.100.64/29", **{ask.name: "split"})) == 8
    assert ranges("198.51.100.64/29", **{ask.name: "wide"}) == ["198.51.100.0/24"]


def test_a_split_of_more_than_a_call_takes_is_not_offered():
    (ask,) = read("198.51.100.0/25", (), {}).asks
    assert [choice.value for choice in ask.choices] == ["wide"]
    (ask,) = read("45.12.0.0/14", (), {}).asks
    assert [str(each) for each in ask.choices[0].ranges] == [
        f"45.{i}.0.0/16" for i in range(12, 16)
    ]


def test_more_than_a_call_takes_is_refused_whole():
    reading = read(" ".join(f"198.51.100.{i}" for i in range(A_CALL + 1)), (), {})
    assert not reading.ranges
    assert "50 ranges at a time" in reading.refused[-1].why
    assert len(ranges(" ".join(f"198.51.100.{i}" for i in range(A_CALL)))) == A_CALL


def test_wide_ranges_are_told_apart():
    reading = read("45.0.0.0/8 46.7.0.0/16 47.1.1.0/24", (), {})
    assert [str(each) for each in reading.wide] == ["45.0.0.0/8", "46.7.0.0/16"]


octet = st.integers(0, 255)
address = st.builds(lambda *parts: ".".join(map(str, parts)), octet, octet, octet, octet)
masked = st.builds(lambda at, mask: f"{at}/{mask}", address, st.integers(-1, 40))
spans = st.builds(lambda a, b: f"{a}-{b}", address, address)
junk = st.text(max_size=40)
piece = st.one_of(address, masked, spans, junk, st.just("2001:db8::1"), st.just("10.0.0.0/8"))
answers = st.sampled_from(["one", "all", "split", "wide", "", "other"])


@settings(max_examples=400, deadline=None)
@given(st.lists(piece, max_size=8), st.sampled_from(["\n", ", ", " ", ";"]), answers)
def test_whatever_is_typed_nothing_leaves_that_voicetel_would_not_take(typed, between, answer):
    text = between.join(typed)
    first = read(text, (), {})
    picked = {ask.name: answer for ask in first.asks}
    for found in (first, read(text, (), picked)):
        assert len(found.ranges) <= A_CALL
        for each in found.ranges:
            assert each.prefixlen in MASKS
            assert checks.cidr(str(each)) == ""
            assert not any(each.overlaps(block) for block in checks.UNROUTABLE)
        for one in found.ranges:
            assert not any(one != other and one.subnet_of(other) for other in found.ranges)


@settings(max_examples=400, deadline=None)
@given(address, st.sampled_from(MASKS))
def test_every_good_range_is_read_as_it_is(at, mask):
    network = IPv4Network((IPv4Address(at), mask), strict=False)
    good = not any(network.overlaps(block) for block in checks.UNROUTABLE)
    assert (ranges(str(network)) == [str(network)]) is good


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST // 4))
def test_no_text_breaks_the_reading(text):
    read(text, (), {})


def test_a_long_text_is_read_quickly_or_refused():
    began = time.monotonic()
    read("1." * (LONGEST // 2), (), {})
    read("1-" * (LONGEST // 2), (), {})
    read(" to ".join("1.1.1.1" for _ in range(LONGEST // 12)), (), {})
    assert read("x" * (LONGEST + 1), (), {}).refused
    assert time.monotonic() - began < 1
