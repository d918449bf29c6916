"""`/lookups/`: what a look-up costs, one press, its answer, and every answer so far."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.kit.balance import balance_about
from apps.jobs import services as jobs
from apps.lookups import selectors, services
from apps.lookups.forms import AskForm, KeepForm, ListForm
from apps.lookups.kinds import LookUps
from apps.lookups.models import Lookup
from apps.lookups.thing import LOOKUP
from apps.numbers.selectors.one import ten_digits
from apps.ui.format import count, phone
from apps.ui.http import get_or_post
from apps.ui.lists.export import FileOf
from apps.ui.lists.state import digits
from apps.ui.render import SeeOther, render_page, render_part
from apps.ui.uploads import takes_files

PAGE = "lookups/lookups.html"


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


def page(request: PortalRequest, form: AskForm | None = None) -> dict[str, Any]:
    """Context of lookups/lookups.html. In the address: `number`, whose answers are shown; `entry`,
    the change whose strip is.
    """
    account = request.account
    number = ten_digits(request.GET.get("number", ""))
    balance = balance_about(account)
    offers = selectors.offers(account, balance)
    profile = getattr(account, "profile", None)
    ani = ten_digits(profile.caller_id) if profile else ""
    if form is None and may_change(request):
        shown = {"ani": ani and phone(ani), "number": number and phone(number)}
        form = AskForm(account, initial=shown)
    return {
        "form": form,
        "offers": offers,
        "funds": balance,
        "hindered": [each for each in offers if each.hinders or each.warns],
        "number": number,
        "cards": selectors.cards(account, number) if number else [],
        "strips": selectors.strips(account, request.membership, digits(request.GET.get("entry"))),
        "listing": selectors.history(request, account),
        "part": selectors.PART,
        "days": services.days_kept(account),
        "spent": selectors.spent(account),
        "may_change": may_change(request),
    }


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    if request.htmx.target == selectors.PART:
        context = {
            "listing": selectors.history(request, request.account),
            "part": selectors.PART,
        }
        return render_part(request, "lookups/_history.html", context, page=PAGE)
    profiles.want(request.account)
    return render_page(request, PAGE, page(request))


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All answers that the list shows for the same query, as a file."""
    rows = selectors.all_rows(request, request.account)
    return made("lookups", selectors.SPEC, rows, request.account.zone)


@require_POST
@role_required(Right.MANAGE)
def ask(request: PortalRequest) -> HttpResponseBase:
    """One press, one look-up, once; none where the answer is known."""
    form = AskForm(request.account, request.POST)
    if not form.is_valid():
        form.renew()
        return render_page(request, PAGE, page(request, form), status=422)
    number = form.cleaned_data["number"]
    if form.known:
        return SeeOther(f"/lookups/?number={number}&known={form.cleaned_data['kind']}")
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    machine.wait(entry)
    return SeeOther(f"/lookups/?number={number}&entry={entry.pk}")


@require_safe
@role_required(Right.MANAGE)
def show_list(request: PortalRequest) -> HttpResponse:
    """The form for many numbers."""
    profile = getattr(request.account, "profile", None)
    ani = ten_digits(profile.caller_id) if profile else ""
    return _list(request, ListForm(request.account, initial={"ani": ani and phone(ani)}))


@role_required(Right.MANAGE)
def draft_list(request: PortalRequest) -> HttpResponseBase:
    """The preview of a job that looks them up, with what it costs at most. Nothing is sent yet."""
    form = ListForm(request.account, request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    numbers, args = form.cleaned_data["read"].numbers, form.args
    new = len(numbers) - len(services.known_of(request.account, args["kind"], numbers, args["ani"]))
    job = jobs.draft(
        LookUps.name,
        request.account,
        by=request.user,
        thing=LOOKUP,
        what=f"Look up {count(new, Lookup.Kind(args['kind']).label.lower())}",
        about=selectors.most_of(request.account, args["kind"], new),
        items=numbers,
        args=args,
    )
    return SeeOther(job.href)


many = takes_files(get_or_post(show_list, draft_list))


def _list(request: PortalRequest, form: ListForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "offers": selectors.offers(request.account, None)}
    return render_page(request, "lookups/list.html", context, status)


@require_safe
@role_required(Right.MANAGE)
def show_keeping(request: PortalRequest) -> HttpResponse:
    """For how long answers are used again."""
    form = KeepForm(initial={"days": services.days_kept(request.account)})
    return render_page(request, "lookups/keeping.html", {"form": form})


@require_POST
@role_required(Right.MANAGE)
def change_keeping(request: PortalRequest) -> HttpResponseBase:
    form = KeepForm(request.POST)
    if not form.is_valid():
        return render_page(request, "lookups/keeping.html", {"form": form}, status=422)
    services.choose_days(request.account, form.cleaned_data["days"])
    return SeeOther("/lookups/")


keeping = get_or_post(show_keeping, change_keeping)
