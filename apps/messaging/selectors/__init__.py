"""What is read here: conversations, one of them, what numbers may text, brands and campaigns."""

from apps.messaging.selectors.collected import find, needs

__all__ = ["find", "needs"]
