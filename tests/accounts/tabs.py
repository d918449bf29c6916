"""A test tool: the tabs of one browser, each of which shows a page of an account."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
HEADERS = re.compile(r'hx-headers="([^"]*)"')


@dataclass
class Tab:
    """One page, and what was swapped into it since.

    shows: the number of the account by the page's own word. typed: what stands in a field of it.
    """

    browser: Client
    shows: str = ""
    parts: list[str] = field(default_factory=list)
    typed: str = ""

    def load(self, answer: HttpResponse) -> HttpResponse:
        """Take a whole page in place of the one before."""
        page = answer.content.decode()
        headers = HEADERS.search(page)
        self.shows = json.loads(html.unescape(headers[1])).get("X-Account", "") if headers else ""
        self.parts = [page]
        return answer

    def open(self, path: str) -> HttpResponse:
        return self.load(self.browser.get(path, follow=True))

    def ask(self, path: str, **sent: str) -> HttpResponse:
        """A fragment, as htmx asks for it from this page; sent: what a POST holds."""
        headers = {"HX-Request": "true", "X-Account": self.shows}
        call: Any = self.browser.post if sent else self.browser.get
        data = (sent | {"account": self.shows},) if sent else ()
        answer: HttpResponse = call(path, *data, headers=headers)
        self.parts.append(answer.content.decode())
        return answer

    def send(self, path: str, **sent: str) -> HttpResponse:
        """A form of this page, as a browser without scripts sends it."""
        data = sent | {"account": self.shows}
        return self.load(self.browser.post(path, data, follow=True))

    def press(self, words: str) -> HttpResponse:
        """The button of those words, in the form that holds it."""
        form = next(each for each in FORM.findall(self.parts[-1]) if words in each)
        button = re.findall(r'<button[^>]*name="(\w+)"[^>]*value="([^"]*)"', form)
        data = dict(HIDDEN.findall(form)) | dict(button)
        return self.load(self.browser.post("/switch/", data, follow=True))
