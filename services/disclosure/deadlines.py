"""The last lawful days of an application, and why each is the day it is.

Source: Regulation on Open Government Information (2019 revision), Articles 26, 30 and 32 to 35; for
fees 国办函〔2020〕109号; for remedies 行政复议法 (2023) and 行政诉讼法 (2017).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from services.disclosure.day_reasons import (
    WHY_PAUSED,
    WHY_STOPPED,
    why_counted,
    why_day_zero,
    why_off,
)
from services.disclosure.work_calendar import WorkCalendar
from services.errors import Invalid
from services.work_calendar import DayKind

IN_FORCE_SINCE = date(2019, 5, 15)
"""The day on which the 2019 revision came into force (Article 56)."""
REPLY_WITHIN = 20
LONGEST_EXTENSION = 20
ASK_CORRECTION_WITHIN = 7
CONSULT_WITHIN = 15
PAY_WITHIN = 20
DISCLOSE_WITHIN = 20
REVIEW_WITHIN_DAYS = 60
SUIT_WITHIN_MONTHS = 6
SUIT_AFTER_REVIEW_DAYS = 15
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class ImpossibleDay(Invalid):
    """A day that cannot be right: before the law, in the future, or before what it follows."""

    code = "impossible_day"
    sentence = "日期不合理，请核对后重新填写。"


@dataclass(frozen=True)
class Pause:
    """A consultation of a third party or of another agency (征求意见).

    The working days after the letter was sent do not count, up to and with the day on which the
    opinion came (Article 33 paragraph 3; which edges count is a project convention).
    """

    sent_on: date
    ended_on: date | None
    """None while no opinion has come and no lapse is recorded."""
    limit_on: date | None = None
    """The party's last day, once it is known when it got the letter. A later opinion pauses no more."""
    delivered_on: date | None = None
    """When it got the letter: the last day is counted from there, with the calendar of today."""

    def last_day(self, calendar: WorkCalendar, today: date | None = None) -> date | None:
        """Return the last day that it keeps from counting, None while that is open."""
        limit = self.limit_on
        if self.delivered_on is not None:
            limit = consultation_limit(self.delivered_on, calendar)
        if limit is None:
            return self.ended_on
        if self.ended_on is not None:
            return min(self.ended_on, limit)
        return limit if today is not None and today > limit else None


@dataclass(frozen=True)
class Clock:
    """What the period for the reply depends on."""

    received_on: date
    """Day zero: the day of receipt, after a correction the day on which that came (Article 30)."""
    pauses: tuple[Pause, ...] = ()
    extension_days: int = 0
    """0 until the applicant was told (Article 33 paragraph 2)."""
    delayed_until: date | None = None
    """The day told under Article 35."""
    redo_due: date | None = None
    """The day that a decision on review or a judgment sets for a new reply."""


@dataclass(frozen=True)
class CountedDay:
    """One day on the way to a deadline."""

    on: date
    counted: bool
    why: str
    number: int | None
    """Its number among the days that count."""


@dataclass(frozen=True)
class Deadline:
    """The last lawful day, and how the count comes to it."""

    on: date | None
    """None while a consultation keeps the end open."""
    is_provisional: bool
    """Whether it touches a year whose holidays are not announced (暂定)."""
    days: tuple[CountedDay, ...]
    """Every day from day zero on, up to the deadline or to where a consultation stopped the count."""
    counted: int
    needed: int

    @property
    def remaining(self) -> int:
        """Working days that are still to be counted while a consultation is open."""
        return self.needed - self.counted

    @property
    def explanation(self) -> tuple[CountedDay, ...]:
        """The days that a reader would not expect: skipped ones, and weekends that count."""
        return tuple(day for day in self.days if not day.counted or day.on.weekday() >= _SATURDAY)


def reply_due(clock: Clock, calendar: WorkCalendar, *, today: date | None = None) -> Deadline:
    """Return the last day for the reply: 20 working days, more if extended, consultations left out.

    With `today`, a consultation whose party let its 15 days go by no longer stops the count.
    Source: Articles 33 and 35; a day that a decision or a notice of delay sets goes before.
    """
    needed = REPLY_WITHIN + clock.extension_days
    told = clock.redo_due or clock.delayed_until
    if told is not None:
        why = (
            "复议决定或判决确定的重新答复期限"
            if clock.redo_due
            else "已告知的延迟答复日期（第三十五条）"
        )
        day = CountedDay(told, counted=False, why=why, number=None)
        return Deadline(told, False, (day,), 0, 0)
    return _count(clock, needed, calendar, today)


def first_period_end(
    clock: Clock, calendar: WorkCalendar, *, today: date | None = None
) -> Deadline:
    """Return the last day on which an extension can be approved and told (Article 33)."""
    return _count(replace(clock, extension_days=0), REPLY_WITHIN, calendar, today)


