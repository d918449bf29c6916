"""Random changes made here and behind our back, with wrong answers in between: in the end our rows
are the provider's records, and at no moment is a number called protected that had no record.
"""

import random

import pytest

from apps.accounts import access
from apps.changes import machine, sweeps
from apps.changes.engine import tokens
from apps.copies.models import Copy
from apps.copies.services import look
from apps.e911 import checking, sources
from apps.e911.changes import CreateRecord, ProvisionAddress, RemoveRecord
from apps.e911.models import E911, Record
from apps.e911.services import reading
from apps.sandbox import models as provider
from apps.voicetel import breaker, clock
from tests.e911.there import CORRECTED, TYPED, put_there

Standing = Record.Standing
LINES = {name: value for name, value in TYPED.items() if name != "caller_name"}
WRONG = (("e911QueryAll", 404), ("e911QueryRecord", 404), ("e911QueryRecord", 409))
FAULTS = ("drop_before", "drop_after", "cut_body", "html_after")
CHANGES = ("e911ProvisionAddress", "e911Create", "e911RecordDelete")


class Play:
    """A customer, someone else at VoiceTel, and a provider that errs, by the dice of a seed."""

    def __init__(self, account, by, sandbox, seed):
        self.account, self.by, self.sandbox, self.dice = account, by, sandbox, random.Random(seed)
        self.numbers = sandbox.numbers_of(account.number)[:4]
        self.address = checking.check(account, LINES)
        self.before = set(provider.E911.objects.values_list("pk", flat=True))

    def press(self, change):
        machine.submit(change, by=self.by, token=tokens.mint())

    def step(self):
        number, name = self.dice.choice(self.numbers), self.dice.choice(("ANN", "BEN", "CAT"))
        given = {"caller_name": name, "place": CORRECTED}
        match self.dice.randrange(9):
            case 0:
                pk = self.address.provider_id
                self.press(ProvisionAddress(self.account, number, address_id=pk, **given))
            case 1:
                given["place"] = LINES
                self.press(CreateRecord(self.account, number, **given))
            case 2:
                self.press(RemoveRecord(self.account, number))
            case 3:
                put_there(number, name)
            case 4:
                provider.E911.objects.filter(pk=number).delete()
            case 5:
                self.sandbox.refuse(*self.dice.choice(WRONG))
            case 6:
                self.sandbox.fault(self.dice.choice(CHANGES), self.dice.choice(FAULTS))
            case 7:
                look(self.account, sources.records)
            case 8:
                self.later(self.dice.choice((1, 40, 700)))

    def later(self, seconds):
        breaker.forget()
        clock.advance(seconds)
        self.sandbox.advance(seconds)
        sweeps.send_due()
        sweeps.settle_due()
        reading.read_due()

    def rest(self):
        """The faults are over, time goes on, and two lists are read."""
        self.sandbox.clear_faults()
        for _ in range(6):
            self.later(1200)
        for _ in range(3):
            self.later(70)
            look(self.account, sources.records)


@pytest.mark.parametrize("seed", range(2))
def test_after_random_operations_ours_is_what_the_provider_has(
    harbor, cast, sandbox, changes, seed
):
    play = Play(harbor, cast.owner, sandbox, seed)
    ever = {number: number in play.before for number in play.numbers}
    for _ in range(40):
        play.step()
        there = set(provider.E911.objects.filter(pk__in=play.numbers).values_list("pk", flat=True))
        ever |= dict.fromkeys(there, True)
        shown = Record.objects.of(harbor).filter(number__in=play.numbers)
        green = shown.filter(standing=Standing.PROTECTED).values_list("number", flat=True)
        assert all(ever[number] for number in green)
    play.rest()
    assert access.client_for(harbor).e911.list()
    ours = {
        row.number: (row.caller_name, row.address1)
        for row in Record.objects.of(harbor).filter(standing=Standing.PROTECTED)
    }
    there = {
        row.pk: (row.caller_name, row.address.address1)
        for row in provider.E911.objects.filter(
            pk__in=sandbox.numbers_of(harbor.number)
        ).select_related("address")
    }
    assert ours == there
    copy = Copy.objects.of(harbor).get(name=E911)
    assert (copy.failed, copy.doubted_at) == ("", None)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 20))
def test_after_a_thousand_random_operations_too(harbor, cast, sandbox, changes, seed):
    play = Play(harbor, cast.owner, sandbox, seed)
    for _ in range(60):
        play.step()
    play.rest()
    ours = Record.objects.of(harbor).filter(standing=Standing.PROTECTED)
    there = provider.E911.objects.filter(pk__in=sandbox.numbers_of(harbor.number))
    assert set(ours.values_list("number", flat=True)) == set(there.values_list("pk", flat=True))
