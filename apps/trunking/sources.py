"""The lists of the provider's that this app keeps a copy of: authentication, and the access list.

Two, so that a list that shrinks and waits for its second look holds back no news of the type.
"""

import ipaddress
from datetime import datetime, timedelta

from apps.accounts.models import Account
from apps.copies import source
from apps.copies.models import Copy
from apps.copies.source import Source, register
from apps.numbers.services.shape import text
from apps.trunking.models import ACCESS, AUTHENTICATION, AclEntry, AuthWord, Trunk
from apps.voicetel import clock
from apps.voicetel.client import Client, errors

EVERY, STALE = timedelta(hours=6), timedelta(minutes=10)
Told = tuple[int, str]  # the type's number, and VoiceTel's words for it


def ask_authentication(client: Client) -> Told:
    """What `authGet` tells of the type."""
    told = client.auth.get()
    return told.auth_type, " ".join(text(told.auth_type_description, 200).split())


class Authentication(source.Difference):
    """Whether VoiceTel's type differs from ours. Nothing ever goes."""

    gone = ()
    held = 1

    def __init__(self, account: Account, told: Told) -> None:
        self.account, self.told = account, told
        ours = Trunk.objects.of(account).values_list("auth_type", "auth_words").first()
        self.differs = ours != told

    @property
    def any(self) -> bool:
        return self.differs

    def write(self, copy: Copy) -> None:
        number, words = self.told
        Trunk.objects.of(self.account).update_or_create(
            account=self.account, defaults={"auth_type": number, "auth_words": words}
        )
        if words:
            AuthWord.objects.update_or_create(
                number=number, defaults={"words": words, "seen_at": clock.now()}
            )


def ask_access(client: Client) -> list[str]:
    """The ranges that `aclList` tells.

    Its 404 may be wrong, so an empty list counts only if `authGet`, which holds the list too,
    agrees. Raises Unavailable where it doesn't.
    """
    found = client.acl.list()
    if not found and client.auth.get().acl:
        raise errors.Unavailable("the two lists differ", operation="aclList")
    return list(dict.fromkeys(found))


def entry(account: Account, cidr: str, note: str = "") -> AclEntry | None:
    """An unsaved row of the list; None for what is no range of IPv4."""
    try:
        network = ipaddress.IPv4Network(cidr.strip(), strict=False)
    except ValueError:
        return None
    first, last = int(network.network_address), int(network.broadcast_address)
    return AclEntry(
        account=account, cidr=cidr[:43], first=first, last=last, note=note, seen_at=clock.now()
    )


class Access(source.Difference):
    """What differs between VoiceTel's ranges and ours."""

    def __init__(self, account: Account, told: list[str]) -> None:
        self.account = account
        ours = set(AclEntry.objects.of(account).values_list("cidr", flat=True))
        self.held, self.gone = len(ours), ours - set(told)
        self.new = [row for cidr in told if cidr not in ours and (row := entry(account, cidr))]

    @property
    def any(self) -> bool:
        return bool(self.gone or self.new)

    def spare(self, copy: Copy, asked: datetime) -> None:
        """A short list: what a change wrote meanwhile waits for the next one as a whole."""
        if copy.touched_at and copy.touched_at >= asked:
            self.gone, self.new = set(), []

    def write(self, copy: Copy) -> None:
        AclEntry.objects.of(self.account).filter(cidr__in=self.gone).delete()
        AclEntry.objects.of(self.account).bulk_create(self.new, ignore_conflicts=True)


authentication = register(
    Source(
        AUTHENTICATION,
        "authentication setting",
        ask_authentication,
        Authentication,
        EVERY,
        STALE,
        "/trunking/",
    )
)
access = register(
    Source(ACCESS, "access range", ask_access, Access, EVERY, STALE, "/trunking/acl/")
)
