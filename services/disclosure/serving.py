"""Which day counts as the day of the answer, by the way it was served (送达).

Source: 国办公开办函〔2016〕235号. By post the day it was handed to the post office counts, in person the
day of the signature: whoever waits at the desk for a pick-up lets the period run on. That an electronic
letter counts when it reaches the applicant's system is this project's reading.
"""

from __future__ import annotations

from datetime import date

from models.application import DeliveryWay
from services.errors import Invalid

_MEANT = {
    DeliveryWay.IN_PERSON: "申请人签收的日期",
    DeliveryWay.POST: "交邮的日期",
    DeliveryWay.EMAIL: "到达申请人邮箱的日期",
    DeliveryWay.ONLINE: "到达申请人账户的日期",
    DeliveryWay.FAX: "申请人收到传真的日期",
    DeliveryWay.INSPECTION: "申请人到场查阅的日期",
}
_PROOF = {
    DeliveryWay.IN_PERSON: "签收人",
    DeliveryWay.POST: "邮件号码（邮政企业的挂号信或者特快专递，不能用快递公司）",
    DeliveryWay.EMAIL: "发送记录或者回执",
    DeliveryWay.ONLINE: "发送记录或者回执",
    DeliveryWay.FAX: "传真记录",
    DeliveryWay.INSPECTION: "查阅人签字",
}


class NotServed(Invalid):
    """It is on its way, and that does not count yet."""

    code = "not_served"
    sentence = "还没有送到，不能算已答复。"


def counted_day(way: DeliveryWay) -> str:
    """Return which day counts, as forms ask for it."""
    return _MEANT[way]


def proof_of(way: DeliveryWay) -> str:
    """Return what shows that it was served, as forms ask for it."""
    return _PROOF[way]


def answered_on(way: DeliveryWay, *, sent_on: date, arrived_on: date | None) -> date:
    """Return the day that counts. Raises NotServed where only the arrival counts and none is known."""
    if arrived_on is not None and arrived_on < sent_on:
        raise Invalid("Arrived before sent.", sentence="送达的日期早于发出的日期，请核对。")
    if way is DeliveryWay.POST:
        return sent_on
    if arrived_on is None:
        raise NotServed(f"{way} counts on arrival.", sentence=f"请填写{_MEANT[way]}。")
    return arrived_on
