"""Many numbers at once: chosen, then a setting for all of them, then a job with its preview."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.changes.kit.forms import SendsForm
from apps.changes.kit.setting import Setting
from apps.jobs import selectors as jobs
from apps.jobs import services
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.numbers.forms.pasting import PasteForm
from apps.numbers.models import Number
from apps.numbers.selectors import chosen
from apps.numbers.settings import find_bulk, list_bulk
from apps.numbers.thing import NUMBER
from apps.ui.format import phone
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, guarded, render_page

SHOWN = 24  # numbers of a selection that its page names
PROBLEMS = 50  # lines that its page quotes


@require_safe
@role_required(Right.MANAGE)
def paste(request: PortalRequest) -> HttpResponse:
    return render_page(request, "numbers/bulk.html", {"form": PasteForm(request.account)})


@role_required(Right.MANAGE)
def take(request: PortalRequest) -> HttpResponse:
    """A selection from the list, or one that was pasted: `pasted` says which."""
    if "pasted" not in request.POST:
        found = chosen.from_list(request.account, request.POST)
        if not found.numbers:
            context = {"form": PasteForm(request.account), "nothing": True}
            return render_page(request, "numbers/bulk.html", context, status=422)
        return _selected(request, found)
    form = PasteForm(request.account, request.POST)
    if not form.is_valid():
        return render_page(request, "numbers/bulk.html", {"form": form}, status=422)
    return _selected(request, form.cleaned_data["numbers"])


index = get_or_post(paste, take)


@require_safe
@role_required(Right.MANAGE)
def choose(request: PortalRequest, pk: int) -> HttpResponse:
    """What was selected, and the settings that all of it can get."""
    job = _selection(request, pk)
    context = _context(job) | {
        "settings": list_bulk(),
        "shown": [phone(number) for number in job.items[:SHOWN]],
        "more": max(0, job.total - SHOWN),
        "wrong": job.args.get("wrong", [])[:PROBLEMS],
    }
    return render_page(request, "numbers/bulk_choose.html", context)


@require_safe
@role_required(Right.MANAGE)
def show(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    job, setting = _selection(request, pk), _setting(name)
    return _form_page(request, job, setting, _form(request, setting))


@role_required(Right.MANAGE)
def preview(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    """The draft of a job, whose page is the preview. Nothing is sent."""
    job, setting = _selection(request, pk), _setting(name)
    form = _form(request, setting, posted=True)
    if not form.is_valid():
        form.renew()
        return _form_page(request, job, setting, form, status=422)
    try:
        draft = services.draft_same(form.change(), job.items, by=request.user, of=job)
    except services.Nothing as why:
        form.add_error(None, str(why))
        return _form_page(request, job, setting, form, status=422)
    return guarded(SeeOther(draft.href))


setting = get_or_post(show, preview)


def _selected(request: PortalRequest, found: chosen.Chosen) -> HttpResponse:
    job = services.select(
        request.account,
        found.numbers,
        by=request.user,
        thing=NUMBER,
        left_out=found.left_out,
        args={"wrong": found.wrong[:PROBLEMS]},
    )
    return guarded(SeeOther(job.href))


def _selection(request: PortalRequest, pk: int) -> Job:
    """Raises Http404 for what is no selection of this account's numbers any more."""
    job = jobs.get_job(request.account, pk)
    if job.kind or job.state != State.DRAFT or job.thing != NUMBER.name:
        raise Http404
    return job


def _setting(name: str) -> Setting[Number]:
    try:
        return find_bulk(name)
    except StopIteration:
        raise Http404 from None


def _form(
    request: PortalRequest, setting: Setting[Number], *, posted: bool = False
) -> SendsForm[Number]:
    blank = Number(account=request.account, number="")
    assert setting.form
    form = setting.form(blank, request.POST if posted else None, many=True)
    assert isinstance(form, SendsForm)
    return form


def _form_page(
    request: PortalRequest,
    job: Job,
    setting: Setting[Number],
    form: SendsForm[Number],
    status: int = 200,
) -> HttpResponse:
    context = _context(job) | {"setting": setting, "form": form, "panel": {"form": form}}
    return render_page(request, "numbers/bulk_set.html", context, status=status)


def _context(job: Job) -> dict[str, object]:
    return {"job": job, "noun": jobs.noun(job)}
