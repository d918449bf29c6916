"""Setup guides for phone systems: what to type, escaped for the format it is typed into.

A guide is by registration (with the password) or by IP (a listed address). No guide knows the
password: it has a placeholder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from django.conf import settings

from apps.trunking.guides import data

WAYS = ("registration", "ip")


@dataclass(frozen=True, slots=True)
class Ask:
    """For whom a guide is. account: the account number; way: one of WAYS; hosts: VoiceTel's."""

    account: str
    way: str
    hosts: tuple[str, ...]

    @property
    def registers(self) -> bool:
        return self.way == "registration"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a guide: a text to be copied whole, or fields to be filled in. where: the file, or
    the place in the menus.
    """

    title: str
    where: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A phone system. parts: what its guide holds for an account."""

    name: str
    title: str
    parts: Callable[[Ask], tuple[Part, ...]]


def hosts() -> tuple[str, ...]:
    """VoiceTel's SIP hosts, the first the default."""
    return tuple(settings.VOICETEL_SIP_HOSTS)


def one_line(value: str) -> str:
    """A value without control characters, so that it can't begin another line."""
    return "".join(letter for letter in value if letter.isprintable()).strip()


def ini(value: str) -> str:
    """A value of Asterisk's files: ; begins a comment unless a backslash is before it."""
    return one_line(value).replace(";", "\\;")


def section(name: str, *pairs: tuple[str, str]) -> str:
    """A section of Asterisk's files."""
    lines = [f"{key} = {ini(value)}" for key, value in pairs]
    return "\n".join([f"[{name}]", *lines])


def asterisk(ask: Ask) -> tuple[Part, ...]:
    """res_pjsip: endpoint, aor, auth, identify, registration."""
    host, account = ask.hosts[0], ask.account
    auth = [("outbound_auth", "voicetel-auth")] if ask.registers else []
    sections = [f"; VoiceTel, account {ini(account)}"]
    if ask.registers:
        sections += [
            section(
                "voicetel-reg",
                ("type", "registration"),
                *auth,
                ("server_uri", f"sip:{host}:{data.PORT}"),
                ("client_uri", f"sip:{account}@{host}"),
                ("contact_user", account),
                ("expiration", str(data.EXPIRES)),
                ("retry_interval", "60"),
            ),
            section(
                "voicetel-auth",
                ("type", "auth"),
                ("auth_type", "userpass"),
                ("username", account),
                ("password", data.PASSWORD),
            ),
        ]
    sections += [
        section(
            "voicetel",
            ("type", "aor"),
            ("contact", f"sip:{host}:{data.PORT}"),
            ("qualify_frequency", str(data.OPTIONS)),
        ),
        section(
            "voicetel",
            ("type", "endpoint"),
            ("context", "from-voicetel"),
            ("aors", "voicetel"),
            *auth,
            ("disallow", "all"),
            ("allow", ",".join(data.CODECS)),
            ("dtmf_mode", "rfc4733"),
            ("from_user", account),
            ("from_domain", host),
            ("send_pai", "yes"),
            ("direct_media", "no"),
        ),
        section(
            "voicetel",
            ("type", "identify"),
            ("endpoint", "voicetel"),
            *(("match", each) for each in ask.hosts),
        ),
    ]
    reload = 'asterisk -rx "pjsip reload"'
    shows = "registrations" if ask.registers else "endpoint voicetel"
    return (
        Part("Add this to pjsip.conf", "/etc/asterisk", "\n\n".join(sections)),
        Part("Reload and check", text=f'{reload}\nasterisk -rx "pjsip show {shows}"'),
    )


def freeswitch(ask: Ask) -> tuple[Part, ...]:
    """A gateway of the external profile."""
    host, account = ask.hosts[0], ask.account
    values = [("username", account)]
    values += [("password", data.PASSWORD)] if ask.registers else []
    values += [
        ("realm", host),
        ("proxy", host),
        ("from-user", account),
        ("from-domain", host),
        ("register", "true" if ask.registers else "false"),
        ("expire-seconds", str(data.EXPIRES)),
        ("ping", str(data.OPTIONS)),
        ("caller-id-in-from", "false"),
        ("extension-in-contact", "true"),
    ]
    if not ask.registers:
        values.insert(1, ("password", "none"))
    lines = [
        f"    <param name={quoteattr(name)} value={quoteattr(one_line(value))}/>"
        for name, value in values
    ]
    text = "\n".join(
        ["<include>", '  <gateway name="voicetel">', *lines, "  </gateway>", "</include>"]
    )
    bridge = (
        '<action application="set" data="sip_cid_type=pid"/>\n'
        '<action application="bridge" data="sofia/gateway/voicetel/$1"/>'
    )
    return (
        Part("Save this as voicetel.xml", "/etc/freeswitch/sip_profiles/external", text),
        Part("In your dialplan, send the caller ID in P-Asserted-Identity", text=bridge),
        Part(
            "Restart the profile and check",
            text="fs_cli -x 'sofia profile external rescan'\n"
            "fs_cli -x 'sofia status gateway voicetel'",
        ),
    )


