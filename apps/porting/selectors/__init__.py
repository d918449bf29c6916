"""What is read of ports; for other apps, what Home and the search collect."""

from apps.porting.selectors.collected import find, needs

__all__ = ["find", "needs"]
