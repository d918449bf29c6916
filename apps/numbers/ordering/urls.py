"""Addresses of finding and ordering numbers, below `/numbers/`."""

from django.urls import path

from apps.numbers.ordering.views import add, coverage, orders, search
from apps.ui.lists.export import export_paths

urlpatterns = [
    path("coverage/", coverage.index, name="coverage"),
    path("order/", search.index, name="order"),
    path("order/cart/", search.add, name="cart_add"),
    path("order/cart/remove/", search.remove, name="cart_remove"),
    path("order/review/", orders.review_or_place, name="order_review"),
    path("orders/", orders.index, name="orders"),
    *export_paths("orders/", orders.index_file, "orders"),
    path("orders/<int:pk>/", orders.placed, name="placed"),
    path("orders/<int:pk>/again/", orders.again, name="order_again"),
    path("add/", add.add, name="add"),
]
