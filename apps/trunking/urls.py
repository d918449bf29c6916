from django.urls import URLPattern

app_name = "trunking"
urlpatterns: list[URLPattern] = []
