"""Which blocks of an access list the client and the sandbox take: none with an address that the
public internet does not have.
"""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.sandbox.world.addresses import routable
from apps.voicetel.client import checks

TAKEN = {
    "8.8.8.8/32": True,
    "8.0.0.0/8": True,
    "192.0.2.0/24": True,  # documentation
    "192.0.2.7/32": True,
    "198.51.100.0/24": True,
    "203.0.113.0/24": True,
    "203.0.113.10/32": True,
    "203.0.0.0/16": True,  # around a documentation range
    "192.0.0.0/8": False,  # around 192.168.0.0/16
    "192.0.0.0/16": False,  # around 192.0.0.0/24
    "192.168.0.0/16": False,
    "192.168.7.0/24": False,
    "192.167.0.0/16": True,
    "198.0.0.0/8": False,  # around 198.18.0.0/15
    "198.19.0.0/16": False,
    "198.20.0.0/16": True,
    "172.0.0.0/8": False,
    "172.15.0.0/16": True,
    "172.31.255.255/32": False,
    "172.32.0.0/16": True,
    "169.0.0.0/8": False,
    "100.0.0.0/8": False,
    "100.63.255.0/24": True,
    "100.64.0.0/24": False,
    "100.128.0.0/16": True,
    "10.0.0.0/8": False,
    "0.0.0.0/8": False,
    "127.0.0.1/32": False,
    "224.0.0.0/8": False,
    "255.255.255.255/32": False,
}
DOCUMENTATION = [
    ipaddress.IPv4Network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]


@pytest.mark.parametrize(("block", "taken"), TAKEN.items(), ids=list(TAKEN))
def test_block_is_taken_only_without_an_address_that_cannot_be_reached(
    block: str, taken: bool
) -> None:
    assert (checks.cidr(block) == "") is taken
    assert routable(ipaddress.IPv4Network(block)) is taken


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([8, 16, 24, 32]),
    st.integers(0, 2**32 - 1),
)
@example(int(ipaddress.IPv4Address("192.0.0.0")), 8, 168 << 16)
def test_every_address_of_a_taken_block_is_public(start: int, size: int, offset: int) -> None:
    block = ipaddress.IPv4Network((start, size), strict=False)
    inside = block[offset % block.num_addresses]
    taken = checks.cidr(str(block)) == ""
    assert routable(block) is taken
    documented = any(inside in each for each in DOCUMENTATION)
    if taken and not documented:
        assert inside.is_global
        assert not inside.is_multicast
    assert not documented or taken or size == 8 or size == 16
