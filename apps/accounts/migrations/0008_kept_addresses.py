"""Email addresses move to the one form that is kept (apps/emails.py). People are told in the portal.

Where another person has that form already, nothing is merged: the row stays, both people keep
signing in, and `manage.py addresses` lists it for the staff to mend (docs/operations.md).
"""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from apps.emails import NotAnAddress, kept_address


def keep(apps: Any, editor: Any) -> None:
    people(apps)
    invitations(apps)
    # Their secret may have gone to another domain: whoever wants to connect asks for another link.
    for link in apps.get_model("accounts", "ConnectLink").objects.all():
        if _moved(link.email) != link.email:
            link.delete()
    for letter in apps.get_model("accounts", "Letter").objects.all():
        if _moved(letter.to) != letter.to:
            letter.to = _moved(letter.to)
            letter.save(update_fields=["to"])


def people(apps: Any) -> None:
    """Move each person's address, or leave it where somebody has its kept form; tell them."""
    rows = apps.get_model("accounts", "User").objects
    notices: list[Any] = []
    for person in rows.order_by("pk").only("pk", "email"):
        before, after = person.email, _moved(person.email)
        if after == before:
            continue
        taken = rows.filter(email=after).exists()
        if not taken:
            rows.filter(pk=person.pk).update(email=after)
        print(f"  {before} {'also names the mailbox of' if taken else 'is now'} {after}")
        notices.append(_notice(apps, person, before, after, taken))
    # by the plain manager: the app's own asks whose rows are wanted
    apps.get_model("notifications", "Notice")._base_manager.bulk_create(notices)


def invitations(apps: Any) -> None:
    """Move open invitations. Their links went to another domain and stop working; a new email goes
    to the address that was meant.
    """
    rows = apps.get_model("accounts", "Invitation")._base_manager.filter(state="open")
    for row in rows.select_related("account", "invited_by"):
        after = _moved(row.email)
        if after == row.email:
            continue
        if rows.filter(account=row.account, email=after).exists():
            rows.filter(pk=row.pk).update(state="withdrawn")
            continue
        rows.filter(pk=row.pk).update(email=after, print=None)
        apps.get_model("accounts", "Letter").objects.create(
            kind="invitation",
            to=after,
            facts={
                "invitation": row.pk,
                "by": row.invited_by.email if row.invited_by else "An owner",
                "account": row.account.name or row.account.number,
                "role": row.role,
            },
        )


def _moved(address: str) -> str:
    """Return the kept form; the same text where it has none, as nothing is mailed to that."""
    try:
        return kept_address(address)
    except NotAnAddress:
        return address


def _notice(apps: Any, person: Any, before: str, after: str, taken: bool) -> Any:
    now = timezone.now()
    return apps.get_model("notifications", "Notice")(
        user_id=person.pk,
        kind="address_taken" if taken else "address_moved",
        facts={"before": before, "after": after},
        once="0008",
        at=now,
        mail_due_at=None if taken else now,
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0007_no_due_columns"),
        ("notifications", "0001_initial"),
    ]

    operations: ClassVar = [migrations.RunPython(keep, migrations.RunPython.noop)]
