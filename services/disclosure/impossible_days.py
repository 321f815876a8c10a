"""Days that contradict the law or each other: what somebody says happened is looked at before it is counted."""

from __future__ import annotations

from datetime import date

from services.disclosure.deadlines import IN_FORCE_SINCE, LONGEST_EXTENSION, ImpossibleDay, Pause


def refuse_impossible_days(
    received_on: date,
    *,
    today: date,
    correction: tuple[date, date] | None = None,
    pauses: tuple[Pause, ...] = (),
    extension_days: int = 0,
) -> None:
    """Raise ImpossibleDay for days that contradict the law or each other.

    `correction` is the days on which it was asked for and received, `received_on` the first receipt.
    """
    if received_on < IN_FORCE_SINCE:
        _refuse("收到日早于2019年5月15日：现行条例从这一天起施行，之前的申请不按它计算。")
    if received_on > today:
        _refuse("收到日在今天之后，请核对日期。")
    if correction is not None:
        _refuse_correction(received_on, *correction, today)
    for pause in pauses:
        _refuse_pause(received_on, pause)
    if not 0 <= extension_days <= LONGEST_EXTENSION:
        _refuse("延长期限最多20个工作日（第三十三条）。")


def _refuse_correction(received_on: date, asked: date, came: date, today: date) -> None:
    if asked < received_on:
        _refuse("补正通知的日期早于收到日，请核对。")
    if came < asked:
        _refuse("收到补正的日期早于通知补正的日期，请核对。")
    if came > today:
        _refuse("收到补正的日期在今天之后，请核对。")


def _refuse_pause(received_on: date, pause: Pause) -> None:
    if pause.sent_on < received_on:
        _refuse("征求意见的日期早于收到日，请核对。")
    if pause.ended_on is not None and pause.ended_on < pause.sent_on:
        _refuse("征求意见结束的日期早于发出的日期，请核对。")


def _refuse(sentence: str) -> None:
    raise ImpossibleDay(sentence=sentence)
