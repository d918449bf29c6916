"""`/support/`: the account's tickets with VoiceTel."""

from django.urls import path

from apps.support.views import listing, new, one
from apps.ui.lists.export import export_paths

app_name = "support"
urlpatterns = [
    path("", listing.index, name="list"),
    *export_paths("", listing.index_file, "list"),
    path("age/", listing.age, name="age"),
    path("about/", listing.about, name="about"),
    path("refresh/", listing.refresh, name="refresh"),
    path("new/", new.form, name="new"),
    path("new/draft/", new.draft, name="new_draft"),
    path("new/dismiss/", new.dismiss, name="new_dismiss"),
    path("<int:ticket>/", one.detail, name="detail"),
    path("<int:ticket>/talk/", one.talk, name="talk"),
    path("<int:ticket>/status/", one.status, name="status"),
    path("<int:ticket>/draft/", one.draft, name="draft"),
    path("<int:ticket>/seen/<int:thread>/", one.seen, name="seen"),
    path("<int:ticket>/dismiss/", one.dismiss, name="dismiss"),
]
