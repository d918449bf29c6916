"""Where VoiceTel has free numbers."""

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.numbers.ordering.asking import BEHIND, PATIENCE
from apps.numbers.ordering.coverage import TABS, Where, covered
from apps.numbers.ordering.places import NAMES
from apps.ui.http import STOP
from apps.ui.render import render_part


def where_of(given: QueryDict) -> Where:
    """What the URL asks for; what it cannot mean is left out."""

    def three(name: str) -> str:
        value = given.get(name, "")
        return value if len(value) == 3 and value.isascii() and value.isdigit() else ""

    state = given.get("state", "").upper()
    state, area, by = (state if state in NAMES else ""), three("area"), given.get("by", "")
    if area[:1] in {"0", "1"}:
        area = ""
    if not state and not area:
        return Where()
    prefix = three("prefix") if area else ""
    allowed = [name for name in TABS if name != ("area" if area else "prefix")]
    return Where(state, area, prefix, "" if prefix else by if by in allowed else allowed[0])


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    part = request.htmx.target == "numbers-coverage"
    where, page = where_of(request.GET), None
    if request.account.connected:
        page = covered(
            request.account,
            where,
            seconds=BEHIND if part else PATIENCE,
            again="again" in request.GET,
        )
    context = {"where": where, "page": page}
    return render_part(
        request,
        "numbers/ordering/_coverage.html",
        context,
        page="numbers/ordering/coverage.html",
        status=STOP if part and page and not page.answer.waits else 200,
    )
