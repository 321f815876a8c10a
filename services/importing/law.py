"""What the lines of a law or regulation mean: its promulgation, its versions, its articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from models.document import Validity
from services.importing.chinese_numerals import DATE, date_of, first_date
from services.importing.flattened import NUMBER
from services.importing.imported_document import ImportedDocument
from services.importing.markers import MarkerKind, marker_at
from services.importing.official_document import effective_day, organ_in_title, validity_named
from services.importing.outline import outline
from services.importing.source_text import Line, SourceText, version_date

_STEPS = "通过|公布|发布|颁布|批准|修订|修正|修改|施行|批转"
_STEP = re.compile(rf"({_STEPS})[)）]?\s*$")
_CHANGE = re.compile(r"修订|修正|修改")
_TAKES_EFFECT = re.compile(r"施行[)）]?\s*$")
_ORDER = re.compile(r"(?:中华人民共和国)?([一-龥、]{2,30}?令)\s*第?\s*(\d+)\s*号|第(\d+)号令")
_PROMULGATES = re.compile(r"([一-龥、 ]{2,60}?)(?:令?第?\d*号?令?)(?:公布|发布|颁布)")
_CONGRESS = re.compile(r"全国人民代表大会(常务委员会)?第")
_LEADING_DATE = re.compile(r"^[\s(（]*" + DATE.pattern)
_SESSION = re.compile(r"([一-龥]{2,30}?)(?:\d{4}年)?第[\d一二三四五六七八九十]+次.{0,8}会议")
_PLACE = re.compile(r"^[一-龥]{2,}?(?:省|(?<!城)市(?!场)|县|州|自治区|特别行政区|经济特区|试验区)")
_STATE = "中华人民共和国"
_CONTINUES = re.compile(rf"^[一-龥、 ]{{2,36}}(?:{_STEPS})$|^[一-龥]{{1,11}}(?:部|署|总局|委员会)$")
_UNSTATED_AFTER = timedelta(days=60)
"""A version dated this much later than the last step named was made by a step not named."""
_NUMBER_ALONE = re.compile(rf"^[(（]?{NUMBER.pattern}[)）]?$")
_CONTENTS = re.compile(r"^目\s*录$")


@dataclass(frozen=True)
class _Event:
    """One step in a law's making, such as 2019年4月3日 国务院令第711号修订."""

    on: date
    text: str


def is_law(lines: tuple[Line, ...]) -> bool:
    """Return whether lines are those of a law: articles, or a promulgation under the title.

    Rules that a notice sends out are part of that notice.
    """
    if any(_NUMBER_ALONE.match(line.text) for line in lines[:8]):
        return False
    first, events = _preamble(lines)
    if events:
        return True
    numbers = [
        marker.number
        for line in lines[first:]
        if (marker := marker_at(line.text)) and marker.kind is MarkerKind.ARTICLE
    ]
    return numbers[:2] == [1, 2]


def read(source: SourceText) -> ImportedDocument:
    """Return the law that the lines of a file make up, article by article."""
    lines = source.lines
    first, events = _preamble(lines)
    named = source.named
    title = named.get("title") or _title(lines[:first])
    body = _articles_apart(_without_contents(lines[first:]))
    made = [e for e in events if not _TAKES_EFFECT.search(e.text)]
    signed_on, published_on = _dates(made, version_date(source.name))
    stated = next((e.on for e in reversed(events) if _TAKES_EFFECT.search(e.text)), None)
    return ImportedDocument(
        title=title,
        paragraphs=outline(body, law=True),
        agency=named.get("agency") or _agency(made, title),
        document_number=named.get("document_number") or _order(made),
        signed_on=first_date(named.get("signed_on", "")) or signed_on,
        published_on=first_date(named.get("published_on", "")) or published_on,
        effective_on=first_date(named.get("effective_on", ""))
        or stated
        or _effective(lines[:first], body, published_on),
        validity=_validity(named.get("validity", "")),
        is_law=True,
        version_on=version_date(source.name) or signed_on,
    )


def _validity(stated: str) -> Validity:
    # A law whose file says nothing binds, until a later version or another law says otherwise.
    validity = validity_named(stated)
    return Validity.IN_FORCE if validity is Validity.UNKNOWN else validity


def _preamble(lines: tuple[Line, ...]) -> tuple[int, list[_Event]]:
    """Return where the text begins, and the steps of the law's making named before that."""
    events: list[_Event] = []
    end = 0
    for place, line in enumerate(lines[:30]):
        marker = marker_at(line.text)
        if place and (
            (marker is not None and marker.kind <= MarkerKind.FIRST)
            or (line.level and not _LEADING_DATE.match(line.text))
            or _CONTENTS.match(line.text)
        ):
            break
        found = _events(line.text) if place else []
        if found:
            events += found
            end = place + 1
        elif re.fullmatch(r"[(（]?自?(?:发布|公布)之日起?施行[)）]?", line.text):
            end = place + 1
        elif events and end == place and _CONTINUES.match(line.text):
            # Several agencies of one promulgation may stand on lines of their own.
            events[-1] = _Event(events[-1].on, f"{events[-1].text}、{line.text}".strip(" 、"))
            end = place + 1
    return max(end, 1), events


