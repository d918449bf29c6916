"""Changes of the access list. Whatever VoiceTel answers, the list read back decides each range."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Result, Taken, Verdict, change
from apps.changes.states import State
from apps.copies import claims
from apps.trunking import services
from apps.trunking.guard import addresses
from apps.trunking.models import ACCESS as LIST
from apps.trunking.models import AclEntry
from apps.trunking.ranges import networks
from apps.trunking.thing import ACCESS
from apps.ui.format import count
from apps.voicetel.client import Client, errors

LANE = "access:trunk"  # authentication, password and access list together


@dataclass(frozen=True, slots=True)
class Listed:
    """How each range stands. done: as was asked; failed: it isn't, with VoiceTel's reason. read:
    the list said so; False: only the answer did.
    """

    done: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = field(default=())
    read: bool = True


class Ranges(Change):
    """Adds ranges to the access list, or removes some. subject: "list"; cidrs: as they are kept, a
    field of each class.
    """

    thing = ACCESS
    adds: ClassVar[bool] = True
    cidrs: list[str]

    def lane(self) -> str:
        return LANE

    def before(self) -> dict[str, Any]:
        """Which of them are listed now."""
        found = AclEntry.objects.of(self.account).filter(cidr__in=self.cidrs)
        return {"listed": sorted(found.values_list("cidr", flat=True))}

    def words(self, name: str, value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else super().words(name, value)

    def named(self) -> str:
        """What it is about, in a few words."""
        return addresses(networks(self.cidrs)) or count(len(self.cidrs), "range")

    def ask(self, client: Client) -> None:
        """The one call. Raises as the client does."""
        raise NotImplementedError

    def send(self, client: Client, key: str) -> Listed:
        """The call; and where VoiceTel declined a part of it, the list read back: it decides."""
        try:
            self.ask(client)
        except errors.Conflict as said:
            return self._read_back(client, said)
        return Listed(done=tuple(self.cidrs))

    def _read_back(self, client: Client, said: errors.Conflict) -> Listed:
        """How each range stands. A list that doesn't come leaves the answer's own parts."""
        reasons = dict(errors.part_in_words(part) for part in said.failed)
        try:
            told = set(client.acl.list())
        except errors.VoiceTelError:
            if not said.failed:
                raise said from None
            failed = tuple((c, reasons[c]) for c in self.cidrs if c in reasons)
            return Listed(tuple(c for c in self.cidrs if c not in reasons), failed, read=False)
        done = tuple(c for c in self.cidrs if (c in told) is self.adds)
        why = {c: reasons.get(c) or said.message for c in self.cidrs if c not in done}
        return Listed(done, tuple(why.items()))

    def verdict(self, answer: Listed) -> Verdict:
        if not answer.failed:
            return Verdict(State.DONE)
        results = [Result(cidr, State.DONE) for cidr in answer.done]
        results += [Result(cidr, State.REFUSED, why) for cidr, why in answer.failed]
        said = "; ".join(f"{cidr}: {why}" for cidr, why in answer.failed)
        state = State.PARTLY if answer.done else State.REFUSED
        return Verdict(state, said, tuple(results))

    def done(self, answer: Listed) -> None:
        services.write_ranges(self.account, answer.done, listed=self.adds)

    def read_again(self) -> None:
        claims.mark_due(self.account, LIST)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """Sending it again changes nothing more, so anything but all of them is sent again."""
        told = set(client.acl.list())
        done = [c for c in self.cidrs if (c in told) is self.adds]
        if len(done) == len(self.cidrs):
            return Found(Listed(done=tuple(self.cidrs)))
        listed = len([c for c in self.cidrs if c in told])
        return Absent(shows=f"{listed} of {count(len(self.cidrs), 'range')} on the list")


@change("aclCreate", needs=Right.MANAGE, again=True)
class AddRanges(Ranges):
    """Let calls in from ranges of addresses."""

    cidrs: list[str]

    def describe(self) -> str:
        return f"add {self.named()} to the access list"

    def now_true(self) -> str:
        return f"On the access list: {self.named()}"

    def ask(self, client: Client) -> None:
        client.acl.add(self.cidrs)


@change("aclDelete", needs=Right.MANAGE, again=True)
class RemoveRanges(Ranges):
    """Take ranges off the access list."""

    adds = False
    cidrs: list[str]

    def describe(self) -> str:
        return f"remove {self.named()} from the access list"

    def now_true(self) -> str:
        return f"Off the access list: {self.named()}"

    def ask(self, client: Client) -> None:
        client.acl.remove(self.cidrs)

    def undo(self, before: dict[str, Any]) -> Change | None:
        """What was listed is added again; that lets more in, and stops nothing."""
        was = [c for c in self.cidrs if c in before.get("listed", [])]
        return AddRanges(self.account, self.subject, cidrs=was) if was else None
