from django.urls import URLPattern

app_name = "lookups"
urlpatterns: list[URLPattern] = []
