"""Addresses of this app. `<number>` is ten digits; typed in any other form it is led to them."""

from django.urls import path

from apps.numbers.forms.leaving import WAYS
from apps.numbers.ordering.urls import urlpatterns as ordering
from apps.numbers.settings import SETTINGS
from apps.numbers.views import bulk, leaving, listing, one, routes, settings
from apps.ui.lists.export import export_paths

app_name = "numbers"
urlpatterns = [
    path("", listing.index, name="list"),
    *export_paths("", listing.index_file, "list"),
    path("age/", listing.age, name="age"),
    path("refresh/", listing.refresh, name="refresh"),
    *ordering,
    path("bulk/", bulk.index, name="bulk"),
    path("bulk/<int:pk>/", bulk.choose, name="bulk_choose"),
    path("bulk/<int:pk>/<str:name>/", bulk.setting, name="bulk_setting"),
    path("routes/", routes.index, name="routes"),
    path("routes/<int:route>/", routes.name, name="route_name"),
    path("<str:number>/", one.detail, name="detail"),
    path("<str:number>/age/", one.detail_age, name="detail_age"),
    path("<str:number>/costs/", one.accept_cost, name="accept_cost"),
    path("<str:number>/settings/", settings.redraw, name="settings"),
    path("<str:number>/leave/", leaving.choose, name="leave"),
    *(
        path(f"<str:number>/leave/{way}/", leaving.leave, {"way": way}, name=f"leave_{way}")
        for way in WAYS
    ),
    *(
        path(f"<str:number>/{each.name}/", settings.setting, {"name": each.name}, name=each.name)
        for each in SETTINGS
        if each.form
    ),
]
