"""The settings of a number, in the order of its page."""

from collections.abc import Callable
from datetime import datetime

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.changes.kit.kept import KEPT, Kept
from apps.changes.kit.setting import Setting
from apps.numbers.changes import (
    SetCallerName,
    SetCnam,
    SetFax,
    SetForward,
    SetPin,
    SetRoute,
    SetSms,
    SetTranslation,
    StopFax,
    StopForward,
    StopSms,
)
from apps.numbers.forms.calls import CnamForm, ForwardForm, LabelForm, RouteForm, TranslationForm
from apps.numbers.forms.identity import CallerNameForm, PinForm
from apps.numbers.forms.messages import FaxForm, SmsForm
from apps.numbers.international import shown
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.numbers.thing import NUMBER
from apps.ui.format import day

CALLS, MESSAGES, LEAVING = "Calls", "Messages & fax", "Leaving"
NOT_TOLD = "Not set here yet, and VoiceTel doesn't share it"
FAX_ROUTES = frozenset({"T30", "T38"})  # the system routes on which VoiceTel takes faxes


def on(column: str) -> Callable[[Number], str]:
    """The words for a yes-or-no column: "On", or none."""
    return lambda row: "On" if getattr(row, column) else ""


def set_on(row: Number, at: datetime | None) -> str:
    """When a value that can't be read was set here; "" where it wasn't."""
    return f"Set here on {day(at, row.account.zone)}" if at else ""


def no_fax_route(row: Number) -> str:
    """Why faxes don't arrive on a number that has a fax address."""
    if not row.fax or row.gateway in FAX_ROUTES:
        return ""
    return "Faxes arrive only while the route is T30 or T38"


SETTINGS: tuple[Setting[Number], ...] = (
    Setting(
        "label", "Label", CALLS, lambda row: row.label, "No label", LabelForm, kept="number_labeled"
    ),
    Setting(
        "forward",
        "Call forwarding",
        CALLS,
        lambda row: f"All calls go to {shown(row.forward_to)}" if row.forward_to else "",
        "Not forwarded",
        ForwardForm,
        (SetForward, StopForward),
        bulk=True,
    ),
    Setting(
        "route",
        "Route",
        CALLS,
        one.route_shown,
        "No route",
        RouteForm,
        (SetRoute,),
        note=lambda row: "Not used while forwarding is on" if row.forward_to else "",
        bulk=True,
    ),
    Setting(
        "cnam", "Caller ID name lookup", CALLS, on("cnam"), "Off", CnamForm, (SetCnam,), bulk=True
    ),
    Setting(
        "translation",
        "Number sent to your system",
        CALLS,
        one.translated_shown,
        "As dialed",
        TranslationForm,
        (SetTranslation,),
        bulk=True,
    ),
    Setting(
        "caller-name",
        "Outbound caller name",
        CALLS,
        lambda row: row.caller_name,
        "Not known",
        CallerNameForm,
        (SetCallerName,),
        note=lambda row: set_on(row, row.caller_name_at) or NOT_TOLD,
        bulk=True,
    ),
    Setting(
        "sms",
        "Inbound messages",
        MESSAGES,
        one.sms_shown,
        "Off",
        SmsForm,
        (SetSms, StopSms),
        bulk=True,
    ),
    Setting(
        "fax",
        "Fax to email",
        MESSAGES,
        one.fax_shown,
        "Off",
        FaxForm,
        (SetFax, StopFax),
        note=no_fax_route,
        bulk=True,
    ),
    Setting(
        "pin",
        "Port-out PIN",
        LEAVING,
        lambda row: set_on(row, row.pin_at),
        "Not known",
        PinForm,
        (SetPin,),
        note=lambda row: "" if row.pin_at else NOT_TOLD,
        bulk=True,
    ),
)


def find_setting(name: str) -> Setting[Number]:
    """Raises StopIteration for a name that no setting has."""
    return next(each for each in SETTINGS if each.name == name)


def list_bulk() -> list[Setting[Number]]:
    """The settings that many numbers can get at once."""
    return [each for each in SETTINGS if each.bulk and each.form]


def find_bulk(name: str) -> Setting[Number]:
    """Raises StopIteration for a name that no such setting has."""
    return next(each for each in list_bulk() if each.name == name)


def _label_of(account: Account, number: str) -> str | None:
    return one.values_of(account, [number], "label").get(number)


KEPT.add(
    {
        "number_labeled": Kept(
            NUMBER,
            "Label",
            "No label",
            Right.MANAGE,
            _label_of,
            lambda account, number, label, by: rows.label_number(account, number, label, by=by),
        )
    }
)
