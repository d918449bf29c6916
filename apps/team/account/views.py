"""`/settings/account/`: what VoiceTel keeps about the account, and what can be changed there."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account
from apps.accounts.roles import Right, allows
from apps.changes.kit.account import ACCOUNT
from apps.changes.kit.pages import SettingPages
from apps.changes.kit.panels import Panel, Panels, asked
from apps.team.account.settings import BY_NAME, SETTINGS
from apps.team.selectors import account_facts
from apps.ui.http import get_or_post
from apps.ui.render import render_page, wants_part

PAGE = "team/account.html"


def panels_of(request: PortalRequest, account: Account) -> Panels[Account]:
    """The settings of the account as this person may see and change them."""
    given = request.POST if request.method == "POST" else request.GET
    return Panels(
        request,
        ACCOUNT,
        account.number,
        account,
        SETTINGS,
        app="team",
        may_change=allows(request.membership.role, Right.MANAGE),
        **asked(given, part=wants_part(request)),
    )


def account_page(
    request: PortalRequest, account: Account, *given: Panel[Account]
) -> dict[str, Any]:
    """Context of team/account.html."""
    groups = panels_of(request, account).grouped(given)
    return {"groups": groups, "facts": account_facts(account)}


def _anew(request: PortalRequest, account: Account) -> Account:
    return Account.objects.select_related("profile").get(pk=account.pk)


PAGES = SettingPages(
    page=PAGE,
    part=lambda request: "changes/_setting.html",
    find=BY_NAME.__getitem__,
    panels=panels_of,
    context=account_page,
    anew=_anew,
)


@require_safe
@role_required(Right.VIEW)
def account(request: PortalRequest) -> HttpResponse:
    profiles.want(request.account)
    return render_page(request, PAGE, account_page(request, request.account))


@role_required(Right.VIEW)
def show(request: PortalRequest, name: str) -> HttpResponse:
    return PAGES.show(request, request.account, name)


@role_required(Right.MANAGE)
def change(request: PortalRequest, name: str) -> HttpResponse:
    return PAGES.change(request, request.account, name)


setting = get_or_post(show, change)
