"""The way in. Names beginning with account_ are the ones that django-allauth looks up."""

from django.urls import include, path

from apps.accounts.arriving import connect_views, invitation_views
from apps.accounts.proving import views as proving_views
from apps.accounts.signing_in import passkey_views, second_views, views
from apps.accounts.switching import views as switching_views

own = [
    path("switch/", switching_views.switch, name="switch"),
    path("connect/", connect_views.start, name="connect"),
    path("connect/cancel/", connect_views.cancel, name="connect_cancel"),
    path("connect/<str:token>/", connect_views.token, name="connect_token"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
]
urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("login/passkey/", passkey_views.sign_in, name="account_passkey"),
    path("login/code/", second_views.sign_in_code, name="account_code"),
    path("login/code/passkey/", passkey_views.sign_in_code, name="account_code_passkey"),
    path("logout/", views.sign_out, name="account_logout"),
    path("reauthenticate/", proving_views.reauthenticate, name="account_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        proving_views.by_passkey,
        name="account_reauthenticate_passkey",
    ),
    path("recover/", views.recover, name="account_reset_password"),
    path("recover/<str:token>/", views.recover_token, name="account_reset_password_from_key"),
    path("", include((own, "accounts"))),
]
