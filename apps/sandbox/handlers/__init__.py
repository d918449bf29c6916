"""One module a resource; importing them fills the registry."""

from apps.sandbox.handlers import account, gateways, numbers, settings_of_numbers
from apps.sandbox.handlers.registry import HANDLERS

__all__ = ["HANDLERS", "account", "gateways", "numbers", "settings_of_numbers"]
