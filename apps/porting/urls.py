from django.urls import URLPattern

app_name = "porting"
urlpatterns: list[URLPattern] = []
