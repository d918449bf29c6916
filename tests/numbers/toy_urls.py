"""The portal's addresses, and the toy setting's."""

from django.urls import path

from apps.numbers.views import settings
from portal.urls import urlpatterns as portals

urlpatterns = [
    path("numbers/<str:number>/toy/", settings.setting, {"name": "toy"}, name="toy"),
    *portals,
]
