"""What the records make of the provider's odd values."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.voicetel.client.answers import Unreadable, decode
from apps.voicetel.client.records.account import Account, Cdr, NewAccount, RecurringCharges
from apps.voicetel.client.records.e911 import E911Record
from apps.voicetel.client.records.messaging import History, Message
from apps.voicetel.client.records.numbers import Number, Numbers
from apps.voicetel.client.records.porting import Port
from apps.voicetel.client.records.support import Thread
from tests.client.cases.account import CALL, PROFILE
from tests.client.cases.numbers import NUMBER
from tests.client.cases.porting import PORT
from tests.client.cases.support import THREAD


def read(record: Any, data: Any) -> Any:
    return decode(json.dumps({"status": "success", "data": data}).encode(), record)


def test_record_needs_no_more_than_what_makes_it_one() -> None:
    assert read(Number, {"number": "2015550100"}) == Number("2015550100")
    assert read(Account, {"username": "1000000001", "cash": 0}).services.sms is False


def test_number_without_a_number_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(Numbers, {"numbers": [{"route": 4}]})


def test_money_is_exact_from_numbers_and_from_text() -> None:
    body = (
        b'{"status": "success", "data": {"charges": [{"amount": "0.10", "description": "a"}],'
        b' "total": 1234567.123456789}}'
    )
    charges = decode(body, RecurringCharges)
    assert charges is not None
    assert (charges.total, charges.charges[0].amount) == (
        Decimal("1234567.123456789"),
        Decimal("0.10"),
    )


@pytest.mark.parametrize(
    "cash",
    [
        '"NaN"',
        '"Infinity"',
        '"-Infinity"',
        '"sNaN"',
        "1e999999",
        '"1e-5000"',
        "9" * 5000,
        "true",
        '""',
        "null",
        "[]",
    ],
)
def test_money_that_no_bill_can_say_is_unreadable(cash: str) -> None:
    with pytest.raises(Unreadable):
        decode(
            f'{{"status": "success", "data": {{"username": "1", "cash": {cash}}}}}'.encode(),
            Account,
        )


def test_username_as_a_number_is_text_all_the_same() -> None:
    account = read(Account, {**PROFILE, "username": 1000000001})
    assert account.username == "1000000001"
    assert isinstance(account.username, str)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-18T12:00:00Z", datetime(2026, 5, 18, 12, tzinfo=UTC)),
        ("2026-05-18T08:00:00-04:00", datetime(2026, 5, 18, 12, tzinfo=UTC)),
        ("2026-05-18T12:00:00", datetime(2026, 5, 18, 12, tzinfo=UTC)),
        ("2026-05-18 12:00:00", datetime(2026, 5, 18, 12, tzinfo=UTC)),
        (1779105600, datetime(2026, 5, 18, 12, tzinfo=UTC)),
        ("1779105600", datetime(2026, 5, 18, 12, tzinfo=UTC)),
        (1779105600.5, datetime(2026, 5, 18, 12, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_created_at_of_a_port_is_read_as_iso_and_as_unix_seconds(
    written: Any, moment: datetime
) -> None:
    port = read(Port, {**PORT, "createdAt": written})
    assert port.created_at == moment
    assert port.created_at.utcoffset() is not None


@pytest.mark.parametrize(
    "written", ["soon", "", "9" * 400, 1e300, -1e300, True, [], {}, 10**30, "2026-13-45T99:00:00Z"]
)
def test_moment_that_is_none_is_unreadable(written: Any) -> None:
    with pytest.raises(Unreadable):
        read(Port, {**PORT, "createdAt": written})


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20260601", date(2026, 6, 1)),
        ("example", None),
        ("", None),
        (None, None),
        ("20269999", None),
    ],
)
def test_foc_is_a_day_or_nothing(written: Any, day: date | None) -> None:
    assert read(Port, {**PORT, "foc": written}).foc_date == day


def test_call_is_read_from_texts() -> None:
    call = read(Cdr, {"cdr": [CALL]}).calls[0]
    assert (call.seconds, call.cost, call.started) == (
        Decimal("40"),
        Decimal("0.017500"),
        datetime(2025, 5, 15, 21, 38, 20, tzinfo=UTC),
    )


def test_oldest_call_bounds_what_an_answer_that_was_cut_covers() -> None:
    calls = [
        {**CALL, "id": str(at), "key": ["1000000001", str(at)]}
        for at in (1747345100, 1747340000, 1747342000)
    ]
    assert read(Cdr, {"cdr": calls}).oldest == datetime.fromtimestamp(1747340000, UTC)
    assert read(Cdr, {"cdr": []}).oldest is None


@pytest.mark.parametrize("start", ["-1", "x", str(10**15), None, "9" * 5000])
def test_call_without_a_start_is_unreadable(start: Any) -> None:
    with pytest.raises(Unreadable):
        read(Cdr, {"cdr": [{**CALL, "key": ["1000000001", start]}]})


@pytest.mark.parametrize("number", [2015550199, "2015550199"])
def test_far_end_of_a_message_is_text_in_every_release(number: Any) -> None:
    message = read(
        Message,
        {
            "id": "1",
            "key": ["2015550100", "1747345100"],
            "value": {"direction": "out", "number": number},
        },
    )
    assert message.far_end == "2015550199"
    assert message.outbound


@pytest.mark.parametrize(
    "key",
    [[], ["2015550100"], ["2015550100", None], ["2015550100", -5], ["2015550100", "9" * 5000]],
)
def test_message_without_a_moment_is_unreadable(key: Any) -> None:
    with pytest.raises(Unreadable):
        read(History, {"messages": [{"id": "1", "key": key, "value": {}}]})


def test_e911_number_has_ten_digits_again() -> None:
    record = {
        "dn": "12015550100",
        "address1": "a",
        "city": "b",
        "state": "NJ",
        "zip": "07601",
        "callername": "c",
    }
    assert read(E911Record, record).number == "2015550100"
    assert read(E911Record, {**record, "dn": "2015550100"}).number == "2015550100"


@pytest.mark.parametrize(
    ("kind", "state", "public"),
    [
        ("customer", "published", True),
        ("message", "published", True),
        ("note", "published", False),
        ("message", "draft", False),
        ("message", "", False),
        ("later", "published", False),
    ],
)
def test_thread_is_public_only_when_type_and_state_both_say_so(
    kind: str, state: str, public: bool
) -> None:
    assert read(Thread, {**THREAD, "type": kind, "state": state}).public is public


def test_new_password_stays_out_of_what_is_printed() -> None:
    created = read(NewAccount, {"username": "1", "password": "hidden-word"})
    assert created.password == "hidden-word"
    assert "hidden-word" not in f"{created} {created!r}"


def test_numbers_as_text_and_flags_as_numbers_are_taken() -> None:
    number = read(Number, {**NUMBER, "route": "1000", "cnam": 1, "forward": "true"})
    assert (number.route, number.cnam, number.forward) == (1000, True, True)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        read(Number, NUMBER).route = 5


def test_moments_compare_and_subtract_like_any_other() -> None:
    created = read(Account, PROFILE).created
    assert created + timedelta(days=1) > created
    assert created.isoformat() == "2026-05-18T12:00:00+00:00"