def _events(text: str) -> list[_Event]:
    if not _LEADING_DATE.match(text):
        return []
    events = []
    starts = [m for m in DATE.finditer(text)]
    for place, match in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        day, what = date_of(match), text[match.end() : end].strip(" 　）)").removesuffix("根据")
        if day is not None:
            events.append(_Event(day, what))
    # A dated sentence of the text is no step: steps are short and end with what was done.
    whole = text.strip(" 　）)").removesuffix("根据").rstrip(" 　）)")
    short = len(text) < 40 and not whole.endswith("。")
    return events if _STEP.search(whole) or short else []


def _title(lines: tuple[Line, ...]) -> str:
    declared = next((line.text for line in lines if line.level == 1), "")
    return declared or next((line.text for line in lines if not _LEADING_DATE.match(line.text)), "")


def _dates(made: list[_Event], version_on: date | None) -> tuple[date | None, date | None]:
    """Return when the law was last adopted or revised, and when that was made public.

    version_on is the date in the file's name, which knows of revisions that the text leaves out.
    """
    signed_on = max((e.on for e in made), default=version_on)
    if version_on and signed_on and version_on - signed_on > _UNSTATED_AFTER:
        return version_on, version_on
    public = [e.on for e in made if re.search(r"公布|发布|颁布|修订|修正|修改", e.text)]
    if version_on and signed_on and version_on >= signed_on:
        public.append(version_on)
    return signed_on, max(public, default=signed_on)


def _agency(events: list[_Event], title: str) -> str:
    """Return who made the law: the congress, or who promulgated it last under its own name.

    Source for what the title says: Regulation on the Procedures for Making Administrative
    Regulations, Article 5: of administrations only the State Council may call its rules 条例.
    Those of local congresses name their place.
    """
    for event in reversed(events):
        congress = _CONGRESS.search(event.text)
        if congress is not None:
            return f"全国人民代表大会{congress[1] or ''}"
    for event in reversed(events):
        match = _PROMULGATES.match(event.text.replace(_STATE, ""))
        if match is not None:
            return re.sub(r"\s|(?:令|第|修正|修订)$", "", match[1])
        session = _SESSION.match(event.text)
        if session is not None:
            return session[1]
    whole = " ".join(event.text for event in events)
    national = title.endswith("条例") and not _PLACE.search(title)
    return "国务院" if "国务院" in whole or national else organ_in_title(title).removeprefix(_STATE)


def _order(events: list[_Event]) -> str:
    """Return the last decree that promulgated or revised the law: 国务院令第711号."""
    for event in reversed(events):
        match = _ORDER.search(event.text.replace(_STATE, ""))
        if match is not None:
            number = match[2] or match[3]
            issuer = match[1] or f"{event.text.partition('第')[0].replace(_STATE, '')}令"
            return f"{issuer}第{number}号"
    return ""


def _effective(
    head: tuple[Line, ...], body: tuple[Line, ...], issued_on: date | None
) -> date | None:
    if any(re.search(r"(?:发布|公布)之日起?施行", line.text) for line in head):
        return issued_on
    return effective_day(body, issued_on)


def _without_contents(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Drop a table of contents: chapter headings after 目录 that come again in the text."""
    place = next((i for i, line in enumerate(lines[:5]) if _CONTENTS.match(line.text)), None)
    if place is None:
        return lines
    listed: set[str] = set()
    end = place + 1
    for line in lines[end:]:
        bare = re.sub(r"[\s.…·\d]+$", "", line.text)
        marker = marker_at(bare)
        if bare in listed or marker is None or not marker.kind.heads_a_law:
            break
        listed.add(bare)
        end += 1
    return lines[:place] + lines[end:]


def _articles_apart(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Put articles that run on in one line on lines of their own, going by their numbers."""
    result: list[Line] = []
    last = 0
    for line in lines:
        marker = marker_at(line.text)
        if line.level or marker is None or marker.kind is not MarkerKind.ARTICLE:
            result.append(line)
            continue
        text = line.text
        last = marker.number
        start = 0
        for match in re.finditer(r"(?<=[。；：])\s?(?=第)", text):
            inner = marker_at(text, match.end())
            if inner and inner.kind is MarkerKind.ARTICLE and inner.number == last + 1:
                result.append(Line(text[start : match.start()]))
                start, last = match.end(), inner.number
        result.append(Line(text[start:]))
    return tuple(result)
