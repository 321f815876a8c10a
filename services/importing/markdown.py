"""Markdown documents, read with markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.importing.markers import starts_with_marker
from services.importing.named_fields import FIELD_NAMES
from services.importing.plain_text import decode
from services.importing.source_text import Line, SourceText, clean_lines

_ENDS_SENTENCE = tuple("。！？；：!?;:")
_GOES_ON = "\0"
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read(path: Path) -> SourceText:
    """Return the lines of a Markdown file, without its front matter and marks.

    Raises Unreadable.
    """
    text = decode(path.read_bytes())
    front = _FRONT_MATTER.match(text)
    # Chinese text begins lines with spaces, so that an indented line is a paragraph here.
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "lheading"])
    lines = _lines(parser.parse(text[front.end() :] if front else text))
    return SourceText(path.stem, clean_lines(lines), _front_fields(front[1]) if front else {})


def _front_fields(front: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in front.splitlines())
    return {
        FIELD_NAMES[name.strip().lower()]: value.strip().strip("\"'")
        for name, _, value in pairs
        if name.strip().lower() in FIELD_NAMES and value.strip()
    }


def _lines(tokens: list[Token]) -> Iterator[Line]:
    level, cells, number, in_cell = 0, list[str](), "", False
    for token in tokens:
        opens = token.nesting == 1
        match token.type:
            case "heading_open" | "heading_close":
                level = int(token.tag[1]) if opens else 0
            case "th_open" | "td_open" | "th_close" | "td_close":
                in_cell = opens
            case "list_item_open":
                number = f"{token.info}. " if token.info else ""
            case "inline" if in_cell:
                cells.append(_plain(token))
            case "inline":
                yield Line(number + _plain(token), level)
                number = ""
            case "tr_close":
                yield Line(" | ".join(cells))
                cells = []
            case "fence":
                yield from (Line(line) for line in token.content.splitlines())


def _plain(inline: Token) -> str:
    text = ""
    for child in inline.children or []:
        if child.type == "softbreak":
            # Many write one paragraph a line; only a line that stops in a sentence goes on.
            text += "\n" if text.endswith(_ENDS_SENTENCE) or not text else _GOES_ON
        elif child.type == "hardbreak" or child.content.lower().startswith("<br"):
            text += "\n"
        elif child.type != "html_inline":
            goes_on = text.endswith(_GOES_ON)
            if goes_on:
                text = text.removesuffix(_GOES_ON)
                opens = starts_with_marker(child.content)
                latin = text[-1:].isascii() and child.content[:1].isascii()
                text += "\n" if opens else " " if latin else ""
            text += child.content
    return text.removesuffix(_GOES_ON)
