from django.urls import path

from apps.lookups import views
from apps.ui.lists.export import export_paths

app_name = "lookups"
urlpatterns = [
    path("", views.index, name="lookups"),
    *export_paths("", views.index_file, "lookups"),
    path("ask/", views.ask, name="ask"),
    path("list/", views.many, name="many"),
    path("keeping/", views.keeping, name="keeping"),
]
