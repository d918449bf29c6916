"""`/admin/`: what the portal's own people see of everybody."""

from django.urls import path

from apps.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.index, name="index"),
    path("accounts/", views.accounts, name="accounts"),
    path("budget/", views.budget, name="budget"),
]
