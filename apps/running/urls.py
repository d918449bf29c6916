"""Addresses for operators."""

from django.urls import URLPattern, URLResolver, path

from apps.running import health

app_name = "running"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
