"""`/signup/`."""

from django.urls import path

from apps.team.signup import views

app_name = "signup"
urlpatterns = [
    path("", views.start, name="start"),
    path("stored/", views.stored, name="stored"),
    path("check/", views.check, name="check"),
    path("<str:token>/", views.token, name="token"),
]
