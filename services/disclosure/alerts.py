"""What staff are reminded of before, at and after each last day of a case (§7.3).

On which working days is a convention of this project. Whoever reads it comes earlier the later it is:
the officer first, then the head of the office, then the supervising authority.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from models.application import ApplicationState, DeliveryWay
from services.disclosure import deadlines
from services.disclosure.case import Case
from services.disclosure.receipt_days import confirm_due, confirm_red_on
from services.disclosure.work_calendar import WorkCalendar

_S = ApplicationState
_EXTENDABLE = {_S.RECEIVED, _S.PROCESSING, _S.REASONS, _S.REVIEW}


class Level(IntEnum):
    """How urgent it is, and so who is told."""

    EARLY = 1
    SOON = 2
    URGENT = 3
    """The head is told, too."""
    LAST_DAY = 4
    LATE = 5
    """The supervising authority is told, too."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {1: "提醒", 2: "临近", 3: "紧急", 4: "最后一天", 5: "已超期"}[self.value]

    @property
    def is_for_head(self) -> bool:
        """Whether the head of the office is told."""
        return self >= Level.URGENT

    @property
    def is_for_supervisor(self) -> bool:
        """Whether the supervising authority is told."""
        return self is Level.LATE


class AlertKind(StrEnum):
    """What is nearly due."""

    CONFIRM = "confirm"
    ASK_CORRECTION = "ask_correction"
    CORRECTION_OVER = "correction_over"
    REPLY = "reply"
    EXTENSION = "extension"
    TELL_EXTENSION = "tell_extension"
    UNDELIVERED = "undelivered"
    CONSULTATION = "consultation"
    PICK_UP = "pick_up"
    FEE = "fee"
    DISCLOSE = "disclose"


@dataclass(frozen=True)
class Alert:
    """One reminder."""

    kind: AlertKind
    level: Level
    due_on: date
    sentence: str


_REPLY = ((10, Level.EARLY), (5, Level.SOON), (2, Level.URGENT), (0, Level.LAST_DAY))
"""Working days left: with twenty of them, days 10, 15, 18 and 20."""
_ASK = ((2, Level.SOON), (0, Level.LAST_DAY))
_FIFTEEN = ((5, Level.SOON), (0, Level.LAST_DAY))
_TWENTY = ((5, Level.SOON), (0, Level.LAST_DAY))
_DECIDE = ((3, Level.URGENT), (0, Level.LAST_DAY))
_COLLECT = ((2, Level.URGENT), (0, Level.LAST_DAY))
_DELIVER_WITHIN = 5
"""Working days after which a letter to a party should have arrived."""


def alerts(
    case: Case, *, calendar: WorkCalendar, today: date, way: DeliveryWay | None = None
) -> tuple[Alert, ...]:
    """Return what staff are to be reminded of in a case on a day, the most urgent first."""
    found = [*_waiting(case, calendar, today), *_running(case, calendar, today, way)]
    return tuple(sorted(found, key=lambda alert: (-alert.level, alert.due_on)))


def disclosure_alert(made_on: date, *, calendar: WorkCalendar, today: date) -> Alert | None:
    """Return the reminder to publish what was made or changed on a day (Article 26)."""
    due = deadlines.disclosure_due(made_on, calendar)
    level = _level(due, _TWENTY, calendar, today)
    if level is None:
        return None
    return Alert(AlertKind.DISCLOSE, level, due, f"最迟{due}应当主动公开")


def _waiting(case: Case, calendar: WorkCalendar, today: date) -> Iterator[Alert]:
    """Yield what others are waited for."""
    if case.state is _S.SUBMITTED:
        due = confirm_due(case.channel, case.submitted_on, calendar)
        if today >= due:
            red = today > confirm_red_on(case.submitted_on, calendar)
            late = Level.LATE if red else Level.URGENT if today > due else Level.LAST_DAY
            yield Alert(AlertKind.CONFIRM, late, due, "还没有与申请人确认收到")
    if case.state is _S.CORRECTION and case.correction is not None:
        limit = case.correction.limit_on
        if today > limit:
            yield Alert(
                AlertKind.CORRECTION_OVER, Level.SOON, limit, "补正期限已过，请登记补正或者不再处理"
            )
    if case.state is _S.FEE and case.fee is not None:
        level = _level(case.fee.pay_by, _TWENTY, calendar, today)
        if level is Level.LATE:
            yield Alert(
                AlertKind.FEE, Level.SOON, case.fee.pay_by, "缴费期限已过，请登记缴费或者不再处理"
            )
        elif level is not None:
            yield Alert(AlertKind.FEE, level, case.fee.pay_by, f"申请人缴费到{case.fee.pay_by}为止")
    if case.is_open:
        yield from _consultations(case, calendar, today)


