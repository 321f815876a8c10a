"""What stands below the text of an official document: annex notes, signature, date, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from services.importing.chinese_numerals import DATE, date_of
from services.importing.source_text import Line

_ATTACHMENTS = re.compile(r"^附\s*件\s*[:：]\s*(.*)$")
_NUMBERED = re.compile(r"^\d{1,2}\s*[．.、]\s*(.+)$")
_SEVERAL = re.compile(r"(?<!\d)\d{1,2}\s*[．.、](?!\d)")
_ONLY_DATE = re.compile(rf"^(?P<agency>[^\d，。；：]{{0,60}}?)\s*(?:{DATE.pattern})\s*$")
_NOTE = re.compile(
    r"^[（(]\s*(?:此件|联系人|信息公开|公开属性|公开方式|主动公开).{0,80}[）)]$|^抄\s*送\s*[：:]|"
    r"^.{0,60}\d{1,2}日\s*印发\s*$|^主动公开$|^(?:文件|附件)下载[^。]*$|^-?\s*END\s*-?$"
)
_ANNEX = re.compile(r"^附\s*件\s*\d{0,2}\s*[:：]?\s*(?P<title>[^，。；]{0,80})$")
_ORGAN_LINE = re.compile(r"^[一-龥、（）() ]{2,60}$")
_ENDS_LIKE_ORGAN = re.compile(
    r"(?:政府|厅|室|会|局|部|署|院|中心|行|委|办|馆|社|公司|学校|大学|处|队)$"
)


_TAIL_LINES = 15
"""Lines from the end in which a signature may stand."""


@dataclass(frozen=True)
class Tail:
    """What was read below the text."""

    attachments: tuple[str, ...] = ()
    agency: str = ""
    signed_on: date | None = None


def split_tail(lines: tuple[Line, ...], organ_in_title: str = "") -> tuple[tuple[Line, ...], Tail]:
    """Return the lines of the text and annexes, and what the tail between them says.

    An annex that is in the file stays, under its heading; an annex of which only the heading is
    there is known by its title alone.
    """
    signature = _signature(lines, organ_in_title)
    attachments: list[str] = []
    kept: list[Line] = []
    place, agency, signed_on = 0, "", None
    if signature is not None:
        agency, signed_on = signature[1], signature[2]
    while place < len(lines):
        line = lines[place]
        opens = _ATTACHMENTS.match(line.text)
        if opens is not None and not line.level and not attachments:
            titles, place = _attachment_titles(opens[1], lines, place + 1)
            attachments += titles
        elif signature is not None and place in signature[0] or _NOTE.match(line.text):
            place += 1
        else:
            kept.append(line)
            place += 1
    return tuple(_annexes(kept)), Tail(tuple(attachments), agency, signed_on)


def _signature(lines: tuple[Line, ...], organ: str) -> tuple[range, str, date] | None:
    """Return the places of agency and date below the text, and what they say.

    The date stands on a line of its own, or behind the agency. The last such line before any annex
    counts.
    """
    end = next(
        (i for i, line in enumerate(lines) if i > len(lines) // 3 and _opens_annex(line)),
        len(lines),
    )
    for place in range(end - 1, max(end - 1 - _TAIL_LINES, -1), -1):
        match = _ONLY_DATE.match(lines[place].text)
        day = date_of(match) if match else None
        if match is None or day is None or lines[place].level:
            continue
        start, agency = place, match["agency"].strip()
        while not agency or start > place - 3:
            above = lines[start - 1].text if start else ""
            if not _is_organ(above, organ):
                break
            start -= 1
            agency = f"{above} {agency}".strip()
        if agency and not _is_organ(agency.split(" ")[0], organ):
            continue
        return range(start, place + 1), agency, day
    return None


def _is_organ(text: str, organ: str) -> bool:
    if organ and text == organ:
        return True
    return bool(_ORGAN_LINE.match(text) and _ENDS_LIKE_ORGAN.search(text))


def _opens_annex(line: Line) -> bool:
    match = _ANNEX.match(line.text)
    return match is not None and not _ATTACHMENTS.match(line.text)


def _attachment_titles(first: str, lines: tuple[Line, ...], place: int) -> tuple[list[str], int]:
    """Return the titles in the note 附件：1．… 2．…, and the place of the first line after it."""
    titles = [t.strip(" 　；;") for t in _SEVERAL.split(first) if t.strip(" 　；;")]
    while place < len(lines):
        numbered = _NUMBERED.match(lines[place].text)
        if numbered is None or len(numbered[1]) > 150 or numbered[1].endswith("。"):
            break
        titles.append(numbered[1].strip(" 　；;"))
        place += 1
    return titles, place


def _annexes(lines: list[Line]) -> list[Line]:
    """Make headings of 附件1 … lines, and drop those that nothing follows."""
    result: list[Line] = []
    for place, line in enumerate(lines):
        if _opens_annex(line):
            following = lines[place + 1] if place + 1 < len(lines) else None
            if following is None or _opens_annex(following):
                continue
            result.append(Line(line.text, line.level or 1))
        else:
            result.append(line)
    return result
