"""`/settings/`: the person and the account's connection. The journal, `/settings/audit/`, is the changes' own."""

from django.urls import path

from apps.team import views

app_name = "team"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("keys/", views.keys_page, name="keys"),
    path("keys/cancel/", views.cancel_key, name="cancel_key"),
]
