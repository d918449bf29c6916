"""Templates are sent without the indentation that they are written with."""

from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template, render_to_string

from apps.ui.loader import without_indentation


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            "<ul>\n    <li>one</li>\n\n\t<li>two</li>  \n</ul>\n",
            "<ul>\n<li>one</li>\n\n<li>two</li>\n</ul>\n",
        ),
        ("<a\n    href='/'\n>to  b</a>", "<a\nhref='/'\n>to  b</a>"),
        ("<pre>\n  a\n    b</pre>\n  <p>", "<pre>\n  a\n    b</pre>\n<p>"),
        (
            "<textarea rows=2>\n  a\n</textarea >\n  <p>",
            "<textarea rows=2>\n  a\n</textarea >\n<p>",
        ),
        ("{% if a %}\n    a{% endif %}", "{% if a %}\na{% endif %}"),
    ],
)
def test_indentation_goes_and_what_is_shown_as_written_stays(written, sent):
    assert without_indentation(written) == sent
    assert sent.count("\n") == written.count("\n")  # errors name the line as it is in the file


def test_page_is_sent_without_indentation_and_a_mail_as_it_is_written(ask):
    page = render_to_string("base.html", {}, ask())
    assert "<dt><kbd>/</kbd></dt>\n<dd>Search the list on this page</dd>" in page
    mail = get_template("notifications/mail/mail.txt")
    assert mail.template.source == Path(mail.origin.name).read_text()


def test_template_is_read_once():
    engine = engines["django"].engine
    assert engine.get_template("base.html") is engine.get_template("base.html")
