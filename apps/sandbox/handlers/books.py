"""The account's books and settings: credits, payments, what may be changed, new
accounts, recovery.
"""

import hashlib
from typing import Any
from zoneinfo import available_timezones

from apps.sandbox import clock, people
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Account, Credit, Payment
from apps.sandbox.rules import EMAIL, TEN_DIGITS, Asked, Refusal
from apps.sandbox.wire import dollars

FOR_ADMINS = ("ccs", *people.SERVICES)


@plays("accountCredits")
def credits_of(asked: Asked) -> dict[str, Any]:
    status = asked.query.get("status", "")
    if "status" in asked.query and status not in {"paid", "unpaid"}:
        raise Refusal(400, "Invalid status filter: must be 'paid' or 'unpaid'")
    rows = Credit.objects.filter(account=asked.account.pk)
    if status:
        rows = rows.filter(paid=status == "paid")
    return {
        "credits": [
            {"amount": dollars(row.amount), "date": clock.iso(row.at), "paid": row.paid}
            for row in rows.order_by("-at", "-pk")
        ]
    }


@plays("accountPayments")
def payments(asked: Asked) -> dict[str, Any]:
    return {
        "payments": [
            {
                "amount": dollars(row.amount),
                "date": clock.iso(row.at),
                "payerEmail": asked.account.email,
                "transactionId": row.transaction,
                "status": row.status,
            }
            for row in Payment.objects.filter(account=asked.account.pk).order_by("-at", "-pk")
        ]
    }


@plays("accountPut")
def change_account(asked: Asked) -> dict[str, Any]:
    """Customers: timezone, notify, notifyThreshold, callerId.

    Administrators: also ccs and the services.
    """
    account, body = asked.account, asked.body
    updated: list[str] = []
    if "timezone" in body:
        account.zone = asked.text("timezone")
        if account.zone not in available_timezones():
            raise Refusal(400, "Invalid timezone")
        updated.append("timezone")
    if "callerId" in body:
        account.caller_id = asked.ten_digits("callerId")
        updated.append("callerId")
    if "notify" in body:
        account.notify = asked.boolean("notify")
        updated.append("notify")
    if "notifyThreshold" in body:
        account.notify_threshold = asked.integer("notifyThreshold")
        if not 0 <= account.notify_threshold <= 1_000_000:
            raise Refusal(400, "Invalid notifyThreshold")
        updated.append("notifyThreshold")
    for name in FOR_ADMINS:
        if name not in body:
            continue
        if not account.admin:
            raise Refusal(400, f"Field not allowed: {name} (administrators only)")
        if name == "ccs":
            account.ccs = asked.integer("ccs")
        else:
            account.services = account.services | {name: asked.boolean(name)}
        updated.append(name)
    if not updated:
        raise Refusal(400, "No fields to update")
    account.save()
    return {"updated": updated}


def open_account(asked: Asked, username: str, name: str, email: str, master: str) -> Account:
    """A new account with a generated password; nothing on it."""
    random = hashlib.blake2b(f"{username} {asked.at}".encode(), digest_size=8).hexdigest()
    return Account.objects.create(
        username=username,
        name=name,
        email=email,
        password=f"{random[:7]}a1",  # six to ten letters and digits, at least one of each
        apikey=people.key_of(f"{username} {random}", 0),
        created=asked.at,
        master=master,
        caller_id="",
        services=dict.fromkeys(people.SERVICES, False) | {"sms": True, "e911": True, "cnam": True},
        rates=dict(people.RATES),
    )


@plays("accountCreate")
def sign_up(asked: Asked) -> dict[str, Any]:
    name, email = asked.text("name", most=200), asked.email()
    asked.maybe_text("promo", most=100)
    if Account.objects.filter(email__iexact=email).exists():
        raise Refusal(409, "Creation failed: email address in use")
    newest = max(
        int(username)
        for username in Account.objects.filter(username__startswith="1").values_list(
            "username", flat=True
        )
    )
    account = open_account(asked, str(newest + 1), name, email, str(newest + 1))
    return {
        "username": account.username,
        "password": account.password,
        "name": name,
        "email": email,
    }


@plays("accountSubaccountCreate")
def add_subaccount(asked: Asked) -> dict[str, Any]:
    if not asked.account.admin:
        raise Refusal(403, "Forbidden: administrators only")
    username, name, email = asked.text("username"), asked.text("name", most=200), asked.email()
    master = asked.maybe_text("masterAccount") or username
    if not (username.isascii() and username.isdigit() and len(username) == 10):
        raise Refusal(409, "Creation failed: username must be ten digits")
    if Account.objects.filter(pk=username).exists():
        raise Refusal(409, "Creation failed: username exists")
    if master != username and not Account.objects.filter(pk=master).exists():
        raise Refusal(409, "Creation failed: no such master account")
    account = open_account(asked, username, name, email, master)
    return {
        "username": username,
        "password": account.password,
        "name": name,
        "email": email,
        "masterAccount": master,
    }


@plays("accountRecovery")
def recover(asked: Asked) -> dict[str, Any]:
    email = asked.body.get("email")
    if not isinstance(email, str) or not EMAIL.fullmatch(email.strip()):
        raise Refusal(400, "Invalid email address", inside={"requirement": "Must be valid"})
    if not Account.objects.filter(email__iexact=email.strip()).exists():
        raise Refusal(404, "Email not found")
    return {"message": "Recovery email sent."}


def caller_id_of(account: Account) -> str:
    """accountGet must show ten digits: a new account shows the provider's own number."""
    return account.caller_id if TEN_DIGITS.fullmatch(account.caller_id) else "8885550100"