def _consultations(case: Case, calendar: WorkCalendar, today: date) -> Iterator[Alert]:
    for one in case.consultations:
        if not one.is_open:
            continue
        who = one.party.label
        limit = one.last_day(calendar)
        if limit is None:
            due = deadlines.working_days_after(one.sent_on, _DELIVER_WITHIN, calendar)
            if today > due:
                yield Alert(
                    AlertKind.UNDELIVERED, Level.URGENT, due,
                    f"征求意见书还没有登记送达（{who}），期限一直停着",
                )  # fmt: skip
            continue
        level = _level(limit, _FIFTEEN, calendar, today)
        if level is Level.LATE:
            yield Alert(
                AlertKind.CONSULTATION, Level.URGENT, limit,
                f"{who}的答复期限已过，答复期限已恢复计算，请登记结果",
            )  # fmt: skip
        elif level is not None:
            said = f"{who}的答复期限到{limit}为止"
            yield Alert(AlertKind.CONSULTATION, level, limit, said)


def _running(
    case: Case, calendar: WorkCalendar, today: date, way: DeliveryWay | None
) -> Iterator[Alert]:
    """Yield what the agency itself has to do."""
    clock = case.clock
    if clock is None or not case.runs:
        return
    if case.state is _S.RECEIVED and case.correction is None and case.redo_due is None:
        ask_by = case.correction_ask_due(calendar)
        level = _level(ask_by, _ASK, calendar, today)
        if ask_by is not None and level is not None and level is not Level.LATE:
            said = f"需要补正的，最迟{ask_by}一次性告知"
            yield Alert(AlertKind.ASK_CORRECTION, level, ask_by, said)
    due = deadlines.reply_due(clock, calendar, today=today).on
    level = _level(due, _REPLY, calendar, today)
    if due is None or level is None:
        return
    said = f"答复期限{due}已经过了" if level is Level.LATE else f"最迟{due}答复"
    yield Alert(AlertKind.REPLY, level, due, said)
    yield from _extension(case, due, calendar, today)
    collected = way in {None, DeliveryWay.IN_PERSON, DeliveryWay.INSPECTION}
    if case.state is _S.ISSUED and collected:
        level = _level(due, _COLLECT, calendar, today)
        if level is not None:
            said = "答复还没有领取，期限仍在计算：请联系申请人，改为邮寄"
            yield Alert(AlertKind.PICK_UP, level, due, said)


def _extension(case: Case, due: date, calendar: WorkCalendar, today: date) -> Iterator[Alert]:
    """Yield the reminders to decide on an extension, and to tell the applicant, while it can be."""
    fixed = case.is_extended or case.delayed_until is not None or case.redo_due is not None
    if fixed or case.state not in _EXTENDABLE or today > due:
        return
    if case.extension_approved is not None:
        said = f"延期已批准，最迟{due}必须告知申请人，否则不生效"
        yield Alert(AlertKind.TELL_EXTENSION, Level.URGENT, due, said)
        return
    level = _level(due, _DECIDE, calendar, today)
    if level is not None:
        waits = "延期申请等负责人决定" if case.extension_proposed else "需要延期的"
        said = f"{waits}，最迟{due}批准并告知申请人"
        yield Alert(AlertKind.EXTENSION, level, due, said)


def _level(
    due: date | None, steps: tuple[tuple[int, Level], ...], calendar: WorkCalendar, today: date
) -> Level | None:
    """Return how urgent something is, by the working days left, None while there are many."""
    if due is None:
        return None
    if today > due:
        return Level.LATE
    left = _working_days_left(today, due, calendar, steps[0][0])
    reached = [level for days, level in steps if left <= days]
    return reached[-1] if reached else None


def _working_days_left(today: date, due: date, calendar: WorkCalendar, most: int) -> int:
    """Return the working days from tomorrow to the last day; more than enough is enough."""
    left, day = 0, today
    while day < due and left <= most:
        day += timedelta(days=1)
        left += calendar.is_working(day)
    return left
