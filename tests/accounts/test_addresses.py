"""Whose request it is, and where nobody is ever sent."""

import pytest
from django.test import RequestFactory

from apps.accounts.addresses import client_address, network, own_path, wide_network


def address(settings, proxies: list[str], peer: str, forwarded: str = "") -> str:
    settings.TRUSTED_PROXIES = proxies
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **extra))


def test_a_forged_header_counts_for_nothing_without_a_proxy(settings):
    assert address(settings, [], "203.0.113.9", "10.0.0.1") == "203.0.113.9"
    assert address(settings, ["10.0.0.0/8"], "203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_behind_proxies_the_last_address_that_is_none_of_them_counts(settings):
    proxies = ["10.0.0.0/8"]
    assert address(settings, proxies, "10.0.0.1", "198.51.100.7") == "198.51.100.7"
    assert (
        address(settings, proxies, "10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2") == "198.51.100.7"
    )
    assert address(settings, proxies, "10.0.0.1", "rubbish, 198.51.100.7") == "198.51.100.7"
    assert address(settings, proxies, "10.0.0.1", "rubbish") == "10.0.0.1"
    assert address(settings, proxies, "10.0.0.1") == "10.0.0.1"


def test_one_v6_customer_is_one_network():
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2::ffff") == "2001:db8:1:2::/64"
    assert network("203.0.113.9") == "203.0.113.9"
    assert network("") == "unknown"


def test_a_v4_customer_as_a_socket_for_both_kinds_writes_it_is_the_same_customer(settings):
    assert network("::ffff:203.0.113.9") == "203.0.113.9"
    assert wide_network("::ffff:203.0.113.9") == wide_network("203.0.113.9") == "203.0.113.0/24"
    assert address(settings, ["10.0.0.0/8"], "::ffff:10.0.0.1", "198.51.100.7") == "198.51.100.7"


@pytest.mark.parametrize(
    "path",
    ["/", "/numbers/", "/numbers/?q=201&page=2", "/numbers/2015551234/#forward", "/settings/keys/"],
)
def test_own_paths_are_followed(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        " ",
        "numbers/",
        "http://evil.test/",
        "https://evil.test/",
        "HTTPS://evil.test",
        "//evil.test/",
        "///evil.test/",
        "////evil.test",
        "/\\evil.test/",
        "\\\\evil.test",
        "\\/evil.test",
        "/\\/evil.test",
        "\t//evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\r\n//evil.test",
        "/\r/evil.test",
        " //evil.test",
        "\x00//evil.test",
        "/\x00/evil.test",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://evil.test",
        "http:evil.test",
        "http:/evil.test",
        "http:///evil.test",
        "https:evil.test",
        "evil.test",
        "@evil.test",
        "http://testserver@evil.test/",
        "http://evil.test\\@testserver/",
        "//testserver@evil.test",
        "\u200b//evil.test",
        "/\u2028/evil.test",
        "\uff0f\uff0fevil.test",
        "///\\evil.test",
    ],
)
def test_no_form_of_another_host_is_followed(url):
    assert own_path(url) == ""
