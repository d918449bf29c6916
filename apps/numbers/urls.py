"""Addresses of this app. `<number>` is ten digits; typed in any other form it is led to them."""

from django.urls import path

from apps.numbers import views
from apps.ui.lists.export import csv_of, xlsx_of

app_name = "numbers"
urlpatterns = [
    path("", views.index, name="list"),
    path("export.csv", views.index_file, {"made": csv_of}, name="list_csv"),
    path("export.xlsx", views.index_file, {"made": xlsx_of}, name="list_xlsx"),
    path("age/", views.age, name="age"),
    path("refresh/", views.refresh, name="refresh"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/age/", views.detail_age, name="detail_age"),
    path("<str:number>/forward/", views.forward, name="forward"),
    path("<str:number>/route/", views.route, name="route"),
    path("<str:number>/label/", views.label, name="label"),
]
