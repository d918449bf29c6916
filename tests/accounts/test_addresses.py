"""What tries are counted by, and where nobody is ever sent."""

import pytest

from apps.accounts.addresses import network, own_path, wide_network


def test_one_v6_customer_is_one_network():
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2::ffff") == "2001:db8:1:2::/64"
    assert network("203.0.113.9") == "203.0.113.9"
    assert network("") == "unknown"


def test_an_ipv4_address_as_a_dual_stack_socket_writes_it_is_the_same_network():
    assert network("::ffff:203.0.113.9") == "203.0.113.9"
    assert wide_network("::ffff:203.0.113.9") == wide_network("203.0.113.9") == "203.0.113.0/24"


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
