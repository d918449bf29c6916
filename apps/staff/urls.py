"""`/admin/`: what the portal's own people see of everybody."""

from django.urls import path

from apps.staff import views
from apps.ui.lists.export import csv_of, xlsx_of

app_name = "staff"
urlpatterns = [
    path("", views.index, name="index"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/export.csv", views.accounts_file, {"made": csv_of}, name="accounts_csv"),
    path("accounts/export.xlsx", views.accounts_file, {"made": xlsx_of}, name="accounts_xlsx"),
    path("accounts/<str:number>/", views.account, name="account"),
    path("accounts/<str:number>/requests/<int:pk>/", views.join_request, name="join_request"),
    path("staff/", views.staff, name="staff"),
    path("people/<int:pk>/", views.person, name="person"),
    path("budget/", views.budget, name="budget"),
]
