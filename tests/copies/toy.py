"""A toy Source, as short as one can be: the account's access list, kept in the copy's facts."""

import json

from django.urls import path

from apps.accounts.gates import role_required
from apps.accounts.roles import Right
from apps.copies import selectors, tasks, views
from apps.copies.source import Difference, Source
from apps.ui.render import render_page
from portal.urls import urlpatterns as portal


class Blocks(Difference):
    def __init__(self, account, told):
        copy = selectors.find_copy(account, "toys")
        ours = set(json.loads(copy.facts).get("blocks", ()))
        self.told, self.held, self.gone, self.new = told, len(ours), ours - told, told - ours

    @property
    def any(self):
        return bool(self.gone or self.new)

    def write(self, copy):
        news = [] if copy.first else sorted(self.new)
        copy.facts = json.dumps({"blocks": sorted(self.told), "news": news})


TOYS = Source("toys", "toy", lambda client: set(client.acl.list()), Blocks, path="/toys/")


def page(request):
    age = selectors.age_of(request.account, "toys")
    tasks.ask_if_wanted(request.account, age)
    return render_page(request, "copies/_age.html", {"age": age, "may_change": True})


gate = role_required(Right.MANAGE)
urlpatterns = [
    *portal,
    path("toys/", gate(page)),
    path("toys/age/", gate(lambda request: views.age_part(request, "toys", may_change=True))),
    path("toys/refresh/", gate(lambda request: views.refresh_part(request, "toys"))),
]
