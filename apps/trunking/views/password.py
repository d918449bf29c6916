"""`/trunking/authentication/password/`: a new SIP password, which also turns the API key."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.accounts import sealed
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account
from apps.accounts.proving.gate import fresh_required
from apps.accounts.roles import Right
from apps.trunking import guard, selectors, tasks, turning
from apps.trunking.forms import PasswordForm
from apps.trunking.models import KeyTurn
from apps.trunking.views.frame import frame, strips
from apps.ui.http import LATER, SOON, STOP, get_or_post
from apps.ui.render import SeeOther, render_page, render_part
from apps.voicetel import clock

PART, PAGE, HERE = (
    "trunking/_turn.html",
    "trunking/password.html",
    "/trunking/authentication/password/",
)
BECAUSE = "Your phone system can't sign in until it has the new password."


def is_operators(account: Account) -> bool:
    """Whether the portal's own key is this account's: only a setting could renew that one."""
    try:
        return bool(settings.VOICETEL_ADMIN_KEY) and account.key() == settings.VOICETEL_ADMIN_KEY
    except sealed.Unsealable:
        return False


def table_of(standing: selectors.Standing) -> guard.Table:
    """What stops until the new password is typed there."""
    now = selectors.setup_of(standing)
    return guard.compare(now, replace(now, turned=True)).about(())


def turn_of(request: PortalRequest) -> dict[str, Any]:
    """Context of trunking/_turn.html: the request that is open, or was settled last."""
    row = turning.find_turn(request.account)
    moving = row is not None and row.state in turning.OPEN
    place = turning.place_of(row) if row and moving else None
    soon = place is None or (place.about_at - clock.about_now()).total_seconds() < 60
    return {
        "turn": row,
        "moving": moving,
        "place": place,
        "soon": soon,
        "every": SOON if soon else LATER,
        "states": KeyTurn.State,
    }


def page_of(request: PortalRequest, data: Any = None) -> dict[str, Any]:
    """Context of trunking/password.html. data: of the form that was sent."""
    standing = selectors.find_standing(request.account)
    table = table_of(standing)
    return (
        frame(request, "authentication", standing)
        | turn_of(request)
        | {
            "table": table,
            "form": PasswordForm(table, data),
            "operators": is_operators(request.account),
            "strips": strips(request, "access", "password"),
        }
    )


@role_required(Right.OWN)
def show(request: PortalRequest) -> HttpResponse:
    """The form; while a request is open, where it stands. The part looks again while it moves."""
    if request.htmx.target == "trunking-turn":
        context = turn_of(request)
        status = 200 if context["moving"] else STOP
        return render_part(request, PART, context, page=PAGE, status=status)
    return render_page(request, PAGE, page_of(request))


@role_required(Right.OWN)
@fresh_required(because=BECAUSE)
def change(request: PortalRequest) -> HttpResponse:
    """One wish an account. Nothing is sent before its turn, unless the password leaked."""
    context = page_of(request, request.POST)
    form: PasswordForm = context["form"]
    if form.is_valid() and (context["operators"] or not request.account.connected):
        form.add_error(None, "The password of this account can't be changed here now.")
    if not form.is_valid():
        form.renew()
        return render_page(request, PAGE, context, 422)
    data = form.cleaned_data
    row = turning.ask(
        request.account, request.user, data["password"], form.token, at_once=data["at_once"]
    )
    if row.at_once:
        tasks.ask_turn(row.pk)
    return SeeOther(HERE)


password = get_or_post(show, change)


@require_POST
@role_required(Right.OWN)
def cancel(request: PortalRequest) -> HttpResponse:
    """Withdraw a request of which nothing was sent."""
    turning.cancel(request.account, request.user)
    return SeeOther(HERE)
