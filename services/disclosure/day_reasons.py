"""Why a day counts, or does not: the line that staff and applicants read beside it."""

from __future__ import annotations

from datetime import date

from services.work_calendar import CalendarDay, DayKind

WHY_PAUSED = "征求意见期间，不计入期限（第三十三条）"
WHY_STOPPED = "征求意见尚未结束，暂停计算"
_WEEKDAYS = "一二三四五六日"


def why_day_zero(is_working: bool) -> str:
    """Return what is said of the day of receipt."""
    off = "" if is_working else "，当天是休息日，收到日不变"
    return f"收到日，当天不算，从下一个工作日起算{off}"


def why_off(day: date, known: CalendarDay) -> str:
    """Return why a day off is one."""
    if known.kind is DayKind.WEEKEND:
        return f"{_weekday(day)}，休息日"
    if known.is_announced:
        return f"{known.festival}放假"
    return f"{known.festival}，法定节假日（{day.year}年放假安排尚未公布）"


def why_counted(number: int, day: date, known: CalendarDay, *, is_extended: bool) -> str:
    """Return which working day it is, and why where that may surprise."""
    counted = f"第{number}个工作日" + ("，延长的期限" if is_extended else "")
    if known.kind is DayKind.MAKE_UP:
        return f"{counted}（{known.festival}调休，{_weekday(day)}上班）"
    if not known.is_announced:
        return f"{counted}（{day.year}年放假安排尚未公布，暂按工作日计算）"
    return counted


def _weekday(day: date) -> str:
    return f"星期{_WEEKDAYS[day.weekday()]}"
