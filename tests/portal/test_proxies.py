"""What proxies write about a visitor, and who is believed."""

from typing import Any

import pytest
import structlog
from django.core.cache import cache
from django.test import RequestFactory
from structlog.testing import capture_logs

from apps import proxies

PROXY, VISITOR = "10.0.0.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def _fresh(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "_logged", set())
    # a logger keeps the processors of its first use, which may have been another test's
    monkeypatch.setattr(proxies, "log", structlog.get_logger("proxies"))


def address(settings: Any, trusted: list[str], peer: str, **headers: str) -> str:
    settings.TRUSTED_PROXIES = trusted
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return proxies.client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **named))


def said() -> str:
    return str(cache.get(proxies.NOTE, ""))


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": VISITOR},
        {"forwarded": f"for={VISITOR};proto=https"},
    ],
)
def test_a_header_counts_for_nothing_when_its_sender_is_no_trusted_proxy(
    settings: Any, headers: dict[str, str]
):
    assert address(settings, [], "127.0.0.1", **headers) == "127.0.0.1"
    assert address(settings, ["10.0.0.0/8"], "203.0.113.9", **headers) == "203.0.113.9"
    assert said() == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("198.51.100.7", VISITOR),
        (" 198.51.100.7 ", VISITOR),
        ("198.51.100.7:49152", VISITOR),  # Azure Application Gateway
        ('"198.51.100.7:49152"', VISITOR),
        ("::ffff:198.51.100.7", VISITOR),
        ("[::ffff:198.51.100.7]:443", VISITOR),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:49152", "2001:db8::7"),
        ('"[2001:db8::7]:49152"', "2001:db8::7"),
        ("2001:db8::7%eth0", "2001:db8::7"),
        ("1.2.3.4, 198.51.100.7", VISITOR),
        ("1.2.3.4, 198.51.100.7:1024, 10.0.0.2:80", VISITOR),
        ("rubbish, 198.51.100.7", VISITOR),
    ],
)
def test_what_real_proxies_write_names_the_visitor(settings: Any, written: str, meant: str):
    trusted = ["10.0.0.0/8"]
    assert address(settings, trusted, PROXY, x_forwarded_for=written) == meant
    assert address(settings, trusted, f"::ffff:{PROXY}", x_forwarded_for=written) == meant
    hops = ", ".join(f"for={hop.strip()};proto=https" for hop in written.split(","))
    assert address(settings, trusted, PROXY, forwarded=hops) == meant
    assert said() == ""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_forwarded_for": ""},
        {"x_forwarded_for": "unknown"},
        {"x_forwarded_for": "1.2.3.4, unknown"},
        {"x_forwarded_for": "1.2.3.4, _hidden"},
        {"x_forwarded_for": "198.51.100.7:"},
        {"x_forwarded_for": "198.51.100.7:https"},
        {"x_forwarded_for": "[198.51.100.7"},
        {"x_forwarded_for": "[2001:db8::7]443"},
        {"x_forwarded_for": "rubbish"},
        {"forwarded": "for=unknown"},
        {"forwarded": "for=_hidden, proto=https"},
        {"forwarded": "by=10.0.0.1"},
        {"x_forwarded_for": "1.2.3.4", "forwarded": f"for={VISITOR}"},
    ],
)
def test_where_a_header_names_nobody_the_proxy_counts_and_that_is_said_once(
    settings: Any, headers: dict[str, str]
):
    with capture_logs() as lines:
        for _ in range(3):
            assert address(settings, [PROXY], PROXY, **headers) == PROXY
    assert [line["event"] for line in lines] == [
        "a proxy's own address is counted for its visitors"
    ]
    assert lines[0]["proxy"] == PROXY
    assert said() == lines[0]["why"]


def test_a_chain_in_which_all_are_proxies_is_said_too(settings: Any):
    assert (
        address(settings, ["10.0.0.0/8"], PROXY, x_forwarded_for="10.0.0.3, 10.0.0.2") == "10.0.0.3"
    )
    assert said() == "the header names only proxies"


def test_both_headers_are_read_where_they_agree(settings: Any):
    both = {"x_forwarded_for": f"1.2.3.4, {VISITOR}:443", "forwarded": f'For="{VISITOR}"'}
    assert address(settings, [PROXY], PROXY, **both) == VISITOR


@pytest.mark.parametrize(
    ("peer", "headers", "https"),
    [
        (PROXY, {"x_forwarded_proto": "https"}, True),
        (PROXY, {"x_forwarded_proto": "HTTPS, https"}, True),
        (PROXY, {"x_forwarded_proto": "https, http"}, False),
        (PROXY, {"x_forwarded_proto": "http"}, False),
        (PROXY, {"x_forwarded_proto": ""}, False),
        (PROXY, {"forwarded": f"for={VISITOR};proto=https"}, True),
        (PROXY, {"forwarded": f'for={VISITOR}; Proto="https"'}, True),
        (PROXY, {"forwarded": f"for={VISITOR}"}, False),
        (PROXY, {"x_forwarded_proto": "http", "forwarded": "proto=https"}, False),
        (PROXY, {}, False),
        ("127.0.0.1", {"x_forwarded_proto": "https"}, False),
        ("", {"x_forwarded_proto": "https"}, False),
    ],
)
def test_https_is_believed_from_a_trusted_proxy_alone(
    settings: Any, peer: str, headers: dict[str, str], https: bool
):
    settings.TRUSTED_PROXIES = [PROXY]
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **named)
    assert proxies.came_by_https(request) is https


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.1"])
def test_nobody_is_believed_about_https_when_no_proxy_is_named(settings: Any, peer: str):
    settings.TRUSTED_PROXIES = []
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
    assert not proxies.came_by_https(request)
