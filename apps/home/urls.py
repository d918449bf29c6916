"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from apps.home import views

app_name = "home"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
]
