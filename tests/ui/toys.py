from django.http import HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from apps.accounts.models import Account
from apps.ui.lists import export, page, selection
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from portal.urls import urlpatterns as ours

NAME = Column("name", "Name", "name", order=("name", "number"), text=lambda row: row.name)
NUMBER = Column("number", "Number", "number", order=("number",), text=lambda row: row.number)
KEY = Filter("key", "Key", (Choice("live", "Connected"), Choice("dead", "Broken")))
SPEC = ListSpec((NAME, NUMBER), "name", (KEY,), searchable="Search toys")
PART = '{% include "ui/_list.html" with label="Toys" nothing="No toys yet" %}'
PAGE = """{% extends "base.html" %}{% block heading %}Toys{% endblock %}{% block content %}
<div class="list">{% include "ui/_search.html" %}{% include shown %}</div>{% endblock %}"""
ROWS = """{% for row in listing.rows %}<tr role="row">{% tick listing.select part row.pk row.name %}
<td class="row-main">{{ row.name }}</td><td>{{ row.number }}</td></tr>{% endfor %}"""
BUTTON = Template('<button class="button" type="submit">Count</button>')
DRAWN = {"part": "toys", "shown": Template(PART), "rows": Template(ROWS), "actions": BUTTON}


def narrow(found, state):
    return found.filter(name__icontains=state.q, key_state__contains=state.filters.get("key", ""))


def toys(request, made=None):
    every, ways = Account.objects.all(), {"narrow": narrow, "row": lambda row: row}
    if made:
        return made("toys", SPEC, page.list_rows(request, SPEC, every, **ways), "UTC")
    if request.method == "POST":
        chosen = selection.Selection.of(SPEC, every, request.POST, narrow=narrow)
        return HttpResponse(f"{chosen.count()} chosen: {[*chosen.ids()]}")
    listing = page.list_page(request, SPEC, every, **ways, noun="toy", select="/toys/")
    context = RequestContext(request, {"listing": listing, "state": listing.state, **DRAWN})
    return HttpResponse(Template(PART if request.htmx else PAGE).render(context))


urlpatterns = [path("toys/", toys), *export.export_paths("toys/", toys, "toys"), *ours]
