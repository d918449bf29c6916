"""The reference of numbers.list.floor, frozen: a bare Django page, 50 rows of 7 columns, without
middleware or database.

Rows from memory, 150 badges, 100 links, the filters `date` (100) and `phone` (100), autoescape on,
the cached loader, a navigation of ten entries; about 31 KB. Never make it faster or slower: the
goal is a ratio to it (docs/performance.md). A WSGI application: gunicorn bench._bare:application.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django import template
from django.conf import settings

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/static/app.css"></head>
<body class="frame"><nav class="nav" aria-label="Main"><ul>
{% for place in places %}<li>
<a class="nav-link" href="{{ place.path }}"{% if place.here %} aria-current="page"{% endif %}>{{ place.label }}</a></li>
{% endfor %}</ul></nav>
<main id="main"><h1>{{ title }} <span class="count">{{ total }}</span></h1>
<table class="table"><thead><tr><th>Number</th><th>Label</th><th>Route</th>
<th>Forward</th><th>Services</th><th>Added</th><th>Changed</th></tr></thead>
<tbody>
{% for row in rows %}<tr class="row{% if row.touched %} row-touched{% endif %}">
<td class="cell cell-number"><a class="row-link" href="/numbers/{{ row.number }}/" title="Open this number">{{ row.number|phone }}</a></td>
<td class="cell cell-label">{{ row.label }}</td>
<td class="cell cell-route"><a class="row-link" href="/trunking/gateways/{{ row.route }}/">{{ row.gateway }}</a></td>
<td class="cell cell-forward">{{ row.forward_to|phone }}</td>
<td class="cell cell-flags"><span class="badge badge-{% if row.sms %}good{% else %}neutral{% endif %}">SMS</span>
<span class="badge badge-{% if row.fax %}good{% else %}neutral{% endif %}">Fax</span>
<span class="badge badge-{% if row.cnam %}good{% else %}neutral{% endif %}">CNAM</span></td>
<td class="cell cell-added">{{ row.added|date:"M j, Y, H:i" }}</td>
<td class="cell cell-changed">{{ row.changed|date:"M j, Y, H:i" }}</td>
</tr>
{% endfor %}</tbody></table>
<nav class="pager" aria-label="Pages"><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=3">3</a></nav>
</main></body></html>
"""

settings.configure(
    SECRET_KEY="bench",  # noqa: S106 - signs nothing
    USE_TZ=True,
    TIME_ZONE="America/New_York",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                    )
                ],
                "libraries": {"bare": __name__},
                "builtins": [__name__],
            },
        }
    ],
)
register = template.Library()


@register.filter
def phone(number: str) -> str:
    return f"({number[:3]}) {number[3:6]}-{number[6:]}" if len(number) == 10 else number


django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {
        "number": f"201555{i:04}",
        "label": f"Front desk & hall {i}" if i % 5 == 0 else "",
        "route": 4 + i % 3,
        "gateway": "DID" if i % 3 == 0 else f"203.0.113.{i}:5060",
        "forward_to": f"917555{i:04}" if i % 10 == 0 else "",
        "sms": i % 2 == 0,
        "fax": i % 20 == 0,
        "cnam": i % 3 != 0,
        "touched": i % 7 == 0,
        "added": BEGIN + timedelta(hours=7 * i),
        "changed": BEGIN + timedelta(hours=9 * i, minutes=i),
    }
    for i in range(50)
]
PLACES = [
    {"path": f"/{word.lower()}/", "label": word, "here": word == "Numbers"}
    for word in (
        "Home",
        "Numbers",
        "Ports",
        "Messages",
        "911",
        "Trunks",
        "Lookups",
        "Calls",
        "Billing",
        "Support",
    )
]


def page(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "page.html",
        {"title": "Numbers", "total": "100,000", "rows": ROWS, "places": PLACES},
    )


urlpatterns = [path("numbers/", page)]
application = WSGIHandler()
