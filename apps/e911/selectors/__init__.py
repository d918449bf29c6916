"""What is read of 911 records."""

from apps.e911.selectors.collected import find, needs

__all__ = ["find", "needs"]
