"""Setup guides parse by the rules of their formats, whatever the account or hosts are called."""

import configparser
from xml.etree import ElementTree

import pytest

from apps.trunking import guides
from apps.trunking.guides import data as guide_data
from tests.pages import words

HOSTILE = ('1000;0001"</param>', ("geo.voicetel.com\nevil=1", "b<&>.example"))
PLAIN = ("1000000001", ("geo.voicetel.com", "bgp.voicetel.com"))


def asked(way, who=PLAIN):
    return guides.Ask(who[0], way, who[1])


@pytest.mark.parametrize("name", guides.GUIDES)
@pytest.mark.parametrize("way", guides.WAYS)
def test_each_guide_is_shown_with_the_account_number_and_no_password(harbor, viewer, name, way):
    page = words(viewer.get(f"/trunking/guide/{name}/?way={way}"))
    assert "1000000001" in page
    assert "geo.voicetel.com" in page
    assert ("Replace YOUR_SIP_PASSWORD" in page) is (way == "registration")
    assert "148.59.176.0/23" in page
    assert "as of Nov 30, 2026" in page
    assert "demo1234" not in page


def test_the_guide_is_by_ip_where_that_is_in_force(northwind, cast, sign_in):
    page = sign_in(cast.stranger).get("/trunking/guide/asterisk/")
    assert page.context["way"] == "ip"


def sections(text):
    """Asterisk's file as its own reader takes it: names may stand twice; ; begins a comment unless
    a backslash is before it.
    """
    found, name = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found.append((name, []))
        elif line and not line.startswith(";"):
            key, _, value = line.partition("=")
            bare = value.replace("\\;", "\0").split(";")[0].replace("\0", ";")
            found[-1][1].append((key.strip(), bare.strip()))
    return found


@pytest.mark.parametrize("who", [PLAIN, HOSTILE])
def test_asterisk_reads_back_what_was_meant(who):
    text = guides.asterisk(asked("registration", who))[0].text
    found = sections(text)
    assert [name for name, _ in found] == [
        "voicetel-reg",
        "voicetel-auth",
        "voicetel",
        "voicetel",
        "voicetel",
    ]
    auth, endpoint = dict(found[1][1]), dict(found[3][1])
    assert auth["username"] == endpoint["from_user"] == who[0]
    assert auth["password"] == guide_data.PASSWORD
    assert endpoint["send_pai"] == "yes"
    assert "evil" not in dict(found[3][1])
    if who is PLAIN:
        configparser.ConfigParser(strict=False).read_string(text)


def test_by_ip_there_is_no_registration_and_no_password():
    text = guides.asterisk(asked("ip"))[0].text
    types = [dict(values)["type"] for _, values in sections(text)]
    assert types == ["aor", "endpoint", "identify"]
    assert "password" not in text
    for name in guides.GUIDES:
        parts = guides.GUIDES[name].parts(asked("ip"))
        assert guide_data.PASSWORD not in repr(parts)


@pytest.mark.parametrize("who", [PLAIN, HOSTILE])
@pytest.mark.parametrize("way", guides.WAYS)
def test_freeswitch_is_xml_that_reads_back_what_was_meant(who, way):
    tree = ElementTree.fromstring(guides.freeswitch(asked(way, who))[0].text)
    values = {each.get("name"): each.get("value") for each in tree.iter("param")}
    assert values["username"] == values["from-user"] == who[0]
    assert values["caller-id-in-from"] == "false"
    assert values["register"] == ("true" if way == "registration" else "false")
    assert "\n" not in values["proxy"]


@pytest.mark.parametrize("name", ["freepbx", "fusionpbx", "3cx"])
def test_fields_to_fill_in_are_one_line_each(name):
    for way in guides.WAYS:
        parts = guides.GUIDES[name].parts(asked(way, HOSTILE))
        values = [value for part in parts for _, value in part.fields]
        assert "geo.voicetel.comevil=1" in values
        assert not [value for value in values if not value.isprintable()]


def test_the_hosts_are_a_setting(harbor, viewer, settings):
    settings.VOICETEL_SIP_HOSTS = ["sip.example.net"]
    page = words(viewer.get("/trunking/guide/asterisk/"))
    assert "sip.example.net" in page
    assert "geo.voicetel.com" not in page
