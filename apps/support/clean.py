"""HTML written outside, made fit for a page of ours: a short list of tags, nothing remote, nothing
that acts. Done once, when a message is written to our copy.
"""

import html
import re
from urllib.parse import urlsplit

import nh3

from apps.support.depth import is_costly

VERSION = 1  # grows with the list: messages of an older one are cleaned again
MOST_BYTES = 256 * 1024
TAGS = frozenset({
    "p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li",
    "blockquote", "pre", "code", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "td",
    "th", "hr",
})  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = frozenset({"https", "http", "mailto"})
# with what they hold: it is no text for people
DROPPED = frozenset({"script", "style", "title", "template", "noscript", "iframe", "svg", "math"})
OUTSIDE = {"a": {"target": "_blank"}}
FOLD = "<details><summary>Show quoted message</summary>"
_QUOTE = re.compile(r"</?blockquote>")
_IMAGE = re.compile(r"<img((?:\s+[a-z]+=\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-z]+)=\"([^\"]*)\"")
_ENDS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-4]|/blockquote|/pre|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def clean(body: str) -> str:
    """The body as it may stand on a page. One that is too long or too deep is shown as its text."""
    if len(body.encode()) > MOST_BYTES or is_costly(body):
        return as_text(body)
    # Images pass the first time, with address and words alone, so that they can be told of.
    found = nh3.clean(
        body,
        tags=set(TAGS | {"img"}),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES | {"img": {"src", "alt"}},
        url_schemes=set(SCHEMES),
        url_relative="deny",
    )
    found = nh3.clean(
        _IMAGE.sub(_told, found),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values=OUTSIDE,
    )
    return folded(found)


def folded(clean_html: str) -> str:
    """Quoted history in cleaned HTML, which is well-formed, closed until someone opens it."""
    depth, found, last = 0, "", 0
    for tag in _QUOTE.finditer(clean_html):
        opens = tag[0] == "<blockquote>"
        if opens and depth == 0:
            found += clean_html[last : tag.start()] + FOLD + tag[0]
            last = tag.end()
        depth += 1 if opens else -1
        if not opens and depth == 0:
            found += clean_html[last : tag.end()] + "</details>"
            last = tag.end()
    return found + clean_html[last:]


def from_plain(body: str) -> str:
    """Plain text as HTML."""
    return "<br>".join(html.escape(line) for line in body.replace("\r\n", "\n").split("\n"))


def as_text(body: str) -> str:
    """The markup itself, shown as text."""
    return f"<pre>{html.escape(body)}</pre>"


def text_of(clean_html: str) -> str:
    """The words of cleaned HTML, on as few lines as it has paragraphs."""
    words = _TAG.sub("", _ENDS.sub("\n", clean_html.replace(FOLD, "")))
    lines = html.unescape(words).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def is_address(address: str) -> bool:
    """Whether it may be a link to somewhere outside: of a file, or of an image."""
    try:
        parts = urlsplit(address)
    except ValueError:  # nobody can read it
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def _told(found: re.Match[str]) -> str:
    """An image as a marked link to it, or as words where it has no address that may be opened."""
    given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(found[1])}
    alt, address = " ".join(given.get("alt", "").split()), given.get("src", "")
    if not is_address(address):
        return html.escape(f"[image: {alt}]" if alt else "[image]")
    words = ", ".join(filter(None, (alt, urlsplit(address).hostname or "")))
    return f'<a href="{html.escape(address)}">{html.escape(f"image: {words}")}</a>'
