"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from apps.changes import views
from apps.ui.lists.export import csv_of, xlsx_of

app_name = "changes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("changes/", views.of_thing, name="of_thing"),
    path("changes/<int:pk>/", views.detail, name="detail"),
    path("changes/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("changes/<int:pk>/undo/", views.undo, name="undo"),
    path("changes/<int:pk>/answer/", views.answer, name="answer"),
    path("settings/audit/", views.audit, name="audit"),
    path("settings/audit/export.csv", views.audit_file, {"made": csv_of}, name="audit_csv"),
    path("settings/audit/export.xlsx", views.audit_file, {"made": xlsx_of}, name="audit_xlsx"),
]
