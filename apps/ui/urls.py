"""Addresses of this app, mounted at /ui/."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from apps.ui import views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("display/", views.display, name="display"),
    *([path("", views.components, name="components")] if settings.LOCAL else []),
]
