"""Markdown documents, read with markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.importing.named_fields import FIELD_NAMES
from services.importing.plain_text import decode
from services.importing.source_text import Line, SourceText, clean_lines

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.S)


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
    level, cells, number = 0, list[str](), ""
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "tr_open":
                cells = []
            case "list_item_open":
                number = f"{token.info}. " if token.info else ""
            case "inline" if token.level and tokens[tokens.index(token) - 1].tag in {"td", "th"}:
                cells.append(_plain(token))
            case "inline":
                yield Line(number + _plain(token), level)
                number = ""
            case "tr_close":
                yield Line(" | ".join(cells))
            case "fence":
                yield from (Line(line) for line in token.content.splitlines())


def _plain(inline: Token) -> str:
    pieces = []
    for child in inline.children or []:
        if child.type in {"softbreak", "hardbreak"} or child.content.lower().startswith("<br"):
            pieces.append("\n")
        elif child.type != "html_inline":
            pieces.append(child.content)
    return "".join(pieces)
