"""`/settings/`: the person and the account's connection.

The journal, `/settings/audit/`, is the changes' own.
"""

from django.urls import path

from apps.team import members, notices, passkeys, security, views
from apps.team.account import views as account
from apps.team.account.settings import SETTINGS

app_name = "team"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("leave/", members.leave, name="leave"),
    path("members/", members.members, name="members"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/limit/", members.member_limit, name="member_limit"),
    path("members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("members/requests/<int:pk>/", members.join_request, name="join_request"),
    path("members/invitations/<int:pk>/", members.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    *(
        path(f"account/{each.name}/", account.setting, {"name": each.name}, name=each.name)
        for each in SETTINGS
    ),
    path("keys/", views.keys_page, name="keys"),
    path("keys/cancel/", views.cancel_key, name="cancel_key"),
    path("notifications/", notices.choices, name="notifications"),
    path("security/", security.security, name="security"),
    path("security/password/", security.password, name="security_password"),
    path("security/factor/", security.factor, name="security_factor"),
    path("security/factor/off/", security.factor_off, name="security_factor_off"),
    path("security/passkeys/add/", passkeys.add, name="security_passkey_add"),
    path("security/passkeys/<int:pk>/", passkeys.rename, name="security_passkey"),
    path("security/passkeys/<int:pk>/remove/", passkeys.remove, name="security_passkey_remove"),
    path("security/codes/", security.codes, name="security_codes"),
    path("security/sessions/end/", security.end_session, name="security_end"),
    path("security/sessions/end-all/", security.end_all_sessions, name="security_end_all"),
    path("security/required/", security.required, name="security_required"),
]
