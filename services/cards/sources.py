"""What can fill the fields of a card, by what the card tells.

A card lies on the lock screen of a phone that others see: constant words, days, names of offices
and zones, a case number; never what was applied for, asked or answered, nor who did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from models.card_template import CardPurpose
from services.clock import ZONE

CONSTANT = "text:"
"""Before words that stand in a field each time: a template's own choices, the name of an office."""


@dataclass(frozen=True)
class Source:
    """One thing that can fill a field."""

    name: str
    label: str
    example: str


_WHEN = Source("when", "时间", "2026年11月27日 09:30")
_STATE = Source("state", "进展（4 个字）", "已经答复")
_NOTE = Source("note", "提示语", "请打开小程序查看")
_CASE = (
    Source("what", "事项（固定为“政府信息公开申请”）", "政府信息公开申请"),
    _STATE,
    Source("agency", "机关", "某某区财政局"),
    Source("zone", "专区", "某区政务公开专区"),
    Source("number", "申请编号", "2026-003-00012"),
    _WHEN,
    Source("until", "期限", "2026年12月25日"),
    _NOTE,
)

SOURCES: dict[CardPurpose, tuple[Source, ...]] = {
    CardPurpose.NOTICE: (
        Source("title", "通知标题", "服务大厅元旦期间开放时间调整"),
        Source("summary", "正文开头", "元旦期间服务大厅开放时间调整如下"),
        Source("zone", "专区", "某区政务公开专区"),
        Source("sort", "类别（通知公告、紧急通知）", "通知公告"),
        _WHEN,
        _NOTE,
    ),
    CardPurpose.APPLICATION_ACCEPTED: _CASE,
    CardPurpose.CORRECTION_WANTED: _CASE,
    CardPurpose.APPLICATION_EXTENDED: _CASE,
    CardPurpose.APPLICATION_ANSWERED: _CASE,
    CardPurpose.QUESTION_ANSWERED: (
        Source("what", "事项（固定为“留言答复”）", "留言答复"),
        _STATE,
        Source("zone", "专区", "某区政务公开专区"),
        _WHEN,
        _NOTE,
    ),
}

_STATES = {
    CardPurpose.APPLICATION_ACCEPTED: "已经受理",
    CardPurpose.CORRECTION_WANTED: "需要补正",
    CardPurpose.APPLICATION_EXTENDED: "已经延期",
    CardPurpose.APPLICATION_ANSWERED: "已经答复",
    CardPurpose.QUESTION_ANSWERED: "已经答复",
}
_NOTES = {
    CardPurpose.NOTICE: "请打开小程序查看全文",
    CardPurpose.APPLICATION_ACCEPTED: "请打开小程序查看进展",
    CardPurpose.CORRECTION_WANTED: "请在期限内补正",
    CardPurpose.APPLICATION_EXTENDED: "请打开小程序查看新的期限",
    CardPurpose.APPLICATION_ANSWERED: "请打开小程序查看答复",
    CardPurpose.QUESTION_ANSWERED: "请打开小程序查看答复",
}
_SENTENCE_END = re.compile(r"[。！？；\n]")


def of_notice(
    title: str, text: str, *, zone: str, is_emergency: bool, at: datetime
) -> dict[str, str]:
    """Return what a notice has to fill a card with."""
    return {
        "title": title,
        "summary": _SENTENCE_END.split(text.strip(), maxsplit=1)[0] or title,
        "zone": zone,
        "sort": "紧急通知" if is_emergency else "通知公告",
        "when": moment_words(at),
        "note": _NOTES[CardPurpose.NOTICE],
    }


def of_case(
    purpose: CardPurpose,
    *,
    agency: str,
    zone: str,
    number: str,
    at: datetime,
    until: date | None = None,
) -> dict[str, str]:
    """Return what an application has to fill a card with: nothing of what it is about.

    `until`: the last day for a correction, or of the period; None says today's day in its place.
    """
    return {
        "what": "政府信息公开申请",
        "state": _STATES[purpose],
        "agency": agency,
        "zone": zone,
        "number": number,
        "when": moment_words(at),
        "until": day_words(until or at.astimezone(ZONE).date()),
        "note": _NOTES[purpose],
    }


def of_inquiry(*, zone: str, at: datetime) -> dict[str, str]:
    """Return what an answered question or suggestion has to fill a card with."""
    purpose = CardPurpose.QUESTION_ANSWERED
    return {
        "what": "留言答复",
        "state": _STATES[purpose],
        "zone": zone,
        "when": moment_words(at),
        "note": _NOTES[purpose],
    }


def examples(purpose: CardPurpose) -> dict[str, str]:
    """Return an example of everything that can fill a card."""
    return {source.name: source.example for source in SOURCES[purpose]}


def filled(filling: str, sources: dict[str, str]) -> str:
    """Return what a filling comes to: constant words, or a source; "" where there is none."""
    if filling.startswith(CONSTANT):
        return filling.removeprefix(CONSTANT)
    return sources.get(filling, "")


def moment_words(moment: datetime) -> str:
    """Return a moment as fields for days and for times both take it."""
    local = moment.astimezone(ZONE)
    return f"{day_words(local.date())} {local:%H:%M}"


def day_words(day: date) -> str:
    """Return a day as fields for days take it."""
    return f"{day.year}年{day.month}月{day.day}日"
