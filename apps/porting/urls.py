"""Addresses of this app. `<pid>` is VoiceTel's id of a port, five letters and digits."""

from django.urls import path

from apps.porting.views import calendar, desk, drafts, port
from apps.ui.lists.export import export_paths

app_name = "porting"
urlpatterns = [
    path("", desk.index, name="list"),
    *export_paths("", desk.index_file, "list"),
    path("age/", desk.age, name="age"),
    path("refresh/", desk.refresh, name="refresh"),
    path("new/", drafts.start, name="new"),
    path("new/<int:draft>/", drafts.numbers, name="draft"),
    path("new/<int:draft>/numbers/", drafts.change_numbers, name="draft_numbers"),
    path("new/<int:draft>/bills/", drafts.bills, name="draft_bills"),
    path("new/<int:draft>/bills/<int:group>/", drafts.bill, name="draft_bill"),
    path("new/<int:draft>/confirm/", drafts.confirm, name="draft_confirm"),
    path("new/<int:draft>/discard/", drafts.discard, name="draft_discard"),
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/<int:pk>/end/", calendar.end, name="calendar_end"),
    path("calendar/<str:secret>.ics", calendar.read, name="calendar_file"),
    path("orders/<int:pk>/", port.order, name="order"),
    path("ports/<int:pk>/", port.by_row, name="by_row"),
    path("<str:pid>/", port.detail, name="detail"),
    path("<str:pid>/correct/", port.correct, name="correct"),
    path("<str:pid>/uploaded/", port.uploaded, name="uploaded"),
]
