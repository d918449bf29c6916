"""What stands around the rows of the list, drawn once for the same counts and address
(selectors.frame).
"""

from dataclasses import replace
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.numbers.selectors.frame import Frame
from apps.numbers.selectors.listing import Listing

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def filter_row(frame: Frame, part: str, account: str) -> SafeString:
    """account: the number of the one that the list is of."""
    context = {"state": frame.state, "facets": frame.facets, "menus": frame.menus, "part": part}
    return render_to_string("ui/_facets.html", {**context, "account": {"number": account}})


@register.simple_tag
@lru_cache(maxsize=512)
def table_head(frame: Frame, part: str, tick: bool) -> SafeString:
    """tick: rows can be selected."""
    context = {"headers": frame.headers, "part": part, "tick": tick}
    return render_to_string("ui/_thead.html", context)


@register.simple_tag
def pages(listing: Listing, part: str) -> SafeString:
    return _pages(listing.frame, listing.state.page, listing.total, part)


@lru_cache(maxsize=512)
def _pages(frame: Frame, page: int, total: int, part: str) -> SafeString:
    state = replace(frame.state, page=page)
    return render_to_string(
        "ui/_pager.html", {"state": state, "window": state.window(total), "part": part}
    )
