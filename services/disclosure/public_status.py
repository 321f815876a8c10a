"""What an applicant is told of their case (§7.1): where it stands, until when, and what to do.

Said to whoever has the query code and a second fact: no name, nothing of what was asked or answered.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.application import ApplicationState, DeliveryWay
from services.disclosure.case import Case
from services.disclosure.deadlines import Deadline

_S = ApplicationState


class PublicState(StrEnum):
    """A state as its applicant knows it."""

    TO_BE_CONFIRMED = "to_be_confirmed"
    RECEIVED = "received"
    CORRECTION = "correction"
    IN_WORK = "in_work"
    CONSULTING = "consulting"
    REASONS = "reasons"
    FEE = "fee"
    READY = "ready"
    REPLIED = "replied"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    REDO = "redo"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "to_be_confirmed": "待机关确认收到", "received": "已收到", "correction": "需要补正",
            "in_work": "办理中", "consulting": "正在征求意见", "reasons": "需要说明理由",
            "fee": "等待缴费", "ready": "答复已制作，待送达", "replied": "已答复",
            "given_up": "视为放弃，不再处理", "withdrawn": "已撤回", "redo": "重新办理中",
        }[self.value]  # fmt: skip


_PUBLIC = {
    _S.SUBMITTED: PublicState.TO_BE_CONFIRMED,
    _S.RECEIVED: PublicState.RECEIVED,
    _S.CORRECTION: PublicState.CORRECTION,
    _S.PROCESSING: PublicState.IN_WORK,
    _S.REASONS: PublicState.REASONS,
    _S.FEE: PublicState.FEE,
    _S.REVIEW: PublicState.IN_WORK,
    _S.ISSUED: PublicState.READY,
    _S.REPLIED: PublicState.REPLIED,
    _S.ABANDONED_CORRECTION: PublicState.GIVEN_UP,
    _S.ABANDONED_FEE: PublicState.GIVEN_UP,
    _S.WITHDRAWN: PublicState.WITHDRAWN,
    _S.REDO: PublicState.REDO,
}


_SENTENCES = {
    PublicState.TO_BE_CONFIRMED: "申请已经提交，等待机关与您确认收到。确认收到的当天是收到日。",
    PublicState.CORRECTION: "机关通知您补正申请内容。",
    PublicState.FEE: "机关通知您缴纳信息处理费。",
    PublicState.GIVEN_UP: "因为没有在期限内补正或者缴费，这件申请视为放弃，不再处理。",
    PublicState.WITHDRAWN: "这件申请已经撤回。",
}


def public_state(case: Case, due: Deadline | None) -> PublicState:
    """Return the state as the applicant sees it; a case that was put away as it ended."""
    if case.state is _S.ARCHIVED:
        if case.served_on is not None:
            return PublicState.REPLIED
        lapsed = (case.correction is not None and case.correction.is_lapsed) or (
            case.fee is not None and case.fee.is_lapsed
        )
        return PublicState.GIVEN_UP if lapsed else PublicState.WITHDRAWN
    if case.is_consulting and case.runs and due is not None and due.on is None:
        return PublicState.CONSULTING
    return _PUBLIC[case.state]


def is_late(case: Case, due: Deadline | None, today: date) -> bool:
    """Return whether the last day went by without an answer."""
    return case.runs and due is not None and due.on is not None and today > due.on


def how_it_stands(case: Case, due: Deadline | None) -> str:
    """Return how it stands, in words that can be read aloud."""
    state = public_state(case, due)
    if state in _SENTENCES:
        return _SENTENCES[state]
    match state:
        case PublicState.CONSULTING:
            assert due is not None
            return (
                f"机关正在征求第三方或者其他机关的意见，这段时间不计入答复期限。"
                f"已经用了{due.counted}个工作日，还剩{due.remaining}个工作日。"
            )
        case PublicState.REASONS:
            return f"机关请您说明申请的理由。{_due(case, due)}"
        case PublicState.READY:
            return f"答复已经制作好，正在送达。{_due(case, due)}"
        case PublicState.REPLIED:
            return f"机关已经在{spoken(case.served_on)}答复。"
        case PublicState.REDO:
            return f"机关正在按决定重新办理。{_due(case, due)}"
        case _:
            return f"机关在{spoken(case.received_on)}收到了申请，正在办理。{_due(case, due)}"


def what_to_do(case: Case, due: Deadline | None, way: DeliveryWay) -> str:
    """Return what the applicant does next, "" where they only wait."""
    match public_state(case, due):
        case PublicState.CORRECTION if case.correction is not None:
            return (
                f"请按《补正告知书》补正，最晚到{spoken(case.correction.limit_on)}。"
                "没有正当理由逾期不补正的，视为放弃申请。"
            )
        case PublicState.REASONS:
            return "请按《说明理由告知书》向机关说明理由。"
        case PublicState.FEE if case.fee is not None:
            return (
                f"请按《收费通知书》缴费，最晚到{spoken(case.fee.pay_by)}。"
                "逾期未缴费的，视为放弃申请。"
            )
        case PublicState.READY if way is DeliveryWay.IN_PERSON:
            return "请带上您的证件，尽快来领取。不方便来的，可以请机关改为邮寄。"
        case PublicState.GIVEN_UP | PublicState.WITHDRAWN:
            return "您可以重新提出申请。"
        case _:
            return ""


def spoken(day: date | None) -> str:
    """Return a day in words that can be read aloud."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def _due(case: Case, due: Deadline | None) -> str:
    if due is None or due.on is None:
        return ""
    extended = "经延期，" if case.is_extended else ""
    provisional = "（暂定，下一年放假安排公布后会重新计算）" if due.is_provisional else ""
    return f"{extended}最晚在{spoken(due.on)}答复{provisional}。"
