"""Jobs: the list, one job, and what its buttons do."""

from collections.abc import Callable
from typing import cast

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.jobs import selectors, services
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.ui.http import STOP, status_of_part
from apps.ui.lists.export import FileOf
from apps.ui.render import SeeOther, guarded, render_page, render_part

PART, ROWS = "jobs-job", "jobs-changes"


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    listing = selectors.list_jobs(request, request.account)
    status = status_of_part(request, "jobs-table", listing.every)
    return render_part(
        request, "jobs/_table.html", {"listing": listing}, page="jobs/list.html", status=status
    )


@require_safe
@role_required(Right.VIEW)
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    """A draft's preview; a started job with its changes. htmx gets the part that it asks for."""
    job = selectors.get_job(request.account, pk)
    if job.state == State.DRAFT:
        context = selectors.preview_panel(job, request.membership)
        return render_page(request, "jobs/preview.html", context)
    if request.htmx.target == ROWS:
        context = {"job": job, "listing": selectors.list_changes(request, job)}
        return render_part(request, "jobs/_changes.html", context, page="jobs/detail.html")
    context = selectors.job_panel(job, request.membership)
    if request.htmx.target == PART:
        return _part(request, context)
    context["listing"] = selectors.list_changes(request, job)
    return render_page(request, "jobs/detail.html", context)


@require_safe
@role_required(Right.VIEW)
def changes_file(request: PortalRequest, made: FileOf, pk: int) -> HttpResponseBase:
    """All changes of a job that the page shows for the same query, as a file."""
    job = selectors.get_job(request.account, pk)
    rows = selectors.all_changes(request, job)
    return made(f"job-{job.pk}", selectors.CHANGES, rows, request.account.zone)


@require_POST
@role_required(Right.MANAGE)
def start(request: PortalRequest, pk: int) -> HttpResponse:
    job = selectors.get_job(request.account, pk)
    mark = request.POST.get("mark", "")
    services.start(job, by=request.user, mark=mark, fresh_at=signed_in_at(request))
    return guarded(SeeOther(job.href))


def _decision(decide: Callable[..., Job]) -> Callable[..., HttpResponse]:
    """A POST that decides about a job and leads to the job that it makes, or to the same."""

    @require_POST
    @role_required(Right.MANAGE)
    def view(request: PortalRequest, pk: int) -> HttpResponse:
        job = decide(selectors.get_job(request.account, pk), by=request.user)
        return guarded(SeeOther(job.href))

    return cast(Callable[..., HttpResponse], view)


pause, resume, stop = map(_decision, (services.pause, services.resume, services.stop))
undo, retry = map(_decision, (services.undo, services.retry))


def _part(request: PortalRequest, context: dict[str, object]) -> HttpResponse:
    """The head of the page again. Once nothing moves, htmx is told to stop and the list to come
    along.
    """
    status = 200 if context["every"] else STOP
    response = render_part(
        request, "jobs/_job.html", context, page="jobs/detail.html", status=status
    )
    response["HX-Trigger"] = "job-moved" if context["every"] else "job-ended"
    return response
