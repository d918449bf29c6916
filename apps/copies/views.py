"""The age line of any copy. The app whose list it is has the address and the gate.

Templates: `copies/_age.html`, with `age` and `may_change`.
"""

from django.http import HttpResponse

from apps.accounts.gates import PortalRequest
from apps.copies import selectors, tasks
from apps.copies.source import SOURCES
from apps.ui.http import STOP
from apps.ui.lists.state import digits
from apps.ui.render import answer_part, render_page

PART = "copies/_age.html"


def age_part(request: PortalRequest, name: str, *, may_change: bool) -> HttpResponse:
    """The age line again, for a page that waits for a newer copy.

    `shown` in the address: the version that the page shows; `tries`: how often it asked.
    """
    shown, tries = digits(request.GET.get("shown")), digits(request.GET.get("tries"))
    age = selectors.age_of(request.account, name, shown=shown, tries=tries)
    context = {"age": age, "may_change": may_change}
    response = render_page(request, PART, context, 200 if age.poll else STOP)
    if age.version != shown and shown:
        response["HX-Trigger"] = f"{name}-newer"  # the page takes its list anew
    elif age.version != shown:
        response["HX-Refresh"] = "true"  # it showed no list yet
    return response


def refresh_part(request: PortalRequest, name: str) -> HttpResponse:
    """Ask for a look now, whatever an earlier failure put off; answers with the age line."""
    tasks.ask(request.account, name)
    context = {"age": selectors.age_of(request.account, name), "may_change": True}
    return answer_part(request, PART, context, back=SOURCES[name].path)
