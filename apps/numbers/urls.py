"""Addresses of this app. `<number>` is ten digits; typed in any other form it is led to them."""

from django.urls import path

from apps.numbers import views
from apps.ui.lists.export import export_paths

app_name = "numbers"
urlpatterns = [
    path("", views.index, name="list"),
    *export_paths("", views.index_file, "list"),
    path("age/", views.age, name="age"),
    path("refresh/", views.refresh, name="refresh"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/age/", views.detail_age, name="detail_age"),
    path("<str:number>/forward/", views.forward, name="forward"),
    path("<str:number>/route/", views.route, name="route"),
    path("<str:number>/label/", views.label, name="label"),
]
