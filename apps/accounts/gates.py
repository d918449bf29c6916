"""Who may open a view: the request as our views see it, and the question of the role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role, allows
from apps.audit.services import record
from apps.ui.errors import render_sentence

P = ParamSpec("P")


class PortalRequest(HttpRequest):
    """A request of a signed-in person with an account (middleware.CurrentAccount), as role_required hands it on."""

    user: User
    account: Account
    membership: Membership
    memberships: list[Membership]
    htmx: HtmxDetails


def role_required(
    needs: Role,
) -> Callable[[Callable[Concatenate[PortalRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """The view runs only for a member of the current account whose role has the right.

    No account: 404 with a sentence, as nothing of any account exists for that person. Wrong role: 403 with a sentence, and an
    event. Whose thing it is, the view's selector asks through the account.
    """

    def gate(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refused = refusal(request, needs)
            return refused or view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.needs = needs  # type: ignore[attr-defined]  # the matrix of tests and the docs read it
        return guarded

    return gate


def refusal(request: Any, needs: Role) -> HttpResponse | None:
    """The answer for somebody without the right; None for who has it."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return render_sentence(request, "No VoiceTel account is connected to your sign-in, so there is nothing to show here yet.", status=404)
    if allows(membership.role, needs):
        return None
    match = request.resolver_match
    record(request.user, membership.account, "role_refused", match.view_name if match else "", role=membership.role, needs=needs.value)
    return render_sentence(request, _sentence(membership, needs), status=403)


def _sentence(membership: Membership, needs: Role) -> str:
    mine = Role(membership.role).label.lower() if membership.role in Role.values else membership.role
    return f"This needs the {needs.label.lower()} role; yours on {membership.account} is {mine}. Nothing was changed."
