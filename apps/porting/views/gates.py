"""What the views of this app share: whose port or draft it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from apps.accounts.gates import PortalRequest
from apps.accounts.roles import Right, allows
from apps.porting.selectors import draft as of_draft
from apps.porting.selectors import port as of_port

View = Callable[..., HttpResponseBase]


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


def of_account(view: View) -> View:
    """The view gets the account's port, or draft, in place of its id; a stranger's does not exist,
    and VoiceTel is not asked about it.
    """

    @wraps(view)
    def found(request: PortalRequest, /, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            if "pid" in named:
                named["port"] = of_port.get_port(request.account, named.pop("pid"))
            if "draft" in named:
                named["draft"] = of_draft.get_draft(request.account, named["draft"])
            if "group" in named:
                named["group"] = of_draft.get_group(request.account, named["draft"], named["group"])
        except (of_port.NoSuchPort, of_draft.NoSuchDraft):
            raise Http404 from None
        return view(request, *args, **named)

    return found
