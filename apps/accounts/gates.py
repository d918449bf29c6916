"""Who may open a view: the request as our views see it, and the question of the role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Right, Role, allows, roles_with
from apps.audit.services import record
from apps.ui.errors import render_sentence

P = ParamSpec("P")
NO_ACCOUNT = (
    "This page belongs to a VoiceTel account, and you're not connected to one yet. Home shows you"
    " how to connect yours."
)
NO_CUSTOMER = "This page belongs to a customer's account. Open the account under Staff instead."


class PortalRequest(HttpRequest):
    """A request of a signed-in person with an account (middleware.CurrentAccount), as role_required
    hands it on.
    """

    user: User
    account: Account
    membership: Membership
    memberships: list[Membership]
    htmx: HtmxDetails


class StaffRequest(HttpRequest):
    """A request of one of the portal's own people, as staff_required hands it on.

    They need have no account.
    """

    user: User
    htmx: HtmxDetails


def staff_required(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The view runs only for support and administrators; for everybody else who is signed in, it
    does not exist.

    Who is not signed in was sent to sign in, and staff without a second factor to set it up, before
    this (LoginRequiredMiddleware, FactorFirst).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request.user, "staff", User.Staff.NONE) not in {
            User.Staff.SUPPORT,
            User.Staff.ADMIN,
        }:
            raise Http404("for staff only")
        return view(cast(StaffRequest, request), *args, **kwargs)

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)


def role_required(
    needs: Right,
) -> Callable[
    [Callable[Concatenate[PortalRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """The view runs only for a member of the current account whose role has the right.

    No account: 404 with a sentence, as nothing of any account exists for that person. Wrong role:
    403 with a sentence, and an event when something was to be changed. A form of another account's
    page never comes here (switching/shown.py). Whose thing it is, the view's selector asks through
    the account.
    """

    def gate(
        view: Callable[Concatenate[PortalRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return refusal(request, needs) or view(request, *args, **kwargs)  # type: ignore[arg-type]

        # the matrix of tests and the docs read it
        guarded.needs = needs  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return gate


def refusal(request: Any, needs: Right) -> HttpResponse | None:
    """The answer for someone without the right; None for who has it."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        said = NO_CUSTOMER if getattr(request.user, "is_staff", False) else NO_ACCOUNT
        return render_sentence(request, said, status=404, title="You're not on an account")
    if allows(membership.role, needs):
        return None
    if request.method not in {"GET", "HEAD"}:  # a GET changes no table, not even this one
        match = request.resolver_match
        record(
            request.user,
            membership.account,
            "role_refused",
            match.view_name if match else "",
            role=membership.role,
            needs=needs.value,
        )
    return render_sentence(request, _sentence(membership, needs), status=403)


def _sentence(membership: Membership, needs: Right) -> str:
    mine = Role(membership.role).label.lower() if membership.role in Role.values else "unknown"
    return (
        f"This needs the {roles_with(needs)} role, and yours on {membership.account} is {mine}."
        " Nothing has changed. Ask an owner of the account to do it, or to change your role."
    )
