"""The account's own settings, in the order of their page."""

from apps.accounts.models import Account
from apps.changes.kit.setting import Setting
from apps.team.account.changes import SetDefaultCallerId, SetTimeZone
from apps.team.account.forms import CallerIdForm, TimeZoneForm
from apps.team.account.zones import words_of
from apps.ui.format import phone

GROUP = "Account settings"


def caller_id(account: Account) -> str:
    profile = getattr(account, "profile", None)
    return phone(profile.caller_id) if profile and profile.caller_id else ""


SETTINGS: tuple[Setting[Account], ...] = (
    Setting(
        "time-zone",
        "Time zone",
        GROUP,
        lambda account: words_of(account.zone),
        "Not known yet",
        TimeZoneForm,
        (SetTimeZone,),
    ),
    Setting(
        "caller-id",
        "Default caller ID",
        GROUP,
        caller_id,
        "Not set, or not read yet",
        CallerIdForm,
        (SetDefaultCallerId,),
    ),
)
BY_NAME = {each.name: each for each in SETTINGS}
