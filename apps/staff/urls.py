"""`/admin/`: what the portal's own people see of everybody."""

from django.urls import path

from apps.staff import views
from apps.ui.lists.export import export_paths

app_name = "staff"
urlpatterns = [
    path("", views.index, name="index"),
    path("accounts/", views.accounts, name="accounts"),
    *export_paths("accounts/", views.accounts_file, "accounts"),
    path("accounts/<str:number>/", views.account, name="account"),
    path("accounts/<str:number>/requests/<int:pk>/", views.join_request, name="join_request"),
    path("staff/", views.staff, name="staff"),
    path("people/<int:pk>/", views.person, name="person"),
    path("budget/", views.budget, name="budget"),
]
