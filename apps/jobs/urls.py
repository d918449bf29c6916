"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from apps.jobs import views
from apps.ui.lists.export import export_paths

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    *export_paths("<int:pk>/", views.changes_file, "detail"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/retry/", views.retry, name="retry"),
]
