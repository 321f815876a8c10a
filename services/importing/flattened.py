"""Text whose line breaks were lost: scraped pages run headings, paragraphs and signature together.

Breaks are put back where the text itself says that something new begins: before marks such as
二、 and （一）, around the title, the document number and the addressees, and before the signature.
"""

from __future__ import annotations

import re
from itertools import pairwise

from services.importing.chinese_numerals import DATE
from services.importing.markers import MarkerKind, marker_at
from services.importing.named_fields import take_publication_date
from services.importing.source_text import Line

_KINDS = "通知|通报|意见|决定|公告|通告|批复|复函|函|方案|办法|规定|细则|报告|公报|命令"
TITLE = re.compile(rf"[^，。；：:？！\n]{{2,120}}?的(?:{_KINDS})(?:（[^）]{{1,12}}）)?")
NUMBER = re.compile(r"[一-龥]{1,15}[〔\[［(（]\s*\d{4}\s*[〕\]］)）]\s*第?\s*\d{1,5}\s*号")
_SENTENCE_END = "。！？；：”）)》〕"
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[．.]"
)
_FIRST_ITEM = re.compile(r"^([一二三四五六七八九十]{1,3}、[^。]{2,40}[一-龥])(?=1[．.][一-龥])")
_ADDRESSEES = re.compile(r"^[^。；\n]{2,400}?[：:](?=.)")
_NOTES = re.compile(r"（此件[^）]{2,20}）|\(此件[^)]{2,20}\)")
_DOWNLOAD = re.compile(r"(?m)(?:文件|附件)下载[:：]?[^。\n]*$")
_HTML_BREAK = re.compile(r"<\s*/?\s*(?:br|p)\s*/?\s*>", re.IGNORECASE)
_STRONG_ENDS = (
    "意义", "要求", "目标", "原则", "任务", "措施", "实效", "机制", "体系", "职责", "时限", "范围",
    "内容", "步骤", "事项", "氛围", "水平", "能力", "思想", "认识", "成效", "格局", "基础", "重点",
    "环节", "责任",
)  # fmt: skip
_WEAK_ENDS = (
    "建设",
    "工作",
    "保障",
    "领导",
    "管理",
    "服务",
    "监督",
    "宣传",
    "落实",
    "发展",
    "考核",
)
_LONGEST_HEADING = 60


def unflattened(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return lines with their breaks put back; lines that were never run together unchanged."""
    if not _is_flattened(lines):
        return lines
    text = _HTML_BREAK.sub("\n", "\n".join(line.text for line in lines))
    text = _DOWNLOAD.sub("", text)
    text, published = take_publication_date(text)
    title = TITLE.match(text)
    if title is not None:
        text = _with_head(text, title[0])
    text = _NOTES.sub(lambda m: f"\n{m[0]}\n", text)
    text = _with_signature(text, title[0] if title else "")
    text = _broken_before_marks(text)
    rows = [row.strip() for row in text.split("\n") if row.strip()]
    rows = [piece for row in rows for piece in _undelimited_heading(row, rows)]
    if published:
        rows.insert(1 if title else 0, f"发布日期：{published}")
    return tuple(Line(row) for row in rows)


def _is_flattened(lines: tuple[Line, ...]) -> bool:
    if any(line.level for line in lines):
        return False
    return any(
        sum(1 for _ in _marks_inside(line.text)) >= 2
        or (NUMBER.search(line.text) and TITLE.match(line.text) and len(line.text) > 200)
        for line in lines
    )


def _marks_inside(text: str) -> list[int]:
    """Return where marks stand after a sentence, not at the start of the text."""
    return [
        m.start()
        for m in _MARK.finditer(text)
        if m.start() > 0 and text[m.start() - 1] in _SENTENCE_END and marker_at(text, m.start())
    ]


def _with_head(text: str, title: str) -> str:
    """Put title, number and addressees on lines of their own; the title is kept once."""
    standing = re.compile(rf"(?<![《〈“]){re.escape(title)}(?![》〉”]|\s*\.\w)")
    rows = [title]
    for row in standing.sub("\n", text).split("\n"):
        number = NUMBER.match(row)
        if number is not None:
            rows.append(number[0])
            row = row[number.end() :]
            addressees = _ADDRESSEES.match(row)
            if addressees is not None:
                rows.append(addressees[0])
                row = row[addressees.end() :]
        rows.append(row)
    return "\n".join(rows)


def _with_signature(text: str, title: str) -> str:
    """Break before agency and date under the text, before 附件： and before each annex."""
    agency = title.partition("关于")[0]
    if agency and agency != title:
        text = re.sub(rf"{re.escape(agency)}\s*({DATE.pattern})", rf"\n{agency}\n\1\n", text)
    text = re.sub(r"(?<=[。）\n])附件\s*[:：]", "\n附件：", text)
    return re.sub(
        r"(?m)^附件\d{1,2}(?=[一-龥]).*$",
        lambda m: re.sub(r"(?<!^)附件(?=\d{1,2}[一-龥])", "\n附件", m[0]),
        text,
    )


def _broken_before_marks(text: str) -> str:
    rows = []
    for row in text.split("\n"):
        if row.startswith("附件："):
            row = re.sub(r"(?<!\d)(?=\d{1,2}[．.、](?!\d))", "\n", row)
            rows.append(row)
            continue
        places = {0, *_marks_inside(row)}
        # （一） seldom stands inside a sentence, unless a clause is cited: 第（一）项.
        for m in re.finditer(r"(?<![第、至款])[（(][一二三四五六七八九十]{1,3}[）)]", row):
            marker = marker_at(row, m.start())
            if marker is not None and marker.kind is MarkerKind.SECOND:
                places.add(m.start())
        cuts = [*sorted(places), len(row)]
        rows.extend(_FIRST_ITEM.sub(r"\1\n", row[a:b]) for a, b in pairwise(cuts))
    return "\n".join(rows)


def _undelimited_heading(row: str, rows: list[str]) -> list[str]:
    """Split a heading from the text that follows it without any sign between them.

    一、提高认识，明确…的重要意义政务公开专区是…。 ends its heading where a word that headings end with
    meets words that another sentence of the same text begins with.
    """
    marker = marker_at(row)
    first = row.find("。")
    if marker is None or marker.kind is not MarkerKind.FIRST or first < _LONGEST_HEADING // 2:
        return [row]
    openings = {s[:4] for r in rows for s in re.split("[。；]", r) if r != row and len(s) > 8}
    best: tuple[int, int] | None = None  # Its score, and where to cut.
    end_of_search = min(first, len(marker.text) + _LONGEST_HEADING)
    for cut in range(len(marker.text) + 4, end_of_search):
        left, right = row[:cut], row[cut:]
        ends = 2 if left.endswith(_STRONG_ENDS) else 1 if left.endswith(_WEAK_ENDS) else 0
        opens = 3 if right[:4] in openings else 0
        score = ends + opens if ends else 0
        # A heading that ends where 的 or a comma follows goes on.
        if right[0] in "的，、；：和与及" or score < 4:
            continue
        # Of equal places in one clause the last: 认识 and 意义 both end headings, but
        # 充分认识…的重要意义 is one phrase.
        if best is None or score > best[0] or (score == best[0] and "，" not in row[best[1] : cut]):
            best = (score, cut)
    return [row] if best is None else [row[: best[1]], row[best[1] :]]
