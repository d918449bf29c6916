"""`/_mail/`: the mail that a demo or a developer's portal sent. Never mounted in production."""

from django.urls import path

from apps.accounts import mail_views

app_name = "mail"
urlpatterns = [
    path("", mail_views.index, name="index"),
    path("<str:name>/", mail_views.letter, name="letter"),
]
