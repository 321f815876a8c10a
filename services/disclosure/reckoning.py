"""The days of one application reckoned from what somebody says happened, with the reasons.

What a desk calculator would do: nothing is kept, and a receipt to come is reckoned too, as a
forecast that says so. An application that is filed goes by its events instead.
"""

from __future__ import annotations

from datetime import date

import msgspec

from models.application import Channel
from services.disclosure.deadlines import (
    CONSULT_WITHIN,
    REPLY_WITHIN,
    Clock,
    CountedDay,
    Deadline,
    ImpossibleDay,
    Pause,
    correction_ask_due,
    correction_limit,
    days_used,
    first_period_end,
    reply_due,
)
from services.disclosure.impossible_days import refuse_impossible_days
from services.disclosure.receipt_days import receipt_day, why_that_day
from services.disclosure.work_calendar import WorkCalendar

CORRECTION_DAYS = 15
"""Working days for a correction unless the notice says otherwise (project convention)."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What happened."""

    arrived_on: date
    channel: Channel = Channel.COUNTER
    confirmed_on: date | None = None
    """None: confirmed on the day it came."""
    correction_asked: date | None = None
    correction_received: date | None = None
    correction_days: int = CORRECTION_DAYS
    late_correction_allowed: bool = False
    """The head let a correction be asked for after the seventh day."""
    pauses: tuple[Pause, ...] = ()
    extension_days: int = 0


class Explained(msgspec.Struct, frozen=True):
    date: date
    counted: bool
    why: str
    number: int | None


class Consulted(msgspec.Struct, frozen=True):
    sent_on: date
    limit_on: date | None
    ended_on: date | None
    days_not_counted: int | None
    """None while it is open."""


class Reckoning(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from it."""

    received_on: date
    """Day zero of the period that runs: after a correction, the day that came."""
    first_received_on: date
    received_why: str
    reply_due: date | None
    provisional: bool
    correction_ask_due: date
    correction_limit: date | None
    extension_due: date | None
    """The last day to approve and tell an extension."""
    extension_days: int
    counted: int
    needed: int
    remaining: int
    consultations: tuple[Consulted, ...]
    explanation: tuple[Explained, ...]
    notes: tuple[str, ...]
    calendar_version: str


def reckon(given: Given, calendar: WorkCalendar, *, today: date) -> Reckoning:
    """Return the days of an application.

    Raises ImpossibleDay for days that contradict the law or each other.
    """
    first = receipt_day(given.channel, given.arrived_on, given.confirmed_on or given.arrived_on)
    assert first is not None
    _refuse(given, first, today)
    ask_due = correction_ask_due(first, calendar)
    notes = [_FORECAST] if first > today else []
    asked, came = given.correction_asked, given.correction_received
    limit = None
    if asked is not None:
        limit = correction_limit(asked, given.correction_days, calendar)
        assert ask_due.on is not None
        if asked > ask_due.on and not given.late_correction_allowed:
            notes.append(_TOO_LATE_TO_ASK)
            asked = came = None
        elif came is not None and came > limit:
            notes.append(_CORRECTED_LATE)
    clock = Clock(came or first, given.pauses, given.extension_days)
    notes += _on_pauses(clock, calendar)
    if asked is not None and came is None:
        due = _waiting(asked, given.extension_days)
        extension_due = None
    else:
        due = reply_due(clock, calendar, today=today)
        extension_due = first_period_end(clock, calendar, today=today).on
    if due.is_provisional:
        notes.append(_PROVISIONAL)
    return Reckoning(
        received_on=clock.received_on,
        first_received_on=first,
        received_why=why_that_day(given.channel),
        reply_due=due.on,
        provisional=due.is_provisional or ask_due.is_provisional,
        correction_ask_due=ask_due.on or first,
        correction_limit=limit,
        extension_due=extension_due,
        extension_days=given.extension_days,
        counted=due.counted,
        needed=due.needed,
        remaining=due.remaining,
        consultations=tuple(_consulted(pause, calendar, today) for pause in given.pauses),
        explanation=tuple(Explained(d.on, d.counted, d.why, d.number) for d in due.days),
        notes=tuple(notes),
        calendar_version=calendar.version,
    )


_FORECAST = "收到日在今天之后，结果只是预计。"
_PROVISIONAL = "有的日子在放假安排尚未公布的年份，期限是暂定的，安排公布后重新计算。"
_TOO_LATE_TO_ASK = "补正通知超过了收到日起7个工作日，不重新起算期限；经工作机构负责人同意的除外。"
_CORRECTED_LATE = "补正晚于补正期限：有正当理由的才重新起算，否则视为放弃申请（第三十条）。"


def _refuse(given: Given, first: date, today: date) -> None:
    asked, came = given.correction_asked, given.correction_received
    if came is not None and asked is None:
        raise ImpossibleDay(sentence="填了收到补正的日期，还要填通知补正的日期。")
    refuse_impossible_days(
        first,
        today=max(today, first, came or first),
        correction=None if asked is None else (asked, came or asked),
        pauses=given.pauses,
        extension_days=given.extension_days,
    )


def _waiting(asked: date, extension_days: int) -> Deadline:
    """Nothing runs between the notice and the correction: the period will begin anew."""
    why = "已通知补正，收到补正后期限重新起算（第三十条）"
    days = (CountedDay(asked, counted=False, why=why, number=None),)
    return Deadline(None, False, days, 0, REPLY_WITHIN + extension_days)


def _consulted(pause: Pause, calendar: WorkCalendar, today: date) -> Consulted:
    last = pause.last_day(calendar, today)
    days = None if last is None else days_used(Clock(pause.sent_on), last, calendar)
    return Consulted(pause.sent_on, pause.limit_on, last, days)


def _on_pauses(clock: Clock, calendar: WorkCalendar) -> list[str]:
    """Tell of a consultation longer than its party had, where nobody said when that got the letter."""
    notes = []
    for pause in clock.pauses:
        if pause.ended_on is None or pause.limit_on is not None:
            continue
        days = days_used(Clock(pause.sent_on), pause.ended_on, calendar)
        if days > CONSULT_WITHIN:
            notes.append(
                f"{pause.sent_on}发出的征求意见用了{days}个工作日，超过15个：对方收到之日起"
                "第15个工作日之后不再暂停，请补上对方收到的日期。"
            )
    return notes
