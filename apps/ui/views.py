"""What a browser remembers of how pages look (cookies, no account), and the page of all
components.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from apps.ui import render, samples
from apps.ui.context import THEMES

A_YEAR = 365 * 24 * 3600
REMEMBERED = {"theme": THEMES, "rows": ("dense",), "keys": ("off",)}


@require_POST
@login_not_required
def display(request: HttpRequest) -> HttpResponse:
    """Remember the theme, the height of rows, or that single-key shortcuts are off.

    An unknown value forgets it. Back to where the form stood.
    """
    back = request.POST.get("back", "/")
    response = render.SeeOther(back if url_has_allowed_host_and_scheme(back, None) else "/")
    for name, values in REMEMBERED.items():
        if name in request.POST:
            value = request.POST[name]
            if value in values:
                response.set_cookie(
                    name, value, max_age=A_YEAR, secure=request.is_secure(), samesite="Lax"
                )
            else:
                response.delete_cookie(name, samesite="Lax")
    return render.guarded(response)


@require_GET
@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every component in both themes (LOCAL only)."""
    return render.render_page(request, "ui/components.html", samples.context(request))
