"""Web pages, read with selectolax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.importing.named_fields import known_fields, named_line
from services.importing.plain_text import decode
from services.importing.source_text import Line, SourceText, clean_lines

_FURNITURE = (
    "script, style, noscript, template, nav, header, footer, aside, form, iframe, button, select, "
    "svg, [hidden], [aria-hidden=true], [role=navigation]"
)
_MAIN = (
    "article", "main", "[role=main]", "#UCAP-CONTENT", ".TRS_Editor", ".TRS_UEDITOR",
    ".pages_content", ".article-content", ".xxgk-content", "#zoom",
)  # fmt: skip
"""Where publishing systems of Chinese authorities put the text; the first found with text counts."""
_BLOCKS = {
    "address", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "article", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br",
}  # fmt: skip
_LEAST_MAIN_TEXT = 20
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def read(path: Path) -> SourceText:
    """Return the lines of a page's main text, without scripts, navigation and forms.

    Raises Unreadable.
    """
    page = LexborHTMLParser(decoded(path.read_bytes()))
    named = known_fields(
        (meta.attributes.get("name") or "", meta.attributes.get("content") or "")
        for meta in page.css("meta")
    )
    for furniture in page.css(_FURNITURE):
        furniture.decompose()
    if page.body is not None:
        # A box beside the text often holds its number and dates.
        for line in clean_lines(_block(page.body)):
            stated = named_line(line.text)
            if stated is not None and stated[0] and stated[1]:
                named.setdefault(*stated)
    return SourceText(path.stem, clean_lines(_lines(page)), named)


def decoded(content: bytes) -> str:
    """Return the text of a page in the encoding that it declares. Raises Unreadable."""
    declared = _CHARSET.search(content[:2048])
    if declared and declared[1].lower() in {b"gb2312", b"gbk", b"gb18030"}:
        return content.decode("gb18030", errors="replace")
    return decode(content)


def _lines(page: LexborHTMLParser) -> Iterator[Line]:
    body = page.body
    if body is None:
        return
    main = next((n for s in _MAIN if (n := page.css_first(s)) and _has_text(n)), None)
    if main is None:
        yield from _block(body)
        return
    # The title often stands outside the element that holds the text.
    title = page.css_first("h1")
    if title is not None and not main.css("h1"):
        yield Line(title.text(deep=True), 1)
    yield from _block(main)


def _has_text(node: LexborNode) -> bool:
    return len(node.text(deep=True).strip()) >= _LEAST_MAIN_TEXT


def _block(node: LexborNode, level: int = 0) -> Iterator[Line]:
    """Yield the lines in a block, its inline text gathered between the blocks inside."""
    gathered: list[str] = []

    def flush() -> Iterator[Line]:
        text = re.sub(r"\s+", " ", "".join(gathered)).strip()
        gathered.clear()
        if text:
            yield Line(text, level)

    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            gathered.append(child.text(deep=False))
        elif tag not in _BLOCKS:
            inner = list(_block(child, level))
            if child.css(", ".join(_BLOCKS)):
                yield from flush()
                yield from inner
            else:
                gathered.append(child.text(deep=True))
        else:
            yield from flush()
            yield from _inner_block(child, tag, level)
    yield from flush()


def _inner_block(node: LexborNode, tag: str, level: int) -> Iterator[Line]:
    if tag == "tr":
        cells = [re.sub(r"\s+", " ", cell.text(deep=True)).strip() for cell in node.css("td, th")]
        # A table with one cell in a row is layout, not data.
        if len(cells) > 1:
            yield Line(" | ".join(cells))
            return
    if tag == "ol":
        yield from _numbered(node, level)
    elif re.fullmatch(r"h[1-6]", tag):
        yield Line(re.sub(r"\s+", " ", node.text(deep=True)), int(tag[1]))
    elif tag != "br":
        yield from _block(node, level)


def _numbered(node: LexborNode, level: int) -> Iterator[Line]:
    start = node.attributes.get("start") or "1"
    number = int(start) if start.isdecimal() else 1
    for item in node.iter():
        lines = list(_block(item, level))
        if item.tag == "li" and lines:
            yield Line(f"{number}. {lines[0].text}", level)
            lines = lines[1:]
            number += 1
        yield from lines
