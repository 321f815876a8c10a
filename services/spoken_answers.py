"""An answer as it is spoken: short first, its source named, the rest on 继续."""

from __future__ import annotations

import re

from services.replies import Answer, Finding
from speech.reading_signs import with_tables_read

LONGEST_PIECE = 60
"""Characters said in one go (zone project convention for elderly listeners)."""
_LONGEST_LEAD = 26
_BREAKS = re.compile(r"(?<=[。！？!?；;\n])")
_SOFT_BREAKS = re.compile(r"(?<=[，,、：:）)])")
_ARTICLE_LABEL = re.compile(r"^第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?\s*")
_STATE_NAMES = ("中华人民共和国", "（试行）", "(试行)")


def spoken_pieces(finding: Finding) -> list[str]:
    """Return an answer cut for speaking, each piece at most LONGEST_PIECE characters.

    The first names the source. An entry's own short wording comes first, its full text after it.
    """
    answer = finding.answer
    opening = finding.short or finding.focus
    if not opening:
        return _lead_and(source_lead(answer), answer.text)
    rest = "" if _same(opening, answer.text) else answer.text
    return _lead_and(source_lead(answer), opening) + cut_for_speaking(rest)


def source_lead(answer: Answer) -> str:
    """Return how the source is named in speech: 根据《政府信息公开条例》第三十三条，"""
    title = answer.source.title
    for name in _STATE_NAMES:
        title = title.replace(name, "")
    article = answer.source.article if answer.source.article.startswith("第") else ""
    for named in (f"《{title}》{article}", f"《{title}》", answer.source.document_number, article):
        if named and named != "《》" and len(named) <= _LONGEST_LEAD - 3:
            return f"根据{named}，"
    return f"{answer.source.agency}规定，" if 0 < len(answer.source.agency) <= 16 else "据问答库，"


def _lead_and(lead: str, text: str) -> list[str]:
    text = _ARTICLE_LABEL.sub("", text)
    if text.startswith(("根据", "依据", "按照")):
        return cut_for_speaking(text)
    return cut_for_speaking(lead + text)


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one) == re.sub(r"\W", "", other)


def cut_for_speaking(text: str) -> list[str]:
    """Return a text in pieces of at most LONGEST_PIECE characters, cut where one would breathe."""
    pieces: list[str] = []
    current = ""
    for sentence in _parts(with_tables_read(text)):
        if current and len(current) + len(sentence) > LONGEST_PIECE:
            pieces.append(current)
            current = ""
        current += sentence
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for sentence in _BREAKS.split(text):
        sentence = re.sub(r"\s+", "", sentence)
        clauses = [sentence] if len(sentence) <= LONGEST_PIECE else _SOFT_BREAKS.split(sentence)
        for clause in clauses:
            parts += [clause[i : i + LONGEST_PIECE] for i in range(0, len(clause), LONGEST_PIECE)]
    return [part for part in parts if part]
