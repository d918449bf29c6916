"""`/_mail/`: the mail that a demo or a developer's portal sent. Never mounted in production."""

from django.urls import path

from apps.notifications.letterbox import views

app_name = "mail"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:name>/", views.letter, name="letter"),
]
