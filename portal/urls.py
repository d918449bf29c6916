"""Every address of the portal, by app (docs/architecture.md). Names: `<app>:<noun>`."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("apps.home.urls")),
    path("", include("apps.running.urls")),
    path("", include("apps.accounts.urls")),
    path("numbers/", include("apps.numbers.urls")),
    path("", include("apps.changes.urls")),
    path("jobs/", include("apps.jobs.urls")),
    path("messaging/", include("apps.messaging.urls")),
    path("e911/", include("apps.e911.urls")),
    path("porting/", include("apps.porting.urls")),
    path("trunking/", include("apps.trunking.urls")),
    path("lookups/", include("apps.lookups.urls")),
    path("support/", include("apps.support.urls")),
    path("billing/", include("apps.billing.urls")),
    path("signup/", include("apps.team.signup.urls")),
    path("settings/", include("apps.team.urls")),
    path("notifications/", include("apps.team.notice_urls")),
    path("admin/", include("apps.staff.urls")),
    # how pages look on this browser; the page of all components where LOCAL
    path("ui/", include("apps.ui.urls")),
]
if settings.LOCAL:
    urlpatterns += [path("_mail/", include("apps.notifications.letterbox.urls"))]

handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.forbidden"
handler404 = "apps.ui.errors.not_found"
handler500 = "apps.ui.errors.server_error"
