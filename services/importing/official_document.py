"""What the lines of an official document mean: title, agency, number, dates, addressees, annexes.

The places of these parts are those of GB/T 9704-2012, the format of documents of party and state
organs: the head above the text, the signature, the date and the annex notes below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from models.category import Category
from models.document import Validity
from services.importing.chinese_numerals import DATE, date_of, first_date
from services.importing.document_tail import split_tail
from services.importing.flattened import NUMBER, TITLE
from services.importing.imported_document import ImportedDocument
from services.importing.markers import MarkerKind, marker_at
from services.importing.named_fields import named_line
from services.importing.outline import outline
from services.importing.source_text import Line, SourceText, version_date

_HEAD_LINES = 25
"""Lines at the top among which the head is looked for."""
_LONGEST_TITLE = 200
_ORGAN = re.compile(
    r"(?:政府|办公厅|办公室|委员会|常务委员会|局|部|厅|署|院|中心|法院|检察院|银行|总队|支队|管委会|"
    r"党委|市委|县委|区委|省委|委|会|办|馆|社|公司|大学|学校|街道办事处)$"
)
_RED_HEAD = re.compile(r"^([一-龥、\s]{2,40}?)文件$")
_CITED_NUMBER = re.compile(
    rf"^[(（]?\s*({NUMBER.pattern}|第?\d{{1,5}}号|[一-龥]{{2,20}}令第\d+号)\s*[)）]?$"
)
_ADDRESSEES = re.compile(r"^[^。；]{2,1500}[：:]$")
_ADDRESSED = re.compile(r"政府|部门|单位|委员会|局|厅|部|办|院|公司|学校|机构|企业|各|委|会")
_TITLE_GOES_ON = re.compile(r"^[^，。；：:]{2,60}$")
_FROM_DAY = re.compile(
    rf"自\s*(?:({DATE.pattern})|(?:发布|公布|印发|颁布|发文)之日)\s*起\s*(?:施行|实施|执行|生效)"
)
_LABELS = {"有效": "现行有效", "现行有效": "现行有效", "废止": "已废止", "修改": "已修改"}


@dataclass
class _Head:
    """What stood above the text, filled in line by line."""

    named: dict[str, str] = field(default_factory=dict)
    title: str = ""
    addressees: str = ""
    red_head: str = ""


def read(source: SourceText) -> ImportedDocument:
    """Return the document that the lines of a file make up."""
    head = _Head(named=dict(source.named))
    body = _take_head(source, head)
    title = head.named.get("title") or head.title
    body, tail = split_tail(body, organ_in_title(title))
    named = head.named
    agency = named.get("agency") or organ_in_title(title) or tail.agency or head.red_head
    signed_on = (
        first_date(named.get("signed_on", "")) or tail.signed_on or version_date(source.name)
    )
    published_on = first_date(named.get("published_on", ""))
    effective_on = first_date(named.get("effective_on", "")) or effective_day(
        body, signed_on or published_on
    )
    return ImportedDocument(
        title=title,
        paragraphs=outline(body, law=_has_articles(body)),
        agency=agency,
        document_number=named.get("document_number", ""),
        signed_on=signed_on,
        published_on=published_on,
        effective_on=effective_on,
        validity=validity_named(named.get("validity", "")),
        category=Category.from_label(named.get("category", "")),
        addressees=head.addressees,
        attachments=tail.attachments,
    )


def _has_articles(lines: tuple[Line, ...]) -> bool:
    markers = (marker_at(line.text) for line in lines)
    return sum(m is not None and m.kind is MarkerKind.ARTICLE for m in markers) >= 3


def validity_named(label: str) -> Validity:
    """Return the validity that a page states, in its own words or in ours."""
    for word, ours in (("失效", "失效"), *_LABELS.items()):
        if word in label and not label.startswith(("无", "不")):
            return Validity.from_label(ours)
    return Validity.UNKNOWN


def effective_day(lines: tuple[Line, ...], issued_on: date | None) -> date | None:
    """Return the day that the last paragraphs say the document takes effect."""
    for line in reversed(lines[-12:]):
        match = _FROM_DAY.search(line.text)
        if match is not None:
            return date_of(match) if match[1] else issued_on
    return None


def _take_head(source: SourceText, head: _Head) -> tuple[Line, ...]:
    """Read the head off the lines and return the rest."""
    lines = list(source.lines)
    top, rest = lines[:_HEAD_LINES], lines[_HEAD_LINES:]
    kept: list[Line] = []
    for place, line in enumerate(top):
        if _in_text(line, head, kept):
            kept += top[place:]
            break
        if not _is_head_line(line, head, kept):
            kept.append(line)
    kept = _take_title(kept, head)
    kept = [line for line in kept if line.text != head.title or not head.title]
    return tuple(_take_addressees(kept, head) + rest)


def _in_text(line: Line, head: _Head, kept: list[Line]) -> bool:
    """Return whether the text has begun, so that names and numbers there are its own words."""
    sentence = line.text.endswith("。") and len(line.text) > 30
    marked = marker_at(line.text) is not None and bool(kept)
    return (sentence or marked) and bool(kept or head.named.get("title"))


def _is_head_line(line: Line, head: _Head, kept: list[Line]) -> bool:
    named = named_line(line.text)
    if named is not None:
        if named[0] and named[1]:
            head.named.setdefault(named[0], named[1])
        return True
    number = _CITED_NUMBER.match(line.text)
    if number is not None:
        head.named.setdefault("document_number", number[1])
        return True
    red = _RED_HEAD.match(line.text)
    if red is not None and not line.level and len(kept) < 3:
        head.red_head = re.sub(r"\s", "", red[1])
        return True
    return False


def _take_title(lines: list[Line], head: _Head) -> list[Line]:
    """Take the title off the first lines; it may be broken over up to three."""
    if head.named.get("title"):
        head.title = head.named["title"]
        return lines
    declared = [line for line in lines[:8] if line.level]
    if declared and declared[0].level == min(line.level for line in declared):
        head.title = declared[0].text
        return [line for line in lines if line is not declared[0]]
    for start in range(min(4, len(lines))):
        text = ""
        for end in range(start, min(start + 3, len(lines))):
            text += lines[end].text
            if TITLE.fullmatch(text) and len(text) <= _LONGEST_TITLE:
                head.title = text
                return lines[:start] + lines[end + 1 :]
            if not _TITLE_GOES_ON.match(lines[end].text):
                break
    if lines and len(lines[0].text) <= _LONGEST_TITLE and not lines[0].text.endswith("。"):
        head.title = lines[0].text
        return lines[1:]
    return lines


def _take_addressees(lines: list[Line], head: _Head) -> list[Line]:
    for place, line in enumerate(lines[:4]):
        if (
            not line.level
            and marker_at(line.text) is None
            and _ADDRESSEES.match(line.text)
            and _ADDRESSED.search(line.text)
            and "如下" not in line.text
        ):
            head.addressees = line.text.rstrip("：:")
            return lines[:place] + lines[place + 1 :]
    return lines


def organ_in_title(title: str) -> str:
    """Return the agency that a title such as 某市人民政府办公厅关于… begins with, "" if none."""
    organ, found, _ = title.partition("关于")
    organ = organ.strip()
    if "《" in organ:
        return ""
    return organ if found and _ORGAN.search(organ.split(" ")[-1]) and len(organ) <= 200 else ""
