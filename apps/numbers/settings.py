"""The settings of a number, in the order of its page."""

from collections.abc import Callable

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.changes.kit.kept import KEPT, Kept
from apps.changes.kit.setting import Setting
from apps.numbers.changes import SetCnam, SetForward, SetRoute, StopForward
from apps.numbers.forms import CnamForm, ForwardForm, LabelForm, RouteForm
from apps.numbers.international import shown
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.numbers.thing import NUMBER

CALLS, MESSAGES = "Calls", "Messages & fax"


def on(column: str) -> Callable[[Number], str]:
    """The words for a yes-or-no column: "On", or none."""
    return lambda row: "On" if getattr(row, column) else ""


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
    Setting("translation", "Number sent to your system", CALLS, one.translated_shown, "As dialed"),
    Setting("sms", "Inbound SMS", MESSAGES, on("sms"), "Off"),
    Setting("fax", "Fax to email", MESSAGES, on("fax"), "Off"),
)


def find_setting(name: str) -> Setting[Number]:
    """Raises StopIteration for a name that no setting has."""
    return next(each for each in SETTINGS if each.name == name)


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
