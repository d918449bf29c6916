"""The strip of the last 24 hours, drawn: SVG attributes only, as the policy allows no style of its
own.
"""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.staff.selectors.budget import Cell, Part

register = template.Library()
WIDE, GAP, HIGH = 10, 2, 60  # of a cell, between two, of the strip


@register.simple_tag
def strip(part: Part) -> SafeString:
    """Three hours of the day: one column a cell, one block a call, from the ground up.

    The table below it has the same figures.
    """
    cells = format_html_join(
        "", "{}", ((_cell(cell, number, part.most),) for number, cell in enumerate(part.cells))
    )
    return format_html(
        '<svg class="hour-strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        len(part.cells) * WIDE,
        HIGH,
        part.words,
        cells,
    )


def _cell(cell: Cell, number: int, most: int) -> SafeString:
    x, step = number * WIDE + GAP // 2, HIGH / most
    blocks = format_html_join(
        "",
        '<rect class="hour-call hour-{}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (call.kind, x, f"{HIGH - (level + 1) * step:g}", WIDE - GAP, f"{step - 1:g}")
            for level, call in enumerate(cell.calls)
        ),
    )
    ground = format_html(
        '<rect class="hour-cell" x="{}" y="0" width="{}" height="{}"/>', x, WIDE - GAP, HIGH
    )
    return format_html("<g><title>{}</title>{}{}</g>", cell.words, ground, blocks)
