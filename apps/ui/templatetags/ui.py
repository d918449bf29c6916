"""What every template may use: filters for figures, and tags for what stands in every row."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import heroicons
from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from apps.ui import format, forms  # noqa: A004  the module, by the name it has everywhere
from apps.ui.lists.state import ListState
from apps.ui.render import wants_part

register = template.Library()
TONES = frozenset({"neutral", "info", "good", "warn", "bad", "accent"})

register.filter("phone", format.phone)
register.filter("money", format.money)
register.filter("rate", format.rate)
register.filter("age_of", format.age)


@register.filter
def thousands(number: int | None) -> str:
    """A count with its commas: 2,000; nothing for one that isn't known."""
    return "" if number is None else f"{number:,}"


@register.filter
def exact(at: datetime | None, zone: str = "UTC") -> str:
    """The exact moment in a zone: {{ entry.at|exact:zone }}."""
    return format.moment(at, zone)


@register.filter
def clock(at: datetime | None, zone: str = "UTC") -> str:
    """The moment, as short as it stays clear: {{ entry.at|clock:zone }}."""
    return format.clock(at, zone)


@register.simple_tag
@lru_cache(maxsize=512)
def badge(word: str, tone: str = "neutral") -> SafeString:
    """A status: dot and word in one of six tones. Remembered, for it stands in every row."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"no tone {tone!r}: one of {', '.join(sorted(TONES))}")
    return format_html('<span class="badge badge-{}">{}</span>', tone, word)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 20, label: str = "", style: str = "") -> SafeString:
    """A heroicon: outline, micro (16) or mini (20), by style or size.

    Without a label it is decoration, hidden from screen readers.
    """
    # Tag arguments come as safe strings; the svg is built from plain ones, which it escapes.
    attrs: dict[str, object] = (
        {"role": "img", "aria-label": str.__str__(label)} if label else {"aria-hidden": "true"}
    )
    drawn = str.__str__(style) or ("micro" if size <= 16 else "mini")
    svg = heroicons._render_icon(drawn, str.__str__(name), size, {"class": "icon", **attrs})
    return mark_safe(svg)  # noqa: S308  built by an XML writer from a file of the wheel


@register.simple_tag(takes_context=True)
def age(
    context: Context, at: datetime | None, why: str = "", next_at: datetime | None = None
) -> SafeString:
    """The chip that every remote figure carries: "2 min ago", the exact moment on hover and for
    screen readers.

    `why` says why it is old, in words: then the chip is amber. `next_at`: when it will be newer.
    """
    return age_chip(at, str(context.get("zone") or "UTC"), why, next_at)


def age_chip(
    at: datetime | None, zone: str = "UTC", why: str = "", next_at: datetime | None = None
) -> SafeString:
    """The same for selectors, which format rows before a template sees them."""
    tone = "chip chip-old" if why else "chip"
    if at is None:
        return format_html('<span class="{}">{}</span>', tone, why or "not read yet")
    exactly = f"Read {format.moment(at, zone)}"
    if next_at:
        exactly += f"; next look about {format.clock(next_at, zone)}"
    shown = format_html(
        '<time datetime="{}">{}</time><span class="sr-only"> ({})</span>',
        format.stamp(at),
        format.age(at),
        exactly,
    )
    reason = format_html('<span class="chip-why">{}</span>', why) if why else ""
    return format_html('<span class="{}" title="{}">{}{}</span>', tone, exactly, shown, reason)


@register.simple_tag
def when(at: datetime | None, zone: str = "UTC") -> SafeString:
    """A moment in a zone, short, with the exact one on hover and for machines."""
    if at is None:
        return format_html("{}", format.NOTHING)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        format.stamp(at),
        format.moment(at, zone),
        format.clock(at, zone),
    )


@register.simple_tag(takes_context=True, name="csrf_token")
def form_marks(context: Context) -> SafeString:
    """What every form sends of itself: the session's token as Django's own tag writes it, and the
    account that the page shows, so that it acts on no other (accounts/switching/shown.py).
    """
    account = context.get("account")
    return format_html(
        "{}{}",
        _hidden("csrfmiddlewaretoken", context["csrf_token"]),
        _hidden("account", account.number) if account else "",
    )


@register.simple_tag(takes_context=True)
def say(context: Context, *words: object) -> SafeString:
    """Sends a sentence to the page's one live region (document.html), in a fragment only: a region
    that arrives with a swap isn't read. In a whole page the title and the sentence itself are.
    """
    request = context.get("request")
    said = " ".join(strip_tags(" ".join(str(word) for word in words)).split())
    if request is None or not said or not wants_part(request):
        return format_html("{}", "")
    return format_html('<p id="say" hx-swap-oob="innerHTML">{}</p>', said)


def _hidden(name: str, value: object) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


@register.simple_tag
def download(url: str, account: str = "") -> str:
    """The address of a file, with the number of the account that the page shows, so that no other
    is read.
    """
    return f"{url}{'&' if '?' in url else '?'}account={account}" if account else url


@register.simple_tag(takes_context=True)
def page_headers(context: Context) -> SafeString:
    """What every fragment that a page asks for says of the page, as htmx reads it."""
    account = context.get("account")
    shown = {"X-Account": account.number} if account else {}
    return format_html("{}", json.dumps({"X-CSRFToken": str(context["csrf_token"]), **shown}))


@register.simple_tag
def copyable(number: str) -> SafeString:
    """A telephone number as shown, with a button that copies its digits (shown only where scripts
    run).
    """
    shown = format.phone(number)
    return format_html(
        '<span class="copy"><span class="num">{}</span><button type="button" class="copy-button"'
        ' data-copy="{}" hidden aria-label="Copy {}">{}</button></span>',
        shown,
        number,
        shown,
        icon("square-2-stack", 16),
    )


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, described: str = "", optional: bool = True) -> dict[str, Any]:
    """A form field: label, hint, input, error beside it."""
    return {
        "field": bound,
        "input": forms.dress(bound, described=described),
        "tick": forms.is_tick(bound),
        "group": forms.is_group(bound),
        "secret": forms.is_secret(bound),
        "optional": optional and not bound.field.required and not forms.is_tick(bound),
    }


@register.simple_tag
def list_url(state: ListState, **changes: Any) -> str:
    """The address of a list with some of it changed: {% list_url state page=2 %}."""
    return state.url(**changes)


@register.simple_tag
def swaps(url: str, target: str) -> SafeString:
    """A link within a list: a real address, and htmx swapping the list's part on top of it."""
    return format_html(
        'href="{}" hx-get="{}" hx-target="#{}" hx-swap="outerHTML" hx-push-url="true"',
        url,
        url,
        target,
    )


@register.simple_tag
def tick(select: str, part: str, key: object, name: str) -> SafeString:
    """The cell that a row is ticked in, where the list's rows can be: {% tick listing.select part
    row.pk row.name %}. It belongs to the form below the table (ui/_list.html).
    """
    if not select:
        return format_html("{}", "")
    return format_html(
        '<td class="tick-cell wide-only" role="cell"><input class="tick" type="checkbox" name="ids"'
        ' value="{}" form="{}-selected" aria-label="Select {}"></td>',
        key,
        part,
        name,
    )


@register.filter
def initials(person: object) -> str:
    """Two letters for a person: of the name's first and last word, or of the address."""
    words = str(person).split("@", maxsplit=1)[0].replace(".", " ").split() or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()


@register.filter(name="is")
def is_(value: object, other: object) -> str:
    """ "true" or "false", for aria attributes: aria-pressed="{{ theme|is:'dark' }}"."""
    return "true" if value == other else "false"


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """A value of a mapping by a key that a variable holds; None where there is none."""
    return mapping.get(key)
