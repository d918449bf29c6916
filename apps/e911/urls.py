from django.urls import URLPattern

app_name = "e911"
urlpatterns: list[URLPattern] = []