def freepbx(ask: Ask) -> tuple[Part, ...]:
    """A pjsip trunk; chan_sip is gone."""
    host, account = ask.hosts[0], ask.account
    general = (
        ("Username", account),
        *((("Secret", data.PASSWORD),) if ask.registers else ()),
        ("Authentication", "Outbound" if ask.registers else "None"),
        ("Registration", "Send" if ask.registers else "None"),
        ("SIP Server", host),
        ("SIP Server Port", str(data.PORT)),
        ("Context", "from-pstn"),
    )
    advanced = (
        ("DTMF Mode", "RFC 4733"),
        ("Qualify Frequency", str(data.OPTIONS)),
        *((("Expiration", str(data.EXPIRES)),) if ask.registers else ()),
        ("From Domain", host),
        ("From User", account),
        ("Send RPID/PAI", "Send P-Asserted-Identity header"),
        ("Match (Permit)", ",".join(ask.hosts)),
    )
    return (
        Part("Add a pjsip trunk", "Connectivity › Trunks › Add Trunk › Add SIP (chan_pjsip) Trunk"),
        Part("General", "pjsip Settings › General", fields=clean(general)),
        Part("Advanced", "pjsip Settings › Advanced", fields=clean(advanced)),
        Part("Codecs", "pjsip Settings › Codecs", fields=(("Use", ", ".join(data.CODECS)),)),
    )


def fusionpbx(ask: Ask) -> tuple[Part, ...]:
    """An external gateway."""
    host, account = ask.hosts[0], ask.account
    fields = (
        ("Gateway", "voicetel"),
        ("Username", account),
        *((("Password", data.PASSWORD),) if ask.registers else ()),
        ("From User", account),
        ("From Domain", host),
        ("Proxy", host),
        ("Register", "True" if ask.registers else "False"),
        ("Expire Seconds", str(data.EXPIRES)),
        ("Ping", str(data.OPTIONS)),
        ("Caller ID In From", "False"),
        ("SIP CID Type", "pid"),
        ("Context", "public"),
        ("Profile", "external"),
    )
    return (
        Part("Add a gateway", "Accounts › Gateways › Add", fields=clean(fields)),
        Part("Start it, and check that it's running", "Status › SIP Status › external"),
    )


def threecx(ask: Ask) -> tuple[Part, ...]:
    """The generic SIP trunk."""
    host, account = ask.hosts[0], ask.account
    way = "Register/Account based" if ask.registers else "Do not require - IP Based"
    fields = (
        ("Registrar/Server", host),
        ("Port", str(data.PORT)),
        ("Type of Authentication", way),
        ("Authentication ID", account),
        *((("Authentication Password", data.PASSWORD),) if ask.registers else ()),
        *((("Re-Register Timeout", str(data.EXPIRES)),) if ask.registers else ()),
        ("Codec Priority", "G.711 U-law, G.711 A-law, G.729"),
    )
    outbound = (
        ("From: User Part", "AuthID"),
        ("From: Host Part", "GWHostPort"),
        ("P-Asserted-Identity: User Part", "OutboundCallerId"),
        ("From: Display Name", "OutboundCallerId"),
    )
    return (
        Part("Add a generic SIP trunk", "Voice & Chat › Add Trunk › Generic", fields=clean(fields)),
        Part("Outbound parameters", "Options › Outbound Parameters", fields=clean(outbound)),
    )


def clean(fields: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, one_line(value)) for name, value in fields)


GUIDES = {
    each.name: each
    for each in (
        Guide("asterisk", "Asterisk", asterisk),
        Guide("freepbx", "FreePBX", freepbx),
        Guide("freeswitch", "FreeSWITCH", freeswitch),
        Guide("fusionpbx", "FusionPBX", fusionpbx),
        Guide("3cx", "3CX", threecx),
    )
}
