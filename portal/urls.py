"""Every address of the portal, by app (docs/architecture.md). Names: `<app>:<noun>`."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("apps.home.urls")),
    path("", include("apps.accounts.urls")),
    path("numbers/", include("apps.numbers.urls")),
    path("", include("apps.changes.urls")),
    path("settings/", include("apps.team.urls")),
]
if settings.LOCAL:
    urlpatterns += [path("ui/", include("apps.ui.urls")), path("_mail/", include("apps.accounts.mail_urls"))]

handler400 = "apps.home.views.bad_request"
handler403 = "apps.home.views.forbidden"
handler404 = "apps.home.views.not_found"
handler500 = "apps.home.views.server_error"
