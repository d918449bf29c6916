"""`/notifications/`: what the person was told.

The views stand on this floor, as they know which account is worked on.
"""

from django.urls import path

from apps.team import notices

app_name = "notifications"
urlpatterns = [
    path("", notices.notices, name="list"),
    path("read/", notices.read_all, name="read_all"),
    path("<int:pk>/open/", notices.open_notice, name="open"),
]
