"""Pages of numbers: the list, and one number."""

from apps.numbers.views.listing import age, index, index_file, refresh
from apps.numbers.views.one import detail, detail_age
from apps.numbers.views.settings import forward, label, route

__all__ = [
    "age",
    "detail",
    "detail_age",
    "forward",
    "index",
    "index_file",
    "label",
    "refresh",
    "route",
]
