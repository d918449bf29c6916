"""`/admin/`: what the portal's own people see of everybody."""

from django.urls import path

from apps.staff import desk_views as desk
from apps.staff import views
from apps.staff.opening import views as opening
from apps.ui.lists.export import export_paths

app_name = "staff"
urlpatterns = [
    path("", views.index, name="index"),
    path("accounts/", views.accounts, name="accounts"),
    *export_paths("accounts/", views.accounts_file, "accounts"),
    path("accounts/new/", opening.new, name="open"),
    path("accounts/new/<int:pk>/", opening.opened, name="opened"),
    path("accounts/new/<int:pk>/stored/", opening.stored, name="opened_stored"),
    path("accounts/new/<int:pk>/answer/", opening.answer, name="opened_answer"),
    path("accounts/<str:number>/", views.account, name="account"),
    path("accounts/<str:number>/requests/<int:pk>/", views.join_request, name="join_request"),
    path("tickets/", desk.index, name="tickets"),
    path("tickets/refresh/", desk.refresh, name="tickets_refresh"),
    path("tickets/new/", desk.new, name="ticket_new"),
    path("tickets/templates/", desk.templates, name="ticket_templates"),
    path("tickets/<int:ticket>/", desk.one, name="ticket"),
    path("tickets/<int:ticket>/status/", desk.status, name="ticket_status"),
    path("tickets/<int:ticket>/delete/", desk.delete, name="ticket_delete"),
    path("tickets/<int:ticket>/take/", desk.take, name="ticket_take"),
    path("tickets/<int:ticket>/aside/", desk.aside, name="ticket_aside"),
    path("tickets/<int:ticket>/typing/", desk.typing, name="ticket_typing"),
    path("tickets/<int:ticket>/here/", desk.here, name="ticket_here"),
    path("staff/", views.staff, name="staff"),
    path("people/<int:pk>/", views.person, name="person"),
    path("budget/", views.budget, name="budget"),
]
