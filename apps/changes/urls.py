"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from apps.changes import views
from apps.ui.lists.export import export_paths

app_name = "changes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("changes/", views.of_thing, name="of_thing"),
    path("changes/<int:pk>/", views.detail, name="detail"),
    path("changes/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("changes/<int:pk>/undo/", views.undo, name="undo"),
    path("changes/<int:pk>/answer/", views.answer, name="answer"),
    path("changes/kept/<int:pk>/undo/", views.undo_kept, name="undo_kept"),
    path("settings/audit/", views.audit, name="audit"),
    *export_paths("settings/audit/", views.audit_file, "audit"),
]
