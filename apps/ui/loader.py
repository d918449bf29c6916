"""Templates are indented for those who read them, and sent without: every row of a list would carry
it again. It costs nothing a request, as the loader around this one keeps each template.
"""

import re

from django.template.base import Origin
from django_cotton.cotton_loader import Loader as CottonLoader

# A line's end with the spaces around it, or an element whose white space is shown, whole.
SPACE = re.compile(r"(<(pre|textarea)\b.*?</\2\s*>)|[ \t]*\n[ \t]*", re.DOTALL | re.IGNORECASE)


class Loader(CottonLoader):  # type: ignore[misc]  # cotton has no types
    """Cotton's, without the indentation of pages. Lines keep their numbers; mails keep all."""

    def get_contents(self, origin: Origin) -> str:
        written: str = super().get_contents(origin)
        return without_indentation(written) if origin.name.endswith(".html") else written


def without_indentation(written: str) -> str:
    """The template's text with each line's indentation left out, but for what stands in `pre` and
    `textarea`.
    """
    return SPACE.sub(lambda found: found[1] or "\n", written)
