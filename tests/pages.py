"""A test tool: pages compared by what they say, however their templates are laid out."""

import html
import re

from django.http import HttpResponse

INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|small|span|strong|time)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")


def flat(page: HttpResponse | str) -> str:
    """The markup of a page on one line, with no space at the edges of what an element holds."""
    if isinstance(page, HttpResponse):
        page = page.content.decode()
    line = re.sub(r" (?=>|</)", "", re.sub(r"\s+", " ", page))
    return re.sub(r"(<\w[^>]*>) ", r"\1", line).strip()


def words(page: HttpResponse | str) -> str:
    """What a person reads on a page, without the tags, on one line."""
    if isinstance(page, HttpResponse):
        page = page.content.decode()
    said = TAG.sub(" ", INLINE.sub("", re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)))
    return " ".join(html.unescape(said).split())
