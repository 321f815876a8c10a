"""Which day is day zero (收到日), by the way an application came.

Source: Regulation on Open Government Information (2019 revision), Article 31; 国办公开办函〔2015〕207号
for what reached the wrong office and for applicants who cannot be reached.
"""

from __future__ import annotations

from datetime import date

from models.application import Channel
from services.disclosure.deadlines import ImpossibleDay, working_days_after
from services.disclosure.work_calendar import WorkCalendar

_RED_AFTER = 2
"""Working days without a confirmation after which the alert is red (project convention)."""


def receipt_day(
    channel: Channel,
    arrived_on: date,
    confirmed_on: date | None = None,
    *,
    confirms_online_at_once: bool = True,
    reached_another_office: bool = False,
) -> date | None:
    """Return day zero, None while both sides have not confirmed.

    `arrived_on` is the day it was handed in, signed for, put in the letter box or sent online;
    `confirmed_on` the day on which the office confirmed with the applicant. A day off is day zero like
    any other. Whether an online application counts from when it is sent is the agency's choice (project
    convention; the default is the reading that favours the applicant).
    Raises ImpossibleDay for a confirmation before the arrival.
    """
    if confirmed_on is not None and confirmed_on < arrived_on:
        raise ImpossibleDay(sentence="确认收到的日期早于提交的日期，请核对。")
    if reached_another_office:
        return confirmed_on
    match channel:
        case Channel.COUNTER | Channel.POST:
            return arrived_on
        case Channel.ONLINE if confirms_online_at_once:
            return arrived_on
        case _:
            return confirmed_on


def why_that_day(channel: Channel, *, confirms_online_at_once: bool = True) -> str:
    """Return the sentence that tells an applicant which day counts."""
    match channel:
        case Channel.COUNTER:
            return "当面提交，提交当天为收到日（第三十一条第一项）"
        case Channel.POST:
            return "邮寄并签收，签收当天为收到日（第三十一条第二项）"
        case Channel.POST_UNSIGNED:
            return "平常信函，与申请人确认的当天为收到日（第三十一条第二项）"
        case Channel.ONLINE if confirms_online_at_once:
            return "网上提交，本机关即时确认，提交当天为收到日（第三十一条第三项）"
        case Channel.ONLINE:
            return "网上提交，双方确认的当天为收到日（第三十一条第三项）"
        case Channel.FAX:
            return "传真，双方确认的当天为收到日（第三十一条第三项）"


def confirm_due(channel: Channel, arrived_on: date, calendar: WorkCalendar) -> date:
    """Return by when the office confirms with the applicant.

    An unsigned letter on the day it comes (Article 31); the rest by the end of the next working day
    (project convention).
    """
    if channel is Channel.POST_UNSIGNED:
        return arrived_on
    return working_days_after(arrived_on, 1, calendar)


def confirm_red_on(arrived_on: date, calendar: WorkCalendar) -> date:
    """Return the last day before a missing confirmation turns red."""
    return working_days_after(arrived_on, _RED_AFTER, calendar)
