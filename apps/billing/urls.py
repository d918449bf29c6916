from functools import partial

from django.urls import path

from apps.billing import ledger_views, notice, views
from apps.billing.calls import views as calls
from apps.billing.ledgers import LEDGERS
from apps.billing.money import statement
from apps.ui.lists.export import export_paths

app_name = "billing"
urlpatterns = [
    path("", views.billing, name="billing"),
    path("low-balance/", notice.low_balance, name="low-balance"),
    path("statement/", statement.statement, name="statement"),
    *export_paths("statement/<str:month>/", statement.statement_file, "statement"),
    path("statement/<str:month>/", statement.statement, name="statement_month"),
    path("calls/", calls.index, name="calls"),
    *export_paths("calls/", calls.index_file, "calls"),
    path("calls/coverage/", calls.coverage, name="coverage"),
    path("calls/<str:key>/", calls.call, name="call"),
]
for name in LEDGERS:
    files = partial(ledger_views.index_file, name=name)
    urlpatterns += [
        path(f"{name}/", ledger_views.index, {"name": name}, name=name),
        *export_paths(f"{name}/", files, name),
        path(f"{name}/age/", ledger_views.age, {"name": name}, name=f"{name}_age"),
        path(f"{name}/refresh/", ledger_views.refresh, {"name": name}, name=f"{name}_refresh"),
    ]
