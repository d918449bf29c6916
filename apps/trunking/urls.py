"""Addresses of this app. `<gateway>` is VoiceTel's id."""

from django.urls import path

from apps.trunking.guides import GUIDES
from apps.trunking.views import acl, authentication, gateways, guide, overview, password

app_name = "trunking"
urlpatterns = [
    path("", overview.index, name="overview"),
    path("age/", overview.age, name="age"),
    path("refresh/", overview.refresh, name="refresh"),
    path("registration/", overview.registration, name="registration"),
    path("registration/check/", overview.check, name="check"),
    path("acl/", acl.index, name="acl"),
    path("acl/age/", acl.age, name="acl_age"),
    path("acl/refresh/", acl.refresh, name="acl_refresh"),
    path("acl/add/", acl.add, name="acl_add"),
    path("acl/remove/", acl.remove, name="acl_remove"),
    path("acl/note/", acl.note, name="acl_note"),
    path("authentication/", authentication.type_, name="authentication"),
    path("authentication/password/", password.password, name="password"),
    path("authentication/password/cancel/", password.cancel, name="password_cancel"),
    path("gateways/", gateways.index, name="gateways"),
    path("gateways/add/", gateways.add, name="gateway_add"),
    path("gateways/<int:gateway>/", gateways.show, name="gateway"),
    path("gateways/<int:gateway>/edit/", gateways.change, name="gateway_edit"),
    path("gateways/<int:gateway>/delete/", gateways.delete, name="gateway_delete"),
    *(path(f"guide/{name}/", guide.show, {"pbx": name}, name=f"guide_{name}") for name in GUIDES),
]
