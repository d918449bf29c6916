"""What is done here: take in the provider's list, write what a change told, save a label."""

from apps.numbers.services.refresh import refresh_one
from apps.numbers.services.rows import label_number, write_detail, write_route

__all__ = ["label_number", "refresh_one", "write_detail", "write_route"]
