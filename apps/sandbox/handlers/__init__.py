"""One module a resource; importing them fills the registry."""

from apps.sandbox.handlers import account, books, gateways, holding, numbers, ordering, settings_of_numbers, trunking
from apps.sandbox.handlers.registry import HANDLERS

__all__ = ["HANDLERS", "account", "books", "gateways", "holding", "numbers", "ordering", "settings_of_numbers", "trunking"]
