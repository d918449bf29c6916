"""Whether HTML written outside would cost a parser more than it may.

A parser's work grows with the square of how deep tags stand in each other, and again with how many
formatting tags are left open over how many paragraphs. Measured: 20,000 nested <div> cost nh3
1.8 s, 260,000 ampersands 0.8 s. This reads tags as a parser does and errs to the side of too deep:
what is refused here is shown as text.
"""

import re

DEEPEST = 200
MOST_TAGS = 25_000
# Open formatting tags, summed over all tags: a parser opens each of them anew in every paragraph.
MOST_WORK = 100_000

# As the HTML standard splits it: a quote counts only behind an equals sign that follows a name.
_ATTRIBUTE = (
    r"[\s/]*+[^\s/>][^\s/>=]*+\s*+"
    r"(?:=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?+"
)
_PIECE = re.compile(
    r"<!--(?:>|->|.*?--!?>|.*\Z)"
    r"|<[!?][^>]*+>"
    r"|</[^a-zA-Z>][^>]*+>"
    rf"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?:{_ATTRIBUTE})*+[\s/]*+>",
    re.DOTALL,
)
_BEGUN = re.compile(r"<[a-zA-Z!?]|</[^>]")
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
# Closed by what comes next, and never in each other but for a tag that is counted.
IMPLIED = frozenset({
    "p", "li", "dd", "dt", "tr", "td", "th", "tbody", "thead", "tfoot", "body", "html", "head",
    "colgroup", "caption",
})  # fmt: skip
# Open until they are closed themselves, whatever is closed around them.
FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
    "u", "form",
})  # fmt: skip
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"})
# Within these a parser has rules of its own. No mail needs one among so many tags.
STRANGE = frozenset({
    "svg", "math", "select", "frameset", "plaintext", "template", "object", "applet", "marquee",
    "noscript",
})  # fmt: skip


def is_costly(body: str) -> bool:
    """Whether more than DEEPEST tags stand in each other, or there is more work than MOST_WORK."""
    many = body.count("<") + body.count("&")  # an ampersand costs as much as a tag
    if not DEEPEST < many <= MOST_TAGS:
        return many > MOST_TAGS
    stack: list[str] = []
    open_formats: list[tuple[str, int]] = []  # name, and how many tables stood open around it
    tables, work, at = 0, 0, 0
    while (at := body.find("<", at)) >= 0:
        piece = _PIECE.match(body, at)
        if piece is None:
            if _BEGUN.match(body, at):  # and never ended: a parser drops the rest
                break
            at += 1
            continue
        at = piece.end()
        name = (piece["name"] or "").lower()
        if not name or name in VOID:
            continue
        if name in STRANGE:
            return True
        work += len(open_formats)
        if len(stack) + len(open_formats) > DEEPEST or work > MOST_WORK:
            return True
        if name in IMPLIED:
            continue
        if name in FORMATTING:
            _format(open_formats, name, tables, ends=bool(piece["end"]))
        elif piece["end"]:
            tables -= _close(stack, name)
        elif name in RAW:
            ended = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(body, at)
            inside = body[at : ended.start() if ended else len(body)]
            if name == "script" and "<!--" in inside:
                return True
            at += len(inside)
        else:
            stack.append(name)
            tables += name == "table"
    return len(stack) + len(open_formats) > DEEPEST


def _format(found: list[tuple[str, int]], name: str, tables: int, *, ends: bool) -> None:
    """Open a formatting tag, or close the last of that name, unless a table stands between."""
    if not ends:
        found.append((name, tables))
        return
    for place in range(len(found) - 1, -1, -1):
        if found[place][0] == name:
            if found[place][1] == tables:
                del found[place]
            return


def _close(stack: list[str], name: str) -> int:
    """Close the last tag of that name with all in it, unless a table stands between; how many
    tables were closed.
    """
    for place in range(len(stack) - 1, -1, -1):
        if stack[place] == name:
            del stack[place:]
            return int(name == "table")
        if stack[place] == "table":
            return 0
    return 0
