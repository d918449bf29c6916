"""Many numbers, one address: rows of the list are selected, then an address of the book is chosen.
What follows is a job, with its preview.
"""

from functools import partial

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.copies.selectors import find_copy
from apps.e911 import guides
from apps.e911.changes import ProvisionAddress
from apps.e911.forms import BulkForm
from apps.e911.models import E911, Record
from apps.e911.selectors import listing, one
from apps.e911.thing import ADDRESS
from apps.jobs import services as jobs
from apps.jobs.models import Job
from apps.jobs.selectors import get_job
from apps.jobs.states import State
from apps.ui.errors import render_sentence
from apps.ui.http import get_or_post
from apps.ui.lists.selection import Selection, TooMany
from apps.ui.render import SeeOther, render_page


@require_POST
@role_required(Right.MANAGE)
def select(request: PortalRequest) -> HttpResponse:
    """The rows that were ticked in the list, or all that match it."""
    copy = find_copy(request.account, E911)
    passing = partial(listing.narrow, request.account)
    found = Record.objects.of(request.account)
    try:
        chosen = Selection.of(listing.spec_of(copy), found, request.POST, narrow=passing)
        numbers = list(chosen.queryset().order_by("number").values_list("number", flat=True))
    except TooMany as many:
        return render_sentence(request, str(many), status=422)
    if not numbers:
        return render_sentence(request, "Select at least one number first.", status=422)
    job = jobs.select(request.account, numbers, by=request.user, thing=ADDRESS)
    return SeeOther(job.href)


@require_safe
@role_required(Right.MANAGE)
def show(request: PortalRequest, pk: int) -> HttpResponse:
    """Which address and caller name, with what is new and so has a fee."""
    job = _draft(request, pk)
    initial = {"address": request.GET.get("address"), "caller_name": one.any_name(job.account)}
    return _page(request, job, BulkForm(job.account, _new(job), initial=initial))


@role_required(Right.MANAGE)
def choose(request: PortalRequest, pk: int) -> HttpResponse:
    """The preview of a job that provisions each of them. Nothing is sent yet."""
    job = _draft(request, pk)
    form = BulkForm(job.account, _new(job), request.POST)
    if not form.is_valid():
        return _page(request, job, form, status=422)
    change = form.change()
    assert isinstance(change, ProvisionAddress)
    return SeeOther(jobs.draft_same(change, job.items, by=request.user, of=job).href)


bulk = get_or_post(show, choose)


def _draft(request: PortalRequest, pk: int) -> Job:
    job = get_job(request.account, pk)
    if job.thing != ADDRESS.name or job.state != State.DRAFT:
        raise Http404
    return job


def _new(job: Job) -> int:
    return one.how_many_new(job.account, job.items)


def _page(request: PortalRequest, job: Job, form: BulkForm, status: int = 200) -> HttpResponse:
    replaced = len(job.items) - form.new
    context = {"job": job, "form": form, "replaced": replaced, "guides": guides}
    return render_page(request, "e911/bulk.html", context, status)