def correction_ask_due(received_on: date, calendar: WorkCalendar) -> Deadline:
    """Return the last day for asking for a correction: seven working days (Article 30)."""
    return _count(Clock(received_on), ASK_CORRECTION_WITHIN, calendar, None)


def correction_limit(served_on: date, days: int, calendar: WorkCalendar) -> date:
    """Return the applicant's last day for the correction, from the day the notice was served.

    Article 30 says "reasonable"; the number of working days is the agency's.
    """
    return working_days_after(served_on, days, calendar)


def consultation_limit(delivered_on: date, calendar: WorkCalendar) -> date:
    """Return a party's last day: 15 working days from its receipt (Articles 32 and 34)."""
    return working_days_after(delivered_on, CONSULT_WITHIN, calendar)


def fee_due(received_on: date, calendar: WorkCalendar) -> date:
    """Return the last day to pay, from the day after the notice came (109号)."""
    return working_days_after(received_on, PAY_WITHIN, calendar)


def disclosure_due(made_on: date, calendar: WorkCalendar) -> date:
    """Return the last day to publish what has to be published (Article 26)."""
    return working_days_after(made_on, DISCLOSE_WITHIN, calendar)


def review_until(served_on: date, calendar: WorkCalendar) -> date:
    """Return the last day to apply for review: 60 calendar days.

    Source: 行政复议法 Articles 20 and 88; a last day off moves to the next working day.
    """
    return _working_day_from(served_on + timedelta(days=REVIEW_WITHIN_DAYS), calendar)


def suit_until(served_on: date, calendar: WorkCalendar) -> date:
    """Return the last day to sue without a review: six months (行政诉讼法 Article 46)."""
    months = served_on.month - 1 + SUIT_WITHIN_MONTHS
    year, month = served_on.year + months // 12, months % 12 + 1
    # 31 August and six months end with February.
    day = min(served_on.day, monthrange(year, month)[1])
    return _working_day_from(date(year, month, day), calendar)


def suit_after_review_until(served_on: date, calendar: WorkCalendar) -> date:
    """Return the last day to sue over a decision on review: 15 days (行政诉讼法 Article 45)."""
    return _working_day_from(served_on + timedelta(days=SUIT_AFTER_REVIEW_DAYS), calendar)


def days_used(clock: Clock, answered_on: date, calendar: WorkCalendar) -> int:
    """Return how many working days counted, from day zero to the answer."""
    pauses = [(pause.sent_on, pause.last_day(calendar, answered_on)) for pause in clock.pauses]
    return sum(
        calendar.is_working(day) and not _is_paused(day, pauses)
        for day in takewhile(lambda day: day <= answered_on, _days_after(clock.received_on))
    )


def working_days_after(day: date, days: int, calendar: WorkCalendar) -> date:
    """Return the working day that is so many working days after a day, which does not count."""
    for following in _days_after(day):
        days -= calendar.is_working(following)
        if days <= 0:
            return following
    raise ImpossibleDay(f"{day} is too late to count from")


def _count(clock: Clock, needed: int, calendar: WorkCalendar, today: date | None) -> Deadline:
    pauses = [(pause.sent_on, pause.last_day(calendar, today)) for pause in clock.pauses]
    days = [
        CountedDay(
            clock.received_on, False, why_day_zero(calendar.is_working(clock.received_on)), None
        )
    ]
    number, provisional = 0, False
    for day in _days_after(clock.received_on):
        known = calendar.day(day)
        if known.kind in {DayKind.WEEKEND, DayKind.HOLIDAY}:
            days.append(CountedDay(day, False, why_off(day, known), None))
        elif _is_stopped(day, pauses):
            days.append(CountedDay(day, False, WHY_STOPPED, None))
            return Deadline(None, provisional, tuple(days), number, needed)
        elif _is_paused(day, pauses):
            days.append(CountedDay(day, False, WHY_PAUSED, None))
        else:
            number += 1
            days.append(
                CountedDay(
                    day,
                    True,
                    why_counted(number, day, known, is_extended=number > REPLY_WITHIN),
                    number,
                )
            )
        provisional = provisional or not known.is_announced
        if number == needed:
            return Deadline(day, provisional, tuple(days), number, needed)
    raise ImpossibleDay(f"{clock.received_on} is too late to count from")


def _days_after(day: date) -> Iterator[date]:
    while day < date.max:
        day += _ONE_DAY
        yield day


def _is_paused(day: date, pauses: list[tuple[date, date | None]]) -> bool:
    """Overlapping consultations pause as their union, never as their sum."""
    return any(sent < day and (last is None or day <= last) for sent, last in pauses)


def _is_stopped(day: date, pauses: list[tuple[date, date | None]]) -> bool:
    return any(sent < day and last is None for sent, last in pauses)


def _working_day_from(day: date, calendar: WorkCalendar) -> date:
    return day if calendar.is_working(day) else working_days_after(day, 1, calendar)
