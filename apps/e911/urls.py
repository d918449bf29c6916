from django.urls import path

from apps.e911.views import book, bulk, listing, one
from apps.ui.lists.export import export_paths

app_name = "e911"
urlpatterns = [
    path("", listing.index, name="list"),
    *export_paths("", listing.index_file, "list"),
    path("age/", listing.age, name="age"),
    path("refresh/", listing.refresh, name="refresh"),
    path("select/", bulk.select, name="select"),
    path("bulk/<int:pk>/", bulk.bulk, name="bulk"),
    path("addresses/", book.index, name="addresses"),
    *export_paths("addresses/", book.index_file, "addresses"),
    path("addresses/add/", book.add, name="address_add"),
    path("addresses/new/", book.new, name="address_new"),
    path("addresses/<int:pk>/", book.label, name="label"),
    path("<str:number>/", one.show, name="detail"),
    path("<str:number>/state/", one.state, name="state"),
    path("<str:number>/check/", one.check, name="check"),
    path("<str:number>/protect/", one.protect, name="protect"),
    path("<str:number>/create/", one.create, name="create"),
    path("<str:number>/review/", one.review, name="review"),
    path("<str:number>/remove/", one.remove, name="remove"),
]
