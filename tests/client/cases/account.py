"""The account."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.client.cases.base import NEWEST, OLDEST, OTHER, N, case

CALL = {
    "id": "f2ce9c3091697619f27f7e4280bf2747",
    "key": ["1000000001", "1747345100"],
    "value": {
        "ip": "192.0.2.7",
        "cn": "TOLL%20FREE%20CALL",
        "nr": "0.025",
        "dst": N,
        "dur": "40",
        "ba": "0.017500",
        "cid": OTHER,
    },
}
PROFILE = {
    "username": "1000000001",
    "name": "Acme Inc",
    "email": "user@example.com",
    "cash": 12.345678,
    "callerId": N,
    "timezone": "America/Chicago",
    "notify": True,
    "notifyThreshold": 10,
    "ccs": 23,
    "enabled": True,
    "authType": 0,
    "created": "2026-05-18T12:00:00Z",
    "services": {"sms": True, "e911": True, "bypassMedia": True},
    "rates": {"did": 1.5, "nibble": 0.0065, "tfAdj": 0.01, "intlMax": 0.5},
}
CASES = (
    case(
        "accountGet",
        lambda c: c.account.get(),
        "/v2.2/account",
        data=PROFILE,
        have=lambda a: (
            a.username,
            a.cash,
            a.rates.nibble,
            a.rates.tf_adj,
            a.services.bypass_media,
            a.services.sms,
            a.services.intl,
            a.created,
        ),
        gives=(
            "1000000001",
            Decimal("12.345678"),
            Decimal("0.0065"),
            Decimal("0.01"),
            True,
            True,
            False,
            datetime(2026, 5, 18, 12, tzinfo=UTC),
        ),
    ),
    case(
        "accountPut",
        lambda c: c.account.update(
            timezone="America/Chicago", notify=False, notify_threshold=25, caller_id=N, sms=True
        ),
        "/v2.2/account",
        body={
            "timezone": "America/Chicago",
            "notify": False,
            "notifyThreshold": 25,
            "callerId": N,
            "sms": True,
        },
        data={"updated": ["timezone", "notify"]},
        gives=("timezone", "notify"),
    ),
    case(
        "accountSubaccountCreate",
        lambda c: c.account.create_subaccount(
            "1000000009", "Acme Inc", "user@example.com", "1000000001"
        ),
        "/v2.2/account",
        body={
            "username": "1000000009",
            "name": "Acme Inc",
            "email": "user@example.com",
            "masterAccount": "1000000001",
        },
        data={
            "username": "1000000009",
            "password": "pw",
            "name": "Acme Inc",
            "email": "user@example.com",
            "masterAccount": "1000000001",
        },
        have=lambda a: (a.username, a.password, a.master_account, "pw" in repr(a)),
        gives=("1000000009", "pw", "1000000001", False),
    ),
    case(
        "accountApiKey",
        lambda c: c.account.exchange_key("1000000001", "abc1234567"),
        "/v2.2/account/api-key",
        body={"username": "1000000001", "password": "abc1234567"},
        data={"apikey": "f" * 32},
        gives="f" * 32,
    ),
    case(
        "accountRecovery",
        lambda c: c.account.recover("user@example.com"),
        "/v2.2/account/recovery",
        body={"email": "user@example.com"},
        data={"message": "Sent."},
    ),
    case(
        "accountCreate",
        lambda c: c.account.sign_up("Acme Inc", "user@example.com", "SPRING"),
        "/v2.2/accounts",
        body={"name": "Acme Inc", "email": "user@example.com", "promo": "SPRING"},
        data={
            "username": "1000000009",
            "password": "pw",
            "name": "Acme Inc",
            "email": "user@example.com",
        },
        have=lambda a: (a.username, a.password),
        gives=("1000000009", "pw"),
    ),
    case(
        "accountCdr",
        lambda c: c.account.cdr(NEWEST, OLDEST),
        "/v2.2/account/cdr",
        query={"start": "1747345200", "end": "1747258800"},
        data={"start": 1747345200, "end": 1747258800, "cdr": [CALL]},
        have=lambda a: [
            (
                x.id,
                x.account,
                x.started,
                x.seconds,
                x.cost,
                x.rate,
                x.caller,
                x.called,
                x.caller_name,
                x.ip,
            )
            for x in a.calls
        ],
        gives=[
            (
                CALL["id"],
                "1000000001",
                datetime(2025, 5, 15, 21, 38, 20, tzinfo=UTC),
                Decimal(40),
                Decimal("0.017500"),
                Decimal("0.025"),
                OTHER,
                N,
                "TOLL FREE CALL",
                "192.0.2.7",
            )
        ],
    ),
    case(
        "accountCredits",
        lambda c: c.account.credits("unpaid"),
        "/v2.2/account/credits",
        query={"status": "unpaid"},
        data={"credits": [{"paid": False, "date": "2024-09-30T12:52:59+00:00", "amount": 25.0}]},
        have=lambda a: [(x.amount, x.paid, x.date) for x in a],
        gives=[(Decimal("25.0"), False, datetime(2024, 9, 30, 12, 52, 59, tzinfo=UTC))],
    ),
    case(
        "accountPayments",
        lambda c: c.account.payments(),
        "/v2.2/account/payments",
        data={
            "payments": [
                {
                    "amount": 25.1,
                    "date": "2024-09-30T12:52:59+00:00",
                    "payerEmail": "a@example.com",
                    "transactionId": "2N0",
                    "status": "Completed",
                }
            ]
        },
        have=lambda a: [(x.amount, x.status, x.transaction_id, x.payer_email) for x in a],
        gives=[(Decimal("25.1"), "Completed", "2N0", "a@example.com")],
    ),
    case(
        "accountRecurringCharges",
        lambda c: c.account.recurring_charges(),
        "/v2.2/account/recurring-charges",
        data={"charges": [{"amount": 1.5, "description": "Numbers"}], "total": 1.5},
        have=lambda a: (a.total, a.charges[0].amount, a.charges[0].description),
        gives=(Decimal("1.5"), Decimal("1.5"), "Numbers"),
    ),
    case(
        "accountRegistration",
        lambda c: c.account.registration(),
        "/v2.2/account/registration",
        data={"agent": "Phone/1", "uri": "sip:1@192.0.2.1:5060"},
        have=lambda a: (a.agent, a.uri),
        gives=("Phone/1", "sip:1@192.0.2.1:5060"),
    ),
)
