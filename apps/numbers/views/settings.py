"""The settings of a number, each at an address of its own: GET shows it, POST changes it."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.changes.kit.pages import SettingPages
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.settings import find_setting
from apps.numbers.views.one import number_page, of_number, panels_of
from apps.ui.http import get_or_post
from apps.ui.render import render_part

PAGE = "numbers/detail.html"


def _part(request: PortalRequest) -> str:
    """The answering part: the cell of the list for `?cell`, else the row of the number's page."""
    return "numbers/_label_cell.html" if "cell" in request.GET else "numbers/_setting.html"


PAGES = SettingPages(
    page=PAGE,
    part=_part,
    find=find_setting,
    panels=panels_of,
    context=number_page,
    anew=lambda request, row: one.get_number(request.account, row.number),
)


@require_safe
@role_required(Right.VIEW)
@of_number
def redraw(request: PortalRequest, row: Number) -> HttpResponse:
    """Every closed setting anew, by one request: one of them changed, or was seen changed."""
    return render_part(request, "numbers/_settings.html", number_page(request, row), page=PAGE)


@role_required(Right.VIEW)
@of_number
def show(request: PortalRequest, row: Number, name: str) -> HttpResponse:
    return PAGES.show(request, row, name)


@role_required(Right.MANAGE)
@of_number
def change(request: PortalRequest, row: Number, name: str) -> HttpResponse:
    return PAGES.change(request, row, name)


setting = get_or_post(show, change)
