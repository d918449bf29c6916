"""The low-balance email as a setting of `/billing/`: its form, its panel, its address."""

from typing import Any

from django import forms
from django.http import HttpResponse

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account
from apps.accounts.roles import Right, allows
from apps.billing import selectors, services
from apps.billing.changes import BALANCE, LABEL, SetLowBalance, kept, words_of
from apps.billing.models import Charges
from apps.changes.change import Change
from apps.changes.kit.forms import Button, SendsForm
from apps.changes.kit.pages import SettingPages
from apps.changes.kit.panels import Panel, Panels, asked
from apps.changes.kit.setting import Setting
from apps.ui.http import get_or_post
from apps.ui.render import wants_part

MOST = 1_000_000  # dollars, the largest that VoiceTel takes


class LowBalanceForm(SendsForm[Account]):
    """Choose when VoiceTel mails. `below`: whole dollars; the other button turns it off."""

    below = forms.IntegerField(
        label="Email when the balance falls below",
        help_text="Whole dollars. VoiceTel writes to the account's own email address.",
        min_value=0,
        max_value=MOST,
        error_messages={
            "required": "Enter an amount in whole dollars.",
            "invalid": "Enter whole dollars, like 50.",
            "min_value": "Enter 0 or more.",
            "max_value": f"Enter ${MOST:,} or less.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "off" in self.data:
            self.fields["below"].required = False

    def now(self) -> dict[str, Any]:
        return {"below": kept(getattr(self.row, "profile", None))}

    @property
    def buttons(self) -> tuple[Button, ...]:
        save = Button("Save low-balance email")
        return (save, Button("Turn off", "off")) if self.now()["below"] is not None else (save,)

    def change(self) -> Change:
        below = None if "off" in self.data else self.cleaned_data["below"]
        return SetLowBalance(self.row, self.row.number, below=below)


def now_of(account: Account) -> str:
    """The setting in words: "Below $50", "Off"; nothing while it is not known."""
    profile = getattr(account, "profile", None)
    if profile is None or profile.notify is None:
        return ""
    return words_of(kept(profile)).capitalize()


NOTICE: Setting[Account] = Setting(
    "low-balance", LABEL, "Low balance", now_of, "Not known yet", LowBalanceForm, (SetLowBalance,)
)


def panels_of(request: PortalRequest, account: Account) -> Panels[Account]:
    """The setting as this person may see and change it."""
    given = request.POST if request.method == "POST" else request.GET
    return Panels(
        request,
        BALANCE,
        account.number,
        account,
        (NOTICE,),
        app="billing",
        may_change=allows(request.membership.role, Right.BILLING),
        **asked(given, part=wants_part(request)),
    )


def billing_page(
    request: PortalRequest, account: Account, *given: Panel[Account], copy: Charges | None = None
) -> dict[str, Any]:
    """Context of billing/billing.html. copy: of the charges, for who has it at hand."""
    copy = copy or services.copy_of(account)
    return {
        **selectors.charges_panel(account, copy),
        **selectors.account_page(account, copy),
        "groups": panels_of(request, account).grouped(given),
    }


def _anew(request: PortalRequest, account: Account) -> Account:
    return Account.objects.select_related("profile").get(pk=account.pk)


PAGES = SettingPages(
    page="billing/billing.html",
    part=lambda request: "changes/_setting.html",
    find=lambda name: NOTICE,
    panels=panels_of,
    context=billing_page,
    anew=_anew,
)


@role_required(Right.VIEW)
def show(request: PortalRequest) -> HttpResponse:
    return PAGES.show(request, request.account, NOTICE.name)


@role_required(Right.BILLING)
def change(request: PortalRequest) -> HttpResponse:
    return PAGES.change(request, request.account, NOTICE.name)


low_balance = get_or_post(show, change)
