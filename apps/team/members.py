"""`/settings/members/`: who works on the account, for its owners."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts import members as accounts_members
from apps.accounts.arriving import invitations
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import JoinRequest, Membership
from apps.accounts.proving.gate import fresh_required, must_be_fresh
from apps.accounts.roles import Right, Role
from apps.team import member_selectors as selectors
from apps.team.member_forms import InviteForm, RoleForm
from apps.ui.errors import render_sentence
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

LAST = "An account keeps at least one owner. Make someone else an owner first; nothing was changed."


@get_or_post
@role_required(Right.OWN)
@fresh_required(because="You're inviting someone to this account.")
def members(request: PortalRequest) -> HttpResponse:
    """The list; POST invites."""
    form = InviteForm(posted(request))
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            invitations.invite(request.account, request.user, email, form.cleaned_data["role"])
        except invitations.Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(
                request, f"{email} is invited. The link in the mail works once, within 72 hours."
            )
            return _back()
    panel = selectors.members_page(request.account, request.user)
    return render_page(
        request, "team/members.html", {**panel, "form": form}, status=status_of(form)
    )


@require_POST
@role_required(Right.OWN)
def member(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = _member(request, pk)
    must_be_fresh(
        request, f"You're changing the role of {membership.user}.", then=reverse("team:members")
    )
    form = RoleForm(request.POST)
    if not form.is_valid():
        return render_sentence(
            request,
            "Choose one of the roles. Nothing was changed.",
            status=422,
            back=reverse("team:members"),
        )
    try:
        still = accounts_members.change_role(membership, form.cleaned_data["role"], request.user)
    except accounts_members.LastOwner:
        return render_sentence(request, LAST, status=409, back=reverse("team:members"))
    if membership.user_id == request.user.pk and form.cleaned_data["role"] != Role.OWNER:
        return SeeOther(reverse("team:profile"))
    if still:
        messages.success(
            request, f"{membership.user} is {Role(form.cleaned_data['role']).label.lower()} now."
        )
    else:
        messages.info(request, f"{membership.user} is not a member any more. Nothing was changed.")
    return _back()


@require_POST
@role_required(Right.OWN)
def member_limit(request: PortalRequest, pk: int) -> HttpResponse:
    """Set what a member can spend in 24 hours."""
    membership = _member(request, pk)
    must_be_fresh(
        request,
        f"You're changing what {membership.user} can spend.",
        then=reverse("team:members"),
    )
    form = selectors.limit_form(membership, request.POST)
    if form is not None and not form.is_valid():
        panel = selectors.members_page(request.account, request.user, {pk: form})
        return render_page(
            request, "team/members.html", {**panel, "form": InviteForm()}, status=422
        )
    if form is not None and accounts_members.change_limit(
        membership, form.cleaned_data["limit"], request.user
    ):
        messages.success(request, f"The limit of {membership.user} is saved.")
    else:
        messages.info(request, f"{membership.user} has no limit to change. Nothing was changed.")
    return _back()


@get_or_post
@role_required(Right.OWN)
def member_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """GET names what follows, POST removes."""
    membership = _member(request, pk)
    if membership.user_id == request.user.pk:
        return SeeOther(reverse("team:leave"))
    if request.method != "POST":
        return render_page(request, "team/member_remove.html", {"member": membership})
    must_be_fresh(request, f"You're removing {membership.user}.", then=request.path)
    try:
        accounts_members.remove(membership, request.user)
    except accounts_members.LastOwner:
        return render_sentence(request, LAST, status=409, back=reverse("team:members"))
    messages.success(
        request,
        f"{membership.user} is removed. They may know the VoiceTel password: change it, then"
        " connect the account again.",
    )
    return _back()


@get_or_post
@role_required(Right.VIEW)
def leave(request: PortalRequest) -> HttpResponse:
    """Any member leaves the account: GET says what follows, POST does it."""
    mine, account = request.membership, request.account
    last = mine.role == Role.OWNER and not accounts_members.other_owners(account, mine)
    if request.method != "POST":
        return render_page(request, "team/leave.html", {"last": last})
    must_be_fresh(request, f"You're leaving {account}.", then=request.path)
    try:
        accounts_members.leave(mine)
    except accounts_members.LastOwner:
        return render_page(request, "team/leave.html", {"last": True}, status=409)
    messages.success(request, f"You left {account}. You no longer have access to it.")
    return SeeOther(reverse("home:home"))


@require_POST
@role_required(Right.OWN)
def join_request(request: PortalRequest, pk: int) -> HttpResponse:
    """Approve a request to join with a role, or decline it."""
    asked = (
        JoinRequest.objects.of(request.account)
        .filter(pk=pk)
        .select_related("user", "account")
        .first()
    )
    if asked is None:
        raise Http404("no such request on this account")
    must_be_fresh(
        request,
        f"You're deciding whether {asked.user.email} may join.",
        then=reverse("team:members"),
    )
    form = RoleForm(request.POST)
    declined = request.POST.get("answer") == "decline"
    if not declined and (request.POST.get("answer") != "approve" or not form.is_valid()):
        return render_sentence(
            request, "Choose a role. Nothing was changed.", status=422, back=reverse("team:members")
        )
    decided = accounts_members.decide(
        asked, request.user, None if declined else form.cleaned_data["role"]
    )
    if not decided:
        messages.info(request, "Another owner decided about this request before you.")
    elif declined:
        messages.success(
            request,
            f"{asked.user.email} is declined. You do not know them? Change the VoiceTel password.",
        )
    else:
        messages.success(request, f"{asked.user.email} works on the account now.")
    return _back()


@require_POST
@role_required(Right.OWN)
def invitation(request: PortalRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    found = invitations.open_ones(request.account).filter(pk=pk).select_related("account").first()
    if found is None:
        raise Http404("no such invitation of this account")
    must_be_fresh(
        request,
        f"You're withdrawing the invitation of {found.email}.",
        then=reverse("team:members"),
    )
    invitations.withdraw(found, request.user)
    messages.info(
        request, f"The invitation of {found.email} is canceled; its link no longer works."
    )
    return _back()


def _member(request: PortalRequest, pk: int) -> Membership:
    found = (
        Membership.objects.filter(account=request.account, pk=pk)
        .select_related("user", "account")
        .first()
    )
    if found is None:
        raise Http404("no such member of this account")
    return found


def _back() -> HttpResponse:
    return SeeOther(reverse("team:members"))
