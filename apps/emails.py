"""One form of an email address: the one that is kept, compared, shown, counted and mailed to.

Mail libraries write a domain in ASCII their own way (Django by IDNA 2003, where `straße.example`
becomes `strasse.example`, another company's domain). An address that is in ASCII before it is kept
leaves them nothing to decide.
"""

import re
import unicodedata

import idna

MOST = 254  # characters, RFC 5321
EXAMPLE = "Enter an email address like name@example.com."
NOT_ASCII = (
    "We can't send email to an address with accented or non-Latin letters before the @. Enter"
    " another address."
)
NO_DOMAIN = "The part after the @ isn't a domain that can receive email. Check it for typos."
LONG = f"An email address has at most {MOST} characters."

AT_SIGNS = str.maketrans({"\uff20": "@", "\ufe6b": "@"})  # full-width and small, of some keyboards
JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in Persian and Indic domains
WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{WORD}(?:\.{WORD})*")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotAnAddress(ValueError):
    """This can't be an email address. Its words are for the person who typed it."""


def kept_address(typed: str) -> str:
    """Return the one form of an address as typed: ASCII and lower case, the domain by IDNA 2008.

    Letters that nobody sees are left out. Raises NotAnAddress with a sentence.
    """
    local, at, domain = _visible(typed).translate(AT_SIGNS).strip().rpartition("@")
    local = local.translate(dict.fromkeys(map(ord, JOINERS))).lower()
    if not (at and local and domain):
        raise NotAnAddress(EXAMPLE)
    if not local.isascii():
        raise NotAnAddress(NOT_ASCII)
    if not LOCAL.fullmatch(local) or len(local) > 64:
        raise NotAnAddress(EXAMPLE)
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address) > MOST:
        raise NotAnAddress(LONG)
    return address


def kept_or_typed(typed: str) -> str:
    """Return the kept form where the text is an address; else the text in lower case, trimmed."""
    try:
        return kept_address(typed)
    except NotAnAddress:
        return typed.strip().lower()


def is_mailed_as_kept(address: str) -> bool:
    """Return whether mail to this address goes where it says, with nothing left to translate."""
    return address.isascii() and address.isprintable()


def _visible(text: str) -> str:
    """Return the text without control and format characters, except the joiners of domains."""
    return "".join(
        each for each in text if each in JOINERS or unicodedata.category(each) not in ("Cc", "Cf")
    )


def _ascii_domain(domain: str) -> str:
    """Return a domain's labels in ASCII. Raises NotAnAddress."""
    found = domain.lower() if domain.isascii() and "xn--" not in domain.lower() else ""
    for spelling in () if found else (domain, domain.translate(dict.fromkeys(map(ord, JOINERS)))):
        try:
            encoded = idna.encode(spelling, uts46=True, transitional=False, std3_rules=True)
        except (idna.IDNAError, UnicodeError):
            continue
        found = encoded.decode()
        break
    labels = found.removesuffix(".").split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()  # neither one word nor an IP address
    if len(found) > 253 or not named or not all(map(LABEL.fullmatch, labels)):
        raise NotAnAddress(NO_DOMAIN)
    return ".".join(labels)
