"""Addresses of this app. A conversation is `<own number>/<far end>/`, digits only."""

from django.urls import path

from apps.messaging.views import campaigns, conversations, numbers
from apps.ui.lists.export import export_paths

app_name = "messaging"
urlpatterns = [
    path("", conversations.index, name="list"),
    path("new/", conversations.new, name="new"),
    path("numbers/", numbers.index, name="numbers"),
    *export_paths("numbers/", numbers.index_file, "numbers"),
    path("numbers/age/", numbers.age, name="numbers_age"),
    path("numbers/refresh/", numbers.refresh, name="numbers_refresh"),
    path("numbers/<str:number>/", numbers.number, name="number"),
    path("brands/", campaigns.brands, name="brands"),
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/age/", campaigns.age, name="campaigns_age"),
    path("campaigns/refresh/", campaigns.refresh, name="campaigns_refresh"),
    path("campaigns/add/", campaigns.add, name="campaign_add"),
    path("campaigns/new/", campaigns.new, name="campaign_new"),
    path("campaigns/<str:campaign>/", campaigns.show, name="campaign"),
    path("campaigns/<str:campaign>/name/", campaigns.name, name="campaign_name"),
    path("campaigns/<str:campaign>/assign/", campaigns.assign, name="assign"),
    path("campaigns/<str:campaign>/unassign/", campaigns.unassign, name="unassign"),
    path("<str:number>/<str:far>/", conversations.conversation, name="conversation"),
    path("<str:number>/<str:far>/new/", conversations.newer, name="newer"),
    path("<str:number>/<str:far>/draft/", conversations.draft, name="draft"),
    path("<str:number>/<str:far>/name/", conversations.name, name="far_end"),
    path("<str:number>/<str:far>/opt-out/", conversations.opt_out, name="opt_out"),
]
